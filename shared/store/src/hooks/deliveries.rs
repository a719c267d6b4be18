//! Deliveries to webhooks: what is to be sent, and what became of each try.

use jiff::Timestamp;
use roster_domain::{
    DeliveryId, Error, HookId, Result,
    changes::action::Action,
    hooks::{
        Hook, Pause,
        delivery::{Delivery, DeliveryState, Try},
    },
};

use crate::{
    Page, Tenant,
    changes::Body,
    dynamodb::{
        capacity::try_join,
        condition::Condition,
        item::{Item, from_item, to_item, with_key},
        retry::retry,
        table::{Freshness, query::Order},
        transaction::Write,
        write_failure::Failure,
    },
    keys,
};

/// A delivery with all that it takes to send it.
#[derive(Debug)]
pub struct Due {
    /// The hook; none where it was deleted.
    pub hook: Option<Hook>,
    /// The delivery.
    pub delivery: Delivery,
    /// The resource that it is about, as JSON.
    pub resource: String,
}

/// What is to be noted of a hook once a delivery was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Something arrived.
    Well,
    /// Nothing has arrived since.
    Failing(Timestamp),
    /// It is told nothing more.
    Paused(Pause),
}

impl Tenant<'_> {
    /// The deliveries to a hook, newest first: one round trip.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such hook.
    pub async fn deliveries(
        &self,
        hook: HookId,
        limit: usize,
        after: Option<DeliveryId>,
    ) -> Result<Page<Delivery, DeliveryId>> {
        let organization = self.organization_id()?;
        let range = keys::deliveries(organization, hook);
        let key = |id| keys::delivery(organization, hook, id);
        let start = after.map(|id| with_key(Item::new(), &key(id)));
        let found = self.store.table.query_in(
            Order::Descending,
            &range,
            start,
            Some(limit),
            Freshness::Eventual,
        );
        let (_, found) = try_join(self.hook(hook, Freshness::Eventual), found).await?;
        let items: Vec<Delivery> = found
            .items
            .into_iter()
            .map(from_item)
            .collect::<Result<_>>()?;
        let next = items.last().map(|delivery| delivery.id);
        Ok(Page {
            next: next.filter(|_| found.next.is_some()),
            items,
        })
    }

    /// A delivery.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none, or no longer.
    pub async fn delivery(&self, hook: HookId, id: DeliveryId) -> Result<Delivery> {
        let key = keys::delivery(self.organization_id()?, hook, id);
        let item = self.store.table.get(&key, Freshness::Strong).await?;
        from_item(item.ok_or(Error::NotFound("delivery"))?)
    }

    /// Puts a delivery once more, with the same message: a receiver that had it knows it by
    /// its id.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such delivery, or its hook is gone.
    pub async fn replay(&self, hook: HookId, id: DeliveryId) -> Result<Delivery> {
        let again = self.delivery(hook, id).await?.again(self.store.now);
        retry!(async {
            let writes = vec![self.put_delivery(&again)?, self.hook_stays(hook)?];
            self.store.transact(writes).await
        })?;
        Ok(again)
    }

    /// Puts a delivery that says nothing but that it was asked for.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such hook.
    pub async fn ping(&self, hook: HookId, resource: &str) -> Result<Delivery> {
        let now = self.store.now;
        let body = DeliveryId::generate(now);
        let ping = Delivery::new(hook, Action::Ping, hook.into(), body, now);
        retry!(async {
            let writes = vec![
                self.put_body(body, resource)?,
                self.put_delivery(&ping)?,
                self.hook_stays(hook)?,
            ];
            self.store.transact(writes).await
        })?;
        Ok(ping)
    }

    fn put_delivery(&self, delivery: &Delivery) -> Result<Write> {
        let key = keys::delivery(self.organization_id()?, delivery.hook, delivery.id);
        Ok(Write::put(
            &key,
            None,
            to_item(delivery)?,
            Condition::absent(),
        ))
    }

    fn hook_stays(&self, hook: HookId) -> Result<Write> {
        let key = keys::hook(self.organization_id()?, hook);
        let stays = Write::check(&key, Condition::present());
        Ok(stays.or_fail(|_| Error::NotFound("hook")))
    }

    /// A delivery that may be to be sent, with what that takes; none where it is no longer
    /// there.
    pub async fn due(&self, hook: HookId, id: DeliveryId) -> Result<Option<Due>> {
        let organization = self.organization_id()?;
        let hook_key = keys::hook(organization, hook);
        let delivery_key = keys::delivery(organization, hook, id);
        let wanted = [hook_key.clone(), delivery_key.clone()];
        let found = self.store.table.batch_get(wanted, Freshness::Strong);
        let mut found = found.await?;
        let Some(delivery) = found.remove(&delivery_key) else {
            return Ok(None);
        };
        let delivery: Delivery = from_item(delivery)?;
        let body = keys::body(organization, delivery.body);
        let Some(body) = self.store.table.get(&body, Freshness::Strong).await? else {
            return Ok(None);
        };
        let Body { body, .. } = from_item(body)?;
        let hook = found.remove(&hook_key).map(from_item).transpose()?;
        Ok(Some(Due {
            hook,
            delivery,
            resource: body,
        }))
    }

    /// Notes a try of a delivery, if one was made, and what follows from it: another try at
    /// a time, or none. One that arrived meanwhile stays so.
    pub async fn note_try(
        &self,
        hook: HookId,
        id: DeliveryId,
        made: Option<&Try>,
        state: DeliveryState,
        next_at: Option<Timestamp>,
    ) -> Result<()> {
        let key = keys::delivery(self.organization_id()?, hook, id);
        retry!(async {
            let Some(item) = self.store.table.get(&key, Freshness::Strong).await? else {
                return Ok(());
            };
            let mut delivery: Delivery = from_item(item)?;
            let as_read = Condition::version(delivery.version);
            delivery.tries.extend(made.cloned());
            if delivery.state == DeliveryState::Waiting {
                delivery.state = state;
                delivery.next_at = next_at;
            }
            delivery.version += 1;
            let write = Write::put(&key, None, to_item(&delivery)?, as_read);
            self.store.transact(vec![write]).await
        })
    }

    /// Notes how a hook is, where that is not what is known of it.
    pub async fn note_health(&self, hook: &Hook, health: Health) -> Result<bool> {
        let key = keys::hook(hook.organization, hook.id);
        retry!(async {
            let Some(item) = self.store.table.get(&key, Freshness::Strong).await? else {
                return Ok(false);
            };
            let now: Hook = from_item(item)?;
            let mut after = now.clone();
            match health {
                Health::Well => after.failing_since = None,
                Health::Failing(since) => {
                    after.failing_since = after.failing_since.or(Some(since));
                }
                Health::Paused(pause) => after.paused = after.paused.or(Some(pause)),
            }
            if after == now {
                return Ok(false);
            }
            if after.paused != now.paused {
                after.version += 1;
                after.updated_at = self.store.now;
            }
            let as_read = Condition::unchanged(&to_item(&now)?, &["__v", "failing_since"]);
            let write = Write::put(&key, None, to_item(&after)?, as_read);
            self.store.transact(vec![write]).await?;
            Ok::<_, Failure>(after.paused != now.paused)
        })
    }
}
