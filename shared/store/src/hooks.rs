//! Webhooks: where an organization is told what happens.

pub mod deliveries;

use jiff::SignedDuration;
use roster_domain::{
    Conflict, Error, HookId, Result,
    hooks::{
        Hook, MAX_HOOKS, Pause, PauseReason, Subscription, signing, signing::PreviousSecret,
        target::TargetUrl,
    },
};

use crate::{
    Tenant,
    dynamodb::{
        condition::Condition,
        item::{from_item, to_item},
        retry::retry,
        table::Freshness,
        transaction::Write,
        write_failure::Failure,
    },
    keys,
    mail::seal::{SealContext, Sealer},
};

/// Attribute of the item that counts an organization's hooks.
pub(crate) const COUNT: &str = "count";

/// A hook that is asked for.
#[derive(Debug, Clone)]
pub struct NewHook {
    /// What it is told.
    pub action: Subscription,
    /// Where.
    pub target_url: TargetUrl,
}

/// What is to be different of a hook. None: stays.
#[derive(Debug, Clone, Default)]
pub struct HookChange {
    /// What it is told.
    pub action: Option<Subscription>,
    /// Where.
    pub target_url: Option<TargetUrl>,
    /// Whether it is paused.
    pub paused: Option<bool>,
    /// The version that it must be in; none: any.
    pub expected: Option<u64>,
}

impl Tenant<'_> {
    /// A hook.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none with this id.
    pub async fn hook(&self, id: HookId, freshness: Freshness) -> Result<Hook> {
        let key = keys::hook(self.organization_id()?, id);
        let item = self.store.table.get(&key, freshness).await?;
        from_item(item.ok_or(Error::NotFound("hook"))?)
    }

    /// The hooks of the organization, in order of creation: one query.
    pub async fn hooks(&self, freshness: Freshness) -> Result<Vec<Hook>> {
        let range = keys::hooks(self.organization_id()?);
        let items = self.store.table.query_all(&range, freshness).await?;
        items.into_iter().map(from_item).collect()
    }

    /// Makes a hook. Answers the secret that signs its deliveries, too: it is shown nowhere
    /// else.
    ///
    /// # Errors
    /// A conflict where the organization has as many as it can have.
    pub async fn create_hook(&self, sealer: &Sealer, new: NewHook) -> Result<(Hook, String)> {
        let now = self.store.now;
        let organization = self.organization_id()?;
        let id = HookId::generate(now);
        let secret = signing::new_secret();
        let hook = Hook {
            id,
            organization,
            action: new.action,
            target_url: new.target_url,
            sealed_secret: sealer.seal_text(SealContext::Hook(id), &secret).await?,
            previous: None,
            paused: None,
            failing_since: None,
            created_at: now,
            updated_at: now,
            version: 0,
        };
        let (key, item) = (keys::hook(organization, id), to_item(&hook)?);
        let most = i64::try_from(MAX_HOOKS).map_err(Error::internal)?;
        retry!(async {
            let actor = self.store.actor().await?;
            let room = Condition::absent_or_below(COUNT, most);
            let count = Write::add(&keys::hook_count(organization), COUNT, 1, room);
            let count = count.or_fail(|_| {
                let detail = format!(
                    "the organization has {MAX_HOOKS} hooks, and cannot have more; delete one first"
                );
                Conflict::new(detail).into()
            });
            let put = Write::put(&key, None, item.clone(), Condition::absent());
            let writes = vec![put, count, self.stays_open()];
            self.store.transact_by(&actor, writes).await
        })?;
        Ok((hook, secret))
    }

    /// Changes a hook. One that is changed in nothing is not written.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none; [`Error::PreconditionFailed`] where it is not
    /// in the version that is expected.
    pub async fn update_hook(&self, id: HookId, change: &HookChange) -> Result<Hook> {
        let now = self.store.now;
        self.change_hook(id, |hook| {
            Error::hold_version(change.expected, hook.version)?;
            hook.action = change.action.unwrap_or(hook.action);
            if let Some(target_url) = &change.target_url {
                hook.target_url.clone_from(target_url);
            }
            match change.paused {
                Some(true) if hook.paused.is_none() => {
                    let reason = PauseReason::Asked;
                    hook.paused = Some(Pause { at: now, reason });
                }
                Some(false) if hook.paused.is_some() => {
                    hook.paused = None;
                    hook.failing_since = None;
                }
                _ => {}
            }
            Ok(())
        })
        .await
    }

    /// Gives a hook a new secret. The one before signs beside it for `overlap`, so that a
    /// receiver can learn the new one meanwhile. Answers the new one.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such hook.
    pub async fn rotate_hook(
        &self,
        sealer: &Sealer,
        id: HookId,
        overlap: SignedDuration,
    ) -> Result<(Hook, String)> {
        let secret = signing::new_secret();
        let sealed = sealer.seal_text(SealContext::Hook(id), &secret).await?;
        let until = self.store.now.saturating_add(overlap);
        let until = until.map_err(Error::internal)?;
        let hook = self.change_hook(id, |hook| {
            let before = std::mem::replace(&mut hook.sealed_secret, sealed.clone());
            hook.previous = (!overlap.is_zero()).then_some(PreviousSecret {
                sealed: before,
                until,
            });
            Ok(())
        });
        Ok((hook.await?, secret))
    }

    /// Deletes a hook. What it was to be told is told no more.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none.
    pub async fn delete_hook(&self, id: HookId) -> Result<()> {
        let organization = self.organization_id()?;
        retry!(async {
            let actor = self.store.actor().await?;
            let gone = Condition::present();
            let delete = Write::delete(&keys::hook(organization, id), gone);
            let delete = delete.or_fail(|_| Error::NotFound("hook"));
            let count = keys::hook_count(organization);
            let count = Write::add(&count, COUNT, -1, Condition::present());
            self.store.transact_by(&actor, vec![delete, count]).await
        })
    }

    async fn change_hook(
        &self,
        id: HookId,
        change: impl Fn(&mut Hook) -> Result<()>,
    ) -> Result<Hook> {
        retry!(async {
            let read = self.hook(id, Freshness::Strong);
            let (actor, mut hook) = self.store.with_actor(read).await?;
            let before = hook.clone();
            change(&mut hook)?;
            if hook == before {
                return Ok(hook);
            }
            hook.version += 1;
            hook.updated_at = self.store.now;
            let key = keys::hook(hook.organization, id);
            let as_read = Condition::version(before.version);
            let write = Write::put(&key, None, to_item(&hook)?, as_read);
            self.store.transact_by(&actor, vec![write]).await?;
            Ok::<_, Failure>(hook)
        })
    }
}
