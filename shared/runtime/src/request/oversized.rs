//! Naming the field that makes a request too large to store.

use roster_domain::Error;
use serde_json::Value;

use crate::json::read::pointer_to;

/// The error with the place in the body that takes most of it.
#[must_use]
pub fn at_largest_field(error: Error, body: &Value) -> Error {
    match error {
        Error::Oversized {
            detail,
            pointer: None,
        } => Error::Oversized {
            detail,
            pointer: largest_field(body),
        },
        other => other,
    }
}

/// The field that takes most of a body: objects are looked into, lists are not.
fn largest_field(body: &Value) -> Option<String> {
    let (mut pointer, mut value) = (String::new(), body);
    while let Value::Object(fields) = value {
        let largest = fields
            .iter()
            .max_by_key(|(_, value)| value.to_string().len());
        let Some((name, largest)) = largest else {
            break;
        };
        pointer = pointer_to(&pointer, name);
        value = largest;
    }
    (!pointer.is_empty()).then_some(pointer)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_field_that_takes_most_is_named() {
        let large = "x".repeat(100);
        let body = json!({
            "user": { "first_name": "Jean" },
            "vyteme": { "custom": { "a/b": large } },
        });
        assert_eq!(largest_field(&body).as_deref(), Some("/vyteme/custom/a~1b"));
        let body = json!({ "title": "Demo", "messages": [{ "body": large }] });
        assert_eq!(largest_field(&body).as_deref(), Some("/messages"));
        assert_eq!(largest_field(&json!([])), None);
        assert_eq!(largest_field(&json!({})), None);
    }
}
