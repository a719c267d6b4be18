//! Giving changes their numbers, and putting what webhooks are told of them.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use roster_domain::{
    DeliveryId, HookId, Result,
    changes::{Change, ChangeNumber, Resource, action::Action},
    hooks::delivery::{DELIVERY_SECONDS, Delivery},
};
use serde::{Deserialize, Serialize};

use crate::{
    Tenant,
    dynamodb::{
        condition::Condition,
        item::{from_item, to_item},
        retry::retry,
        schema::TIME_TO_LIVE,
        table::Freshness,
        transaction::Write,
        write_failure::Failure,
    },
    keys::{self, Key},
};

/// Digits of a place in the stream: DynamoDB gives at most 40.
const SEQUENCE_LENGTH: usize = 40;

/// A place in the table's stream: places of one item come in their order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sequence(String);

impl Sequence {
    /// Before every place.
    #[must_use]
    pub fn none() -> Self {
        Self::of("")
    }

    /// As DynamoDB says it: a number.
    ///
    /// ```
    /// # use roster_store::changes::Sequence;
    /// assert!(Sequence::of("9") < Sequence::of("10"));
    /// ```
    #[must_use]
    pub fn of(number: &str) -> Self {
        Self(format!("{number:0>SEQUENCE_LENGTH$}"))
    }
}

/// A change that is to get a number.
#[derive(Debug)]
pub struct NewChange {
    /// When it was made.
    pub at: Timestamp,
    /// What happened.
    pub actions: Vec<Action>,
    /// To what.
    pub resource: Resource,
    /// Whether that is gone.
    pub deleted: bool,
    /// Where the stream has it.
    pub sequence: Sequence,
    /// The resource as JSON, for the hooks that are told.
    pub body: String,
    /// Which hooks are told, and of which action.
    pub told: Vec<(HookId, Action)>,
}

impl NewChange {
    /// Most items that noting it writes.
    #[must_use]
    pub fn items(&self) -> usize {
        4 + self.told.len()
    }
}

/// Which change of something is the newest.
#[derive(Serialize, Deserialize)]
pub(crate) struct Newest {
    number: ChangeNumber,
    sequence: Sequence,
}

/// The number of the last change.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Last {
    #[serde(rename = "__v")]
    number: ChangeNumber,
}

/// What deliveries say of a resource.
#[derive(Serialize, Deserialize)]
pub(crate) struct Body {
    pub(crate) body: String,
    expires_at: i64,
}

impl Tenant<'_> {
    /// Numbers changes, in the order in which they come, and puts a delivery for each hook
    /// that is told: all or nothing. Those that have a number already get none. What was
    /// the newest change of something until now goes after `kept` seconds. Answers how
    /// many got a number.
    ///
    /// # Errors
    /// When the table cannot be reached, or more is to be written than a transaction takes.
    pub async fn note_changes(&self, changes: &[NewChange], kept: i64) -> Result<usize> {
        retry!(self.try_note(changes, kept))
    }

    async fn try_note(&self, changes: &[NewChange], kept: i64) -> Result<usize, Failure> {
        let organization = self.organization_id()?;
        let last_key = keys::last_change(organization);
        let newest_key = |resource| keys::newest_change(organization, resource);
        let wanted = changes.iter().map(|change| newest_key(change.resource));
        let wanted = wanted.chain([last_key.clone()]);
        let mut found = self
            .store
            .table
            .batch_get(wanted, Freshness::Strong)
            .await?;
        let before: Option<Last> = found.remove(&last_key).map(from_item).transpose()?;
        let mut newest: HashMap<Key, Newest> = found
            .into_iter()
            .map(|(key, item)| Ok((key, from_item(item)?)))
            .collect::<Result<_>>()?;
        let mut last = before.as_ref().map_or(0, |last| last.number.0);
        let mut numbered: Vec<(Change, i64)> = Vec::new();
        let mut writes = Vec::new();
        let gone_at = self.store.now.as_second() + kept;
        for change in changes {
            let key = newest_key(change.resource);
            let previous = newest.get(&key);
            if previous.is_some_and(|previous| previous.sequence >= change.sequence) {
                continue;
            }
            last += 1;
            if let Some(previous) = previous {
                let number = previous.number;
                let own = numbered.iter_mut().find(|(own, _)| own.number == number);
                match own {
                    Some((_, expires_at)) => *expires_at = gone_at,
                    None => writes.push(expire(&keys::change(organization, number), gone_at)),
                }
            }
            let number = ChangeNumber(last);
            let sequence = change.sequence.clone();
            newest.insert(key, Newest { number, sequence });
            numbered.push((change.numbered(number), i64::MAX));
            self.put_deliveries(change, &mut writes)?;
        }
        let count = numbered.len();
        if count == 0 {
            return Ok(0);
        }
        let mut touched: Vec<_> = numbered
            .iter()
            .map(|(change, _)| newest_key(change.resource))
            .collect();
        touched.sort_unstable();
        touched.dedup();
        for (change, expires_at) in numbered {
            let mut item = to_item(&change)?;
            if expires_at != i64::MAX {
                item.insert(TIME_TO_LIVE.to_owned(), number(expires_at));
            }
            let key = keys::change(organization, change.number);
            writes.push(Write::put(&key, None, item, Condition::absent()));
        }
        for key in touched {
            if let Some(newest) = newest.get(&key) {
                writes.push(Write::put(&key, None, to_item(newest)?, Condition::none()));
            }
        }
        let condition = match before {
            Some(last) => Condition::version(last.number.0),
            None => Condition::absent(),
        };
        let number = ChangeNumber(last);
        let item = to_item(&Last { number })?;
        writes.push(Write::put(&last_key, None, item, condition));
        self.store.transact(writes).await?;
        Ok(count)
    }

    /// The writes that put what hooks are told.
    fn put_deliveries(&self, change: &NewChange, writes: &mut Vec<Write>) -> Result<()> {
        if change.told.is_empty() {
            return Ok(());
        }
        let organization = self.organization_id()?;
        let now = self.store.now;
        let body = DeliveryId::generate(now);
        writes.push(self.put_body(body, &change.body)?);
        for (hook, action) in &change.told {
            let delivery = Delivery::new(*hook, *action, change.resource, body, now);
            let key = keys::delivery(organization, *hook, delivery.id);
            writes.push(Write::put(
                &key,
                None,
                to_item(&delivery)?,
                Condition::absent(),
            ));
        }
        Ok(())
    }

    /// The write that puts what deliveries say of a resource.
    pub(crate) fn put_body(&self, id: DeliveryId, body: &str) -> Result<Write> {
        let item = Body {
            body: body.to_owned(),
            expires_at: self.store.now.as_second() + DELIVERY_SECONDS,
        };
        let key = keys::body(self.organization_id()?, id);
        Ok(Write::put(&key, None, to_item(&item)?, Condition::absent()))
    }
}

impl NewChange {
    fn numbered(&self, number: ChangeNumber) -> Change {
        Change {
            number,
            at: self.at,
            actions: self.actions.clone(),
            resource: self.resource,
            deleted: self.deleted,
        }
    }
}

fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// Lets a change go that is not the newest of its resource any more.
fn expire(key: &Key, at: i64) -> Write {
    let attributes = [(TIME_TO_LIVE.to_owned(), Some(number(at)))];
    Write::update(key, attributes, false, Condition::present())
}
