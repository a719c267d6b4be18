//! Items as JSON, in the form that DynamoDB itself speaks: nothing is lost,
//! and one item has one text.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use roster_domain::{Error, Result};
use serde_json::{Map, Value, json};

use crate::dynamodb::item::Item;

/// An item as JSON: `{"pk": {"S": "…"}, …}`.
///
/// # Errors
/// When an attribute is of a type that is not known.
pub fn write(item: &Item) -> Result<Value> {
    write_map(item)
}

/// The names in their order, so that the same map has the same text.
fn write_map(map: &HashMap<String, AttributeValue>) -> Result<Value> {
    let sorted: BTreeMap<_, _> = map.iter().collect();
    let mut object = Map::new();
    for (name, value) in sorted {
        object.insert(name.clone(), write_value(value)?);
    }
    Ok(Value::Object(object))
}

fn write_value(value: &AttributeValue) -> Result<Value> {
    // Sets have no order.
    let sorted = |mut all: Vec<String>| {
        all.sort_unstable();
        all
    };
    Ok(match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(flag) => json!({ "BOOL": flag }),
        AttributeValue::Null(flag) => json!({ "NULL": flag }),
        AttributeValue::B(bytes) => json!({ "B": STANDARD.encode(bytes) }),
        AttributeValue::L(list) => {
            let list = list.iter().map(write_value).collect::<Result<Vec<_>>>()?;
            json!({ "L": list })
        }
        AttributeValue::M(map) => json!({ "M": write_map(map)? }),
        AttributeValue::Ss(texts) => json!({ "SS": sorted(texts.clone()) }),
        AttributeValue::Ns(numbers) => json!({ "NS": sorted(numbers.clone()) }),
        AttributeValue::Bs(all) => {
            let encoded = all.iter().map(|bytes| STANDARD.encode(bytes)).collect();
            json!({ "BS": sorted(encoded) })
        }
        _ => return Err(Error::internal("an attribute of a type that is not known")),
    })
}

/// The item that JSON stands for; none where it stands for none.
#[must_use]
pub fn read(value: &Value) -> Option<Item> {
    let object = value.as_object()?.iter();
    object
        .map(|(name, value)| Some((name.clone(), read_value(value)?)))
        .collect()
}

fn read_value(value: &Value) -> Option<AttributeValue> {
    let object = value.as_object().filter(|object| object.len() == 1)?;
    let (kind, value) = object.iter().next()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let texts = |value: &Value| {
        value
            .as_array()?
            .iter()
            .map(text)
            .collect::<Option<Vec<_>>>()
    };
    let bytes = |text: &str| STANDARD.decode(text).ok().map(Blob::new);
    Some(match kind.as_str() {
        "S" => AttributeValue::S(text(value)?),
        "N" => AttributeValue::N(text(value)?),
        "BOOL" => AttributeValue::Bool(value.as_bool()?),
        "NULL" => AttributeValue::Null(value.as_bool()?),
        "B" => AttributeValue::B(bytes(value.as_str()?)?),
        "L" => AttributeValue::L(
            value
                .as_array()?
                .iter()
                .map(read_value)
                .collect::<Option<_>>()?,
        ),
        "M" => AttributeValue::M(read(value)?),
        "SS" => AttributeValue::Ss(texts(value)?),
        "NS" => AttributeValue::Ns(texts(value)?),
        "BS" => {
            let all = texts(value)?;
            AttributeValue::Bs(all.iter().map(|text| bytes(text)).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_of_every_type_comes_back_as_it_was() {
        let text = |text: &str| text.to_owned();
        let bytes = || Blob::new([0, 255, 10]);
        let map = HashMap::from([(text("b"), AttributeValue::Null(true))]);
        let values = [
            AttributeValue::S(text("é\n\"")),
            AttributeValue::S(String::new()),
            AttributeValue::N(text("12345678901234567890123456789012345678")),
            AttributeValue::N(text("-0.1")),
            AttributeValue::Bool(false),
            AttributeValue::B(bytes()),
            AttributeValue::L(vec![AttributeValue::M(map), AttributeValue::L(Vec::new())]),
            AttributeValue::Ss(vec![text("a"), text("b")]),
            AttributeValue::Ns(vec![text("1"), text("2")]),
            AttributeValue::Bs(vec![bytes()]),
        ];
        let named = values.into_iter().enumerate();
        let item: Item = named.map(|(n, value)| (n.to_string(), value)).collect();
        let written = write(&item).expect("writes").to_string();
        let parsed = serde_json::from_str(&written).expect("JSON");
        assert_eq!(read(&parsed).as_ref(), Some(&item));
    }

    #[test]
    fn what_is_no_attribute_is_refused() {
        let wrong = [
            json!("a"),
            json!({}),
            json!({ "S": 1 }),
            json!({ "N": 1 }),
            json!({ "S": "a", "N": "1" }),
            json!({ "B": "not base64!" }),
            json!({ "X": "a" }),
            json!({ "L": [1] }),
        ];
        for wrong in wrong {
            assert!(read(&json!({ "a": wrong })).is_none(), "{wrong}");
        }
    }
}
