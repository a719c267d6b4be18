//! Numbers of users and organizations: small, increasing, never reused.

use aws_sdk_dynamodb::types::AttributeValue;
use roster_domain::Result;

use crate::{Store, keys::Key};

/// Attribute of a counter: the last number it gave out.
pub(crate) const LAST: &str = "last";

impl Store<'_> {
    /// Takes `count` numbers in a row with one update, and answers the first.
    pub(crate) async fn take_numbers(&self, counter: &Key, count: u64) -> Result<u64> {
        let last = self.table.add(counter, LAST, count, None).await?;
        Ok(last - count + 1)
    }

    /// Makes sure that no number up to this one is given out any more.
    pub(crate) async fn skip_numbers(&self, counter: &Key, last: u64) -> Result<()> {
        self.table.raise_to(counter, LAST, last, None).await?;
        Ok(())
    }

    /// Gives back a number that was taken and not used, where no other was
    /// taken since. A gap is harmless, so nothing depends on the answer.
    pub(crate) async fn give_back(&self, counter: &Key, number: u64) -> Result<()> {
        let old = AttributeValue::N(number.to_string());
        let new = AttributeValue::N((number - 1).to_string());
        self.table
            .compare_and_set(counter, LAST, Some(old), new)
            .await?;
        Ok(())
    }
}
