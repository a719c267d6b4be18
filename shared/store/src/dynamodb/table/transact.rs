//! Sending what is to be written: one item, or a transaction, which is sent again
//! where that makes nothing twice.

use aws_sdk_dynamodb::{
    operation::put_item::PutItemError,
    types::{ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure},
};
use roster_domain::{Error, Result, access::secret};

use crate::{
    dynamodb::{
        capacity::{RoundTrip, units},
        condition::Condition,
        failure::{Cancelled, cancelled, explain, to_error},
        item::Item,
        item_size,
        retry::{Backoff, Throttled},
        schema_version::{self, whole},
        table::{Table, attempts::Attempts},
        transaction::Write,
        write_failure::Failure,
    },
    keys::Key,
};

/// Characters of a client request token: as many as DynamoDB takes.
const TOKEN_LENGTH: usize = 36;

/// What it means that transactions collide at an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contention {
    /// Somebody else writes what this was decided from: decide again.
    Decided,
    /// Everything that a key does checks the same item at the same time, and
    /// changes nothing about it: the same transaction is sent again.
    Expected,
}

impl Table {
    /// Writes an item where the condition holds. Answers the item that stands in
    /// the way where it does not.
    pub(crate) async fn put_if(
        &self,
        key: &Key,
        item: Item,
        mut condition: Condition,
    ) -> Result<Result<(), Item>> {
        schema_version::require_readable(&mut condition);
        let item = whole(item, key, None);
        item_size::fits([item_size::of(&item)])?;
        let round_trip = RoundTrip::start();
        let sent = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(Some(condition.values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        match sent {
            Ok(output) => {
                round_trip.end(0.0, units(output.consumed_capacity()));
                Ok(Ok(()))
            }
            Err(error) => {
                round_trip.end(0.0, 1.0);
                match error.as_service_error() {
                    Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                        let item = failed.item().cloned().unwrap_or_default();
                        schema_version::readable(item).map(Err)
                    }
                    _ => Err(to_error(error)),
                }
            }
        }
    }

    /// Writes all or nothing; nothing where it is more than DynamoDB takes.
    pub(crate) async fn transact(
        &self,
        writes: Vec<Write>,
        contention: Contention,
    ) -> Result<(), Failure> {
        item_size::fits(writes.iter().map(Write::size))?;
        let built = writes
            .into_iter()
            .map(|write| write.build(&self.name))
            .collect::<Result<Vec<_>, _>>()
            .map_err(Error::internal)?;
        let (items, meanings): (Vec<_>, Vec<_>) = built.into_iter().unzip();
        let request = self
            .client
            .transact_write_items()
            .set_transact_items(Some(items))
            // The same for each try, so that a commit whose answer was lost is
            // not made twice.
            .client_request_token(secret::random_base62(TOKEN_LENGTH))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let attempts = Attempts::default();
        let (mut backoff, mut throttled) = (Backoff::default(), Throttled::default());
        loop {
            let round_trip = RoundTrip::start();
            let tried = request.clone().customize().interceptor(attempts.clone());
            match tried.send().await {
                Ok(output) => {
                    let units = units(output.consumed_capacity());
                    round_trip.end(0.0, units);
                    return Ok(());
                }
                Err(error) => {
                    round_trip.end(0.0, 0.0);
                    let is_sent_again = match cancelled(&error) {
                        // An earlier try may be what it collided with, or long be made.
                        // To decide again would be to do it twice.
                        Some(Cancelled::Collided)
                            if attempts.several() || contention == Contention::Expected =>
                        {
                            backoff.wait().await?;
                            true
                        }
                        Some(Cancelled::Throttled) => throttled.wait().await,
                        _ => false,
                    };
                    if !is_sent_again {
                        return Err(explain(error, &meanings));
                    }
                }
            }
        }
    }
}
