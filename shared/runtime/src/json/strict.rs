//! JSON in which no name stands twice in an object: RFC 8259 leaves open which
//! of the two counts, so one of them would vanish.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

/// Reads a JSON text. A byte order mark before it is passed over (RFC 8259, 8.1).
///
/// # Errors
/// A sentence that says where it is not JSON, or an object has a name twice; or
/// what it is instead.
pub fn from_slice(bytes: &[u8]) -> Result<Value, String> {
    let bytes = without_mark(bytes);
    if bytes.is_empty() {
        return Err("is required: a JSON object".to_owned());
    }
    if let Some(what) = other_than_text(bytes) {
        return Err(format!("must be JSON in UTF-8: this is {what}"));
    }
    serde_json::from_slice::<Strict>(bytes)
        .map(|Strict(value)| value)
        .map_err(|error| format!("must be JSON: {error}"))
}

/// A text in UTF-8 without the byte order mark that may stand before it.
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// What the first bytes are of, where no JSON text in UTF-8 begins like that: it
/// begins with ASCII, and none of it is NUL.
fn other_than_text(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x1F, 0x8B, ..] => Some("gzip, of which Content-Encoding says nothing"),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] | [_, 0, 0, 0, ..] | [0, 0, 0, _, ..] => {
            Some("UTF-32")
        }
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [_, 0, ..] | [0, _, ..] => Some("UTF-16"),
        _ => None,
    }
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Strict(element)) = elements.next_element()? {
            array.push(element);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format!("{name:?} is given twice")));
            }
            let Strict(value) = members.next_value()?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_stands_twice_in_an_object_is_refused_where_it_stands() {
        let error = from_slice(br#"{"a": 1, "b": {"c": 1, "c": 2}}"#).expect_err("twice");
        assert!(
            error.starts_with("must be JSON: \"c\" is given twice at line 1"),
            "{error}"
        );
    }

    #[test]
    fn everything_else_reads_as_it_does_anywhere() {
        let text =
            r#"{"a": [null, true, -1, 18446744073709551615, 1.5, "é\u0000"], "b": {"a": {}}}"#;
        let plain: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(from_slice(text.as_bytes()).expect("JSON"), plain);
        for wrong in ["", "{", "[1,]", "{\"a\":1} x"] {
            assert!(from_slice(wrong.as_bytes()).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        assert_eq!(from_slice(b"\xEF\xBB\xBF7"), Ok(7.into()));
        let empty = from_slice(b"\xEF\xBB\xBF").expect_err("nothing");
        assert!(empty.starts_with("is required"), "{empty}");
    }

    #[test]
    fn what_is_no_utf_8_is_told_by_its_name() {
        let big = |mark: &str| -> Vec<u8> {
            let text = format!("{mark}{{}}");
            text.encode_utf16().flat_map(u16::to_be_bytes).collect()
        };
        let little: Vec<u8> = "{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for utf_16 in [big(""), big("\u{feff}"), little] {
            let error = from_slice(&utf_16).expect_err("is read");
            assert!(error.ends_with("this is UTF-16"), "{error}");
        }
        let gzip = from_slice(&[0x1F, 0x8B, 8, 0]).expect_err("is read");
        assert!(gzip.contains("gzip"), "{gzip}");
    }
}
