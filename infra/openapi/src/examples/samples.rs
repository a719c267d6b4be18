//! Examples: the samples that the tests replay, with what Roster answers
//! besides.

use serde_json::Value;

/// A sample.
macro_rules! sample {
    ($name:literal) => {
        $crate::examples::samples::read(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tests/samples/",
            $name,
            ".json"
        )))
    };
}
pub(crate) use sample;

/// A sample's JSON. One that is none shows as an example that is null, which
/// the test of the examples refuses.
pub(crate) fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// A sample with other members (RFC 7396: null takes one away).
pub(crate) fn with(mut sample: Value, patch: &Value) -> Value {
    json_patch::merge(&mut sample, patch);
    sample
}
