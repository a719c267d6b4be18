//! Updates of one attribute of an item, outside of transactions: counters, and
//! what nothing else depends on.

use aws_sdk_dynamodb::{
    operation::update_item::builders::UpdateItemFluentBuilder,
    types::{AttributeValue, ReturnConsumedCapacity, ReturnValue},
};
use roster_domain::{Error, Result};

use crate::{
    Table,
    dynamodb::{
        capacity::{RoundTrip, units},
        condition::Condition,
        failure::to_error,
        item::{Item, with_key},
        schema::TIME_TO_LIVE,
        schema_version,
    },
    keys::{Key, PK},
};

impl Table {
    /// Adds to a number that only ever grows, and answers the new value. The item lives
    /// until `end` (seconds since 1970), where there is one.
    pub(crate) async fn add(
        &self,
        key: &Key,
        attribute: &str,
        by: u64,
        end: Option<i64>,
    ) -> Result<u64> {
        let mut condition = Condition::none();
        let mut set = schema_version::stamping(&mut condition);
        schema_version::require_readable(&mut condition);
        condition
            .names
            .insert("#n".to_owned(), attribute.to_owned());
        if let Some(end) = end {
            set += ", #end = :end";
            let end = AttributeValue::N(end.to_string());
            condition.values.insert(":end".to_owned(), end);
            let name = TIME_TO_LIVE.to_owned();
            condition.names.insert("#end".to_owned(), name);
        }
        let by = AttributeValue::N(by.to_string());
        condition.values.insert(":by".to_owned(), by);
        let round_trip = RoundTrip::start();
        let output = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(with_key(Item::new(), key)))
            .update_expression(format!("ADD #n :by SET {set}"))
            .condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(Some(condition.values))
            .return_values(ReturnValue::UpdatedNew)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(to_error)?;
        round_trip.end(0.0, units(output.consumed_capacity()));
        output
            .attributes()
            .and_then(|attributes| attributes.get(attribute))
            .and_then(|value| value.as_n().ok())
            .and_then(|number| number.parse().ok())
            .ok_or_else(|| Error::internal("an update answered no number"))
    }

    /// Adds one to a number that begins at 0 and must not exceed `most`, on an
    /// item that lives until `end` (seconds since 1970). Answers whether it did.
    pub(crate) async fn add_below(
        &self,
        key: &Key,
        attribute: &str,
        most: u64,
        end: i64,
    ) -> Result<bool> {
        let number = |number: String| AttributeValue::N(number);
        let mut condition = Condition::none();
        let stamping = schema_version::stamping(&mut condition);
        let update = self
            .client
            .update_item()
            .update_expression(format!("ADD #n :one SET #end = :end, {stamping}"))
            .condition_expression("attribute_not_exists(#n) OR #n < :most")
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(Some(condition.values))
            .expression_attribute_names("#n", attribute)
            .expression_attribute_names("#end", TIME_TO_LIVE)
            .expression_attribute_values(":one", number("1".to_owned()))
            .expression_attribute_values(":most", number(most.to_string()))
            .expression_attribute_values(":end", number(end.to_string()));
        self.update_if(key, update).await
    }

    /// Adds one to each of two numbers that begin at 0, none of which must exceed
    /// what stands beside it, and notes when, on an item that lives until `end`
    /// (seconds since 1970). Where the time has a bound, the one noted before
    /// must not be later. Answers whether it did.
    pub(crate) async fn add_to_each_below(
        &self,
        key: &Key,
        [(first, most_first), (second, most_second)]: [(&str, u64); 2],
        (noted, now, not_after): (&str, i64, Option<i64>),
        end: i64,
    ) -> Result<bool> {
        let number = |number: String| AttributeValue::N(number);
        let mut condition = Condition::none();
        condition.expression += "(attribute_not_exists(#a) OR #a < :a) \
                                 AND (attribute_not_exists(#b) OR #b < :b)";
        if let Some(not_after) = not_after {
            condition.expression += " AND (attribute_not_exists(#noted) OR #noted <= :not_after)";
            let not_after = number(not_after.to_string());
            condition.values.insert(":not_after".to_owned(), not_after);
        }
        let stamping = schema_version::stamping(&mut condition);
        schema_version::require_readable(&mut condition);
        let set = format!("SET #end = :end, #noted = :now, {stamping}");
        let update = self
            .client
            .update_item()
            .update_expression(format!("ADD #a :one, #b :one {set}"))
            .condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(Some(condition.values))
            .expression_attribute_names("#a", first)
            .expression_attribute_names("#b", second)
            .expression_attribute_names("#noted", noted)
            .expression_attribute_names("#end", TIME_TO_LIVE)
            .expression_attribute_values(":one", number("1".to_owned()))
            .expression_attribute_values(":a", number(most_first.to_string()))
            .expression_attribute_values(":b", number(most_second.to_string()))
            .expression_attribute_values(":now", number(now.to_string()))
            .expression_attribute_values(":end", number(end.to_string()));
        self.update_if(key, update).await
    }

    /// Takes one from each of two numbers that are above 0.
    pub(crate) async fn subtract_one_of_each(&self, key: &Key, names: [&str; 2]) -> Result<bool> {
        let number = |number: &str| AttributeValue::N(number.to_owned());
        let [first, second] = names;
        let update = self
            .client
            .update_item()
            .update_expression("ADD #a :less, #b :less")
            .condition_expression("#a > :none AND #b > :none")
            .expression_attribute_names("#a", first)
            .expression_attribute_names("#b", second)
            .expression_attribute_values(":less", number("-1"))
            .expression_attribute_values(":none", number("0"));
        self.update_if(key, update).await
    }

    /// Raises a number that only ever grows, where it is lower or not there, and takes
    /// `passed` out of a set of numbers. Answers whether it did.
    pub(crate) async fn raise_to(
        &self,
        key: &Key,
        attribute: &str,
        to: u64,
        passed: Option<(&str, &[u64])>,
    ) -> Result<bool> {
        let mut condition = Condition::none();
        condition.expression += "attribute_not_exists(#n) OR #n < :to";
        let stamping = schema_version::stamping(&mut condition);
        schema_version::require_readable(&mut condition);
        let mut expression = format!("SET #n = :to, {stamping}");
        if let Some((set, numbers)) = passed.filter(|(_, numbers)| !numbers.is_empty()) {
            expression += " DELETE #passed :passed";
            let numbers = numbers.iter().map(u64::to_string).collect();
            condition.names.insert("#passed".to_owned(), set.to_owned());
            let numbers = AttributeValue::Ns(numbers);
            condition.values.insert(":passed".to_owned(), numbers);
        }
        let update = self
            .client
            .update_item()
            .update_expression(expression)
            .condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(Some(condition.values))
            .expression_attribute_names("#n", attribute)
            .expression_attribute_values(":to", AttributeValue::N(to.to_string()));
        self.update_if(key, update).await
    }

    /// Puts a number into a set of numbers of an item that is there.
    pub(crate) async fn insert_number(&self, key: &Key, set: &str, number: u64) -> Result<bool> {
        let mut condition = Condition::none();
        condition.expression += "attribute_exists(#pk)";
        let stamping = schema_version::stamping(&mut condition);
        schema_version::require_readable(&mut condition);
        let number = AttributeValue::Ns(vec![number.to_string()]);
        let update = self
            .client
            .update_item()
            .update_expression(format!("ADD #set :number SET {stamping}"))
            .condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(Some(condition.values))
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#set", set)
            .expression_attribute_values(":number", number);
        self.update_if(key, update).await
    }

    /// Takes one from a number that is above 0.
    pub(crate) async fn subtract_one(&self, key: &Key, attribute: &str) -> Result<bool> {
        let number = |number: &str| AttributeValue::N(number.to_owned());
        let update = self
            .client
            .update_item()
            .update_expression("ADD #n :less")
            .condition_expression("#n > :none")
            .expression_attribute_names("#n", attribute)
            .expression_attribute_values(":less", number("-1"))
            .expression_attribute_values(":none", number("0"));
        self.update_if(key, update).await
    }

    /// Makes an update where its condition holds. Answers whether it did.
    async fn update_if(&self, key: &Key, update: UpdateItemFluentBuilder) -> Result<bool> {
        let round_trip = RoundTrip::start();
        let sent = update
            .table_name(&self.name)
            .set_key(Some(with_key(Item::new(), key)))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        match sent {
            Ok(output) => {
                round_trip.end(0.0, units(output.consumed_capacity()));
                Ok(true)
            }
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|e| e.is_conditional_check_failed_exception()) =>
            {
                round_trip.end(0.0, 1.0);
                Ok(false)
            }
            Err(error) => Err(to_error(error)),
        }
    }

    /// Sets one attribute of an item that is there, where it still has, or does
    /// not have, the value that was read. Answers whether it did. Names no other
    /// attribute: infra/template.yaml lets the authorizer do no more.
    pub(crate) async fn compare_and_set(
        &self,
        key: &Key,
        attribute: &str,
        old: Option<AttributeValue>,
        new: AttributeValue,
    ) -> Result<bool> {
        let update = self
            .client
            .update_item()
            .update_expression("SET #a = :new")
            .expression_attribute_names("#a", attribute)
            .expression_attribute_values(":new", new);
        let update = match old {
            Some(old) => update
                .condition_expression("#a = :old")
                .expression_attribute_values(":old", old),
            None => update
                .condition_expression("attribute_exists(#pk) AND attribute_not_exists(#a)")
                .expression_attribute_names("#pk", PK),
        };
        self.update_if(key, update).await
    }
}
