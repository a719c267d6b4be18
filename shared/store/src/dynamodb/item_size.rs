//! How large items are, as DynamoDB counts them: names and values, in UTF-8.

use aws_sdk_dynamodb::types::AttributeValue;
use roster_domain::{Error, Result};

use crate::dynamodb::item::Item;

/// Most bytes of an item: 400 KB.
const MAX_ITEM: usize = 400 * 1024;
/// Most bytes of the items of a transaction: 4 MB.
const MAX_TRANSACTION: usize = 4 * 1024 * 1024;

/// A list or a map takes this, and one for each element.
const NESTED: usize = 3;

/// The size of an item.
pub(crate) fn of(item: &Item) -> usize {
    item.iter()
        .map(|(name, value)| name.len() + value_size(value))
        .sum()
}

/// Holds what is to be written together to what DynamoDB takes.
///
/// # Errors
/// [`Error::Oversized`] otherwise.
pub(crate) fn fits(sizes: impl IntoIterator<Item = usize>) -> Result<()> {
    let mut all = 0;
    for size in sizes {
        if size > MAX_ITEM {
            return Err(too_large(size, MAX_ITEM));
        }
        all += size;
    }
    if all > MAX_TRANSACTION {
        return Err(too_large(all, MAX_TRANSACTION));
    }
    Ok(())
}

fn too_large(size: usize, most: usize) -> Error {
    Error::Oversized {
        detail: format!("takes {size} bytes to store; the maximum is {most}"),
        pointer: None,
    }
}

/// What DynamoDB refuses itself: an item that an update makes too large.
pub(crate) fn outgrown() -> Error {
    Error::Oversized {
        detail: format!("would make something that is kept larger than {MAX_ITEM} bytes"),
        pointer: None,
    }
}

fn value_size(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(number) => number_size(number),
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::Ss(texts) => texts.iter().map(String::len).sum(),
        AttributeValue::Ns(numbers) => numbers.iter().map(|number| number_size(number)).sum(),
        AttributeValue::Bs(all) => all.iter().map(|bytes| bytes.as_ref().len()).sum(),
        AttributeValue::L(list) => {
            NESTED
                + list
                    .iter()
                    .map(|value| 1 + value_size(value))
                    .sum::<usize>()
        }
        AttributeValue::M(map) => {
            let entry =
                |(name, value): (&String, &AttributeValue)| 1 + name.len() + value_size(value);
            NESTED + map.iter().map(entry).sum::<usize>()
        }
        // A boolean, or null.
        _ => 1,
    }
}

/// A byte for two significant digits, one more, and one for a sign.
fn number_size(number: &str) -> usize {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let significant = digits.trim_matches('0').len();
    significant.div_ceil(2) + 1 + usize::from(number.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn text(text: &str) -> AttributeValue {
        AttributeValue::S(text.to_owned())
    }

    #[test]
    fn what_is_larger_than_dynamodb_takes_is_refused_at_the_byte() {
        assert!(fits([MAX_ITEM; 10]).is_ok());
        assert!(fits([1, MAX_ITEM + 1]).is_err());
        assert!(fits([MAX_ITEM; 11]).is_err());
    }

    #[test]
    fn sizes_are_those_that_the_documentation_gives() {
        let size = |value| of(&Item::from([("name".to_owned(), value)])) - "name".len();
        assert_eq!(size(text("Jeanne")), 6);
        assert_eq!(size(text("Zoë 😀")), 9);
        assert_eq!(size(AttributeValue::Bool(true)), 1);
        assert_eq!(size(AttributeValue::Null(true)), 1);
        assert_eq!(size(AttributeValue::N("0".to_owned())), 1);
        assert_eq!(size(AttributeValue::N("1200".to_owned())), 2);
        assert_eq!(size(AttributeValue::N("-12345".to_owned())), 5);
        assert_eq!(size(AttributeValue::L(Vec::new())), 3);
        assert_eq!(
            size(AttributeValue::L(vec![text("ab"), text("c")])),
            3 + 3 + 2
        );
        let map = HashMap::from([("ab".to_owned(), text("cde"))]);
        assert_eq!(size(AttributeValue::M(map)), 3 + 1 + 2 + 3);
    }
}
