//! How often a login may be tried.
//!
//! Attempts are counted in quarters of an hour, before the password is looked
//! at, so that those that run at once count too. From an address that the user
//! has logged in from before, with the password that they have, only the attempts of that pair count:
//! whoever guesses from elsewhere cannot lock out the right user. From other
//! addresses, those against the account count, and those from the address.

use std::{net::IpAddr, time::Duration};

use aws_sdk_dynamodb::types::AttributeValue;
use roster_domain::{Result, UserId, access::secret::SecretDigest};

use crate::{
    Store,
    dynamodb::{
        capacity::try_join_all, condition::Condition, item::Item, schema::TIME_TO_LIVE,
        transaction::Write,
    },
    keys::{self, Key},
};

/// Seconds of a quarter of an hour.
const QUARTER_SECONDS: i64 = 15 * 60;
/// Attempts a quarter against one account from an address that it knows.
const MAX_FROM_KNOWN_ADDRESS: u64 = 20;
/// Attempts a quarter against one account from all other addresses together.
const MAX_AGAINST_ACCOUNT: u64 = 10;
/// Attempts a quarter from one address that the accounts do not know.
const MAX_FROM_ADDRESS: u64 = 60;
/// How long an account knows an address: 90 days, in seconds.
const KNOWN_SECONDS: i64 = 90 * 24 * 60 * 60;

/// Attribute that counts.
pub(crate) const COUNT: &str = "count";
/// Attribute of a known address: which password it was logged in with.
pub(crate) const FINGERPRINT: &str = "fingerprint";

/// What an attempt counts against.
#[derive(Debug)]
pub(crate) struct Limits {
    /// The account, as the caller names it: there may be none.
    account: SecretDigest,
    /// The network that the attempt comes from.
    address: SecretDigest,
    /// Both.
    pair: SecretDigest,
    network: String,
}

impl Limits {
    /// Of an attempt against `folded`, a login name in lower case.
    pub(crate) fn of(folded: &str, address: IpAddr) -> Self {
        let network = network(address);
        Self {
            account: SecretDigest::of(&format!("account {folded}")),
            address: SecretDigest::of(&format!("address {network}")),
            pair: SecretDigest::of(&format!("pair {network} {folded}")),
            network,
        }
    }

    /// The item that says that the user knows the address. Another user who gets
    /// the same login name does not.
    pub(crate) fn known_key(&self, user: UserId) -> Key {
        let pair = format!("known {} {user}", self.network);
        keys::known_address(&SecretDigest::of(&pair))
    }

    fn counted(&self, is_known: bool) -> Vec<(&SecretDigest, u64)> {
        if is_known {
            vec![(&self.pair, MAX_FROM_KNOWN_ADDRESS)]
        } else {
            vec![
                (&self.account, MAX_AGAINST_ACCOUNT),
                (&self.address, MAX_FROM_ADDRESS),
            ]
        }
    }
}

/// Whose address it is, as far as one can tell: an IPv6 customer has a whole
/// /64 (RFC 6177), and counts as one.
pub(crate) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

impl Store<'_> {
    /// The quarter of an hour that it is, since 1970, and the second in which it ends.
    pub(crate) fn quarter(&self) -> (i64, i64) {
        let quarter = self.now.as_second().div_euclid(QUARTER_SECONDS);
        (quarter, (quarter + 1) * QUARTER_SECONDS)
    }

    /// Counts an attempt. How long to wait, where there were too many.
    pub(crate) async fn count_attempt(
        &self,
        limits: &Limits,
        is_known: bool,
    ) -> Result<Option<Duration>> {
        let (quarter, end) = self.quarter();
        let counted = limits.counted(is_known);
        let counted = counted.into_iter().map(|(subject, most)| {
            let key = keys::login_attempts(subject, quarter);
            async move { self.table.add_below(&key, COUNT, most, end).await }
        });
        let below = try_join_all(counted).await?;
        // An address that is stopped already must not use up what others have
        // against the account.
        if below == [true, false] {
            let account = keys::login_attempts(&limits.account, quarter);
            self.table.subtract_one(&account, COUNT).await?;
        }
        let wait = u64::try_from(end - self.now.as_second()).unwrap_or_default();
        Ok(below.contains(&false).then(|| Duration::from_secs(wait)))
    }

    /// Takes back the attempt that succeeded.
    pub(crate) async fn uncount_attempt(&self, limits: &Limits, is_known: bool) -> Result<()> {
        let (quarter, _) = self.quarter();
        let counted = limits.counted(is_known);
        let counted = counted.into_iter().map(|(subject, _)| {
            let key = keys::login_attempts(subject, quarter);
            async move { self.table.subtract_one(&key, COUNT).await }
        });
        try_join_all(counted).await?;
        Ok(())
    }

    /// Makes the address known to the user, for as long as the password stays.
    pub(crate) fn know_address(
        &self,
        limits: &Limits,
        user: UserId,
        fingerprint: &SecretDigest,
    ) -> Write {
        let expires = self.now.as_second() + KNOWN_SECONDS;
        let fingerprint = AttributeValue::S(fingerprint.as_hex().to_owned());
        let attributes = [
            (
                TIME_TO_LIVE.to_owned(),
                Some(AttributeValue::N(expires.to_string())),
            ),
            (FINGERPRINT.to_owned(), Some(fingerprint)),
        ];
        let key = limits.known_key(user);
        Write::update(&key, attributes, false, Condition::none())
    }
}

/// Whether a known address is of the password with this fingerprint.
pub(crate) fn is_of(known: &Item, fingerprint: &SecretDigest) -> bool {
    let found = known.get(FINGERPRINT).and_then(|value| value.as_s().ok());
    found.is_some_and(|found| found == fingerprint.as_hex())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_customer_counts_as_one_and_a_mapped_address_as_itself() {
        let network = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }
}
