//! How much is mailed: bounded for each address and each organization, an hour
//! and a day.
//!
//! Mails are counted on the clock's hours and days (UTC), before they are put in
//! the outbox, so that requests at the same time count too. What counts is the
//! address, not the user who has it: taking an address away and giving it back
//! changes nothing.
//!
//! An organization has a share of what may be mailed to an address in all, so
//! that several of them together cannot flood a mailbox, and none of them alone
//! can use up what the others have.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use roster_domain::{
    Conflict, Error, Field, Result, access::secret::SecretDigest, text::Email,
    users::signup::INVITATION_INTERVAL_SECONDS,
};

use crate::{
    Tenant,
    dynamodb::{capacity::try_join_all, item::Item, table::Freshness},
    keys::{self, Key},
};

/// Seconds of an hour.
const HOUR: i64 = 60 * 60;
/// Seconds of a day.
const DAY: i64 = 24 * HOUR;

/// Attribute: the mails of the day. Those of an hour have its number behind it.
pub(crate) const COUNT: &str = "count";
/// Attribute: when the last one was, in seconds since 1970.
pub(crate) const LAST: &str = "last";

/// Attribute: how many there were in an hour of the day, from 0 to 23.
pub(crate) fn count_of_hour(hour: i64) -> String {
    format!("{COUNT}_{hour}")
}

/// Most mails an hour and a day.
#[derive(Debug, Clone, Copy)]
struct Bound {
    hour: u64,
    day: u64,
    /// Whose they are, for the caller.
    what: &'static str,
}

const TO_ADDRESS: Bound = Bound {
    hour: 5,
    day: 10,
    what: "go to one address",
};
const TO_ADDRESS_FROM_ALL: Bound = Bound {
    hour: 15,
    day: 30,
    what: "go to one address from all organizations together",
};
const OF_ORGANIZATION: Bound = Bound {
    hour: 1_000,
    day: 5_000,
    what: "are sent for one organization",
};

/// Of mails about events to one guest, who did not ask for any.
const NOTICES_TO_ADDRESS: Bound = Bound {
    hour: 30,
    day: 100,
    what: "about events go to one guest",
};

/// When a mail may be sent, apart from the bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// At any time.
    AnyTime,
    /// An hour after the last one to the same address (`/api/v2`).
    Hourly,
}

/// A mail that was counted.
#[derive(Debug)]
pub(crate) struct Counted {
    address: String,
    keys: Vec<Key>,
    of_hour: String,
}

/// The counter of one day, and what it may come to.
struct Counter {
    key: Key,
    bound: Bound,
}

impl Tenant<'_> {
    /// Counts a mail that is about to be sent, unless it was counted before.
    ///
    /// # Errors
    /// [`Error::TooManyMails`] where there were too many; a conflict where the
    /// last one is not an hour ago and the pace asks for that.
    pub(crate) async fn count_mail(
        &self,
        to: &Email,
        pace: Pace,
        counted: &mut Option<Counted>,
    ) -> Result<()> {
        let address = to.folded();
        if counted
            .as_ref()
            .is_some_and(|counted| counted.address == address)
        {
            return Ok(());
        }
        let now = self.store.now.as_second();
        let (day, hour) = (now.div_euclid(DAY), now.rem_euclid(DAY) / HOUR);
        let of_hour = count_of_hour(hour);
        let since = (pace == Pace::Hourly).then_some(now - INVITATION_INTERVAL_SECONDS);
        let counters = self.counters(&address, day);
        let added = counters.iter().enumerate().map(|(index, counter)| {
            let (of_hour, bound) = (&of_hour, counter.bound);
            // The first counts this organization's mails to the address.
            let since = since.filter(|_| index == 0);
            async move {
                let most = [(COUNT, bound.day), (of_hour, bound.hour)];
                let at = (LAST, now, since);
                let end = (day + 1) * DAY;
                self.store
                    .table
                    .add_to_each_below(&counter.key, most, at, end)
                    .await
            }
        });
        let added = try_join_all(added).await?;
        let (done, refused): (Vec<_>, Vec<_>) = counters
            .into_iter()
            .zip(added)
            .partition(|(_, added)| *added);
        let keys = done.into_iter().map(|(counter, _)| counter.key).collect();
        let taken = Counted {
            address,
            keys,
            of_hour,
        };
        let Some((counter, _)) = refused.into_iter().next() else {
            *counted = Some(taken);
            return Ok(());
        };
        let found = self.store.table.get(&counter.key, Freshness::Strong);
        let found = found.await?.unwrap_or_default();
        self.uncount_mail(&taken).await?;
        Err(self.too_many(&counter, &found, &taken.of_hour, since))
    }

    /// Counts a mail about an event to somebody who is no user. Answers whether it may be
    /// sent.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub(crate) async fn count_notice(&self, to: &Email) -> Result<bool> {
        let now = self.store.now.as_second();
        let (day, hour) = (now.div_euclid(DAY), now.rem_euclid(DAY) / HOUR);
        let subject = format!("of events to {} by {}", to.folded(), self.tenancy());
        let key = keys::mails_of_day(&SecretDigest::of(&subject), day);
        let (of_hour, bound) = (count_of_hour(hour), NOTICES_TO_ADDRESS);
        let most = [(COUNT, bound.day), (&*of_hour, bound.hour)];
        let (at, end) = ((LAST, now, None), (day + 1) * DAY);
        let table = &self.store.table;
        table.add_to_each_below(&key, most, at, end).await
    }

    /// Takes back a mail that was counted and is not sent.
    pub(crate) async fn uncount_mail(&self, counted: &Counted) -> Result<()> {
        let names = [COUNT, &*counted.of_hour];
        let taken = counted
            .keys
            .iter()
            .map(|key| self.store.table.subtract_one_of_each(key, names));
        try_join_all(taken).await?;
        Ok(())
    }

    /// What a request ends with that counted a mail: one that is refused sent
    /// none.
    pub(crate) async fn end_count<T>(
        &self,
        ended: Result<T>,
        counted: Option<&Counted>,
    ) -> Result<T> {
        if let (Err(error), Some(counted)) = (&ended, counted)
            && !matches!(error, Error::Internal(_) | Error::Busy(_))
        {
            // One too many in the count is no reason to tell another error.
            drop(self.uncount_mail(counted).await);
        }
        ended
    }

    fn counters(&self, address: &str, day: i64) -> [Counter; 3] {
        let organization = self.tenancy();
        let counter = |subject: &str, bound| Counter {
            key: keys::mails_of_day(&SecretDigest::of(subject), day),
            bound,
        };
        [
            counter(&format!("to {address} by {organization}"), TO_ADDRESS),
            counter(&format!("to {address}"), TO_ADDRESS_FROM_ALL),
            counter(&format!("by {organization}"), OF_ORGANIZATION),
        ]
    }

    fn too_many(
        &self,
        counter: &Counter,
        found: &Item,
        of_hour: &str,
        since: Option<i64>,
    ) -> Error {
        let now = self.store.now.as_second();
        let number = |name: &str| {
            let value = found.get(name).and_then(|value| value.as_n().ok());
            value.and_then(|number| number.parse::<i64>().ok())
        };
        let reached = |name: &str, most: u64| {
            let count = number(name).and_then(|count| u64::try_from(count).ok());
            count.is_some_and(|count| count >= most)
        };
        let last = number(LAST).filter(|last| since.is_some_and(|since| *last > since));
        let Bound { hour, day, what } = counter.bound;
        let (most, of, period) = if reached(COUNT, day) {
            (day, "a day", DAY)
        } else if let (Some(last), false) = (last, reached(of_hour, hour)) {
            let next = last + INVITATION_INTERVAL_SECONDS;
            return Conflict::new(format!(
                "was already invited; another mail can be sent after {}",
                text_of(next)
            ))
            .at(Field::Email)
            .into();
        } else {
            (hour, "an hour", HOUR)
        };
        let next = (now.div_euclid(period) + 1) * period;
        Error::TooManyMails {
            detail: format!(
                "at most {most} mails {of} {what}; the next one can be sent after {}",
                text_of(next)
            ),
            wait: Duration::from_secs(u64::try_from(next - now).unwrap_or_default()),
        }
    }
}

fn text_of(second: i64) -> String {
    let at = Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_secs(second));
    at.map(|at| at.to_string()).unwrap_or_default()
}
