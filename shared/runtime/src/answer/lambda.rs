//! The answer of a function as Lambda takes it, and how large that makes it.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;

use crate::answer::reply::{Content, Reply};

/// Most bytes of an event and of an answer that Lambda hands on: 6 MB and 100.
/// Both count as the JSON that they are sent as, in which every quote and every
/// backslash of a body is escaped once more.
pub const MAX_PAYLOAD: usize = 6 * 1024 * 1024 + 100;

/// One answer (payload format 2.0).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    status_code: u16,
    headers: BTreeMap<String, String>,
    body: String,
    is_base64_encoded: bool,
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        let mut headers = BTreeMap::<String, String>::new();
        for (name, value) in &reply.headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            headers
                .entry(name.as_str().to_owned())
                .and_modify(|all| {
                    all.push_str(", ");
                    all.push_str(&value);
                })
                .or_insert_with(|| value.into_owned());
        }
        let (body, is_base64_encoded) = match reply.body {
            Content::Text(text) => (text, false),
            Content::Gzip(bytes) => (STANDARD.encode(bytes), true),
        };
        Self {
            status_code: reply.status.as_u16(),
            headers,
            body,
            is_base64_encoded,
        }
    }
}

/// How many bytes a value has as JSON.
#[must_use]
pub fn encoded_length(value: &impl Serialize) -> usize {
    let mut counter = Counter(0);
    // What is counted cannot fail to be written.
    let _ = serde_json::to_writer(&mut counter, value);
    counter.0
}

/// How many bytes a text adds to a JSON text that it is a part of.
#[must_use]
pub fn escaped_length(text: &str) -> usize {
    encoded_length(&text).saturating_sub(2)
}

/// How many bytes these many become in base64.
#[must_use]
pub fn base64_length(bytes: usize) -> usize {
    bytes.div_ceil(3).saturating_mul(4)
}

struct Counter(usize);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use lambda_http::http::StatusCode;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_length_is_that_of_what_is_sent() {
        let texts = [
            String::new(),
            "plain".to_owned(),
            json!({ "name": "\"quoted\\\"", "lines": "a\nb\tc\u{1}" }).to_string(),
            "é\u{2028}🦀\u{7f}/".to_owned(),
            (0..0x20_u8).map(char::from).collect(),
        ];
        for text in texts {
            let reply = Reply::text(StatusCode::OK, "application/json", text.clone());
            let answer = Answer::from(reply);
            let sent = serde_json::to_string(&answer).expect("JSON");
            assert_eq!(encoded_length(&answer), sent.len());
            let without = Answer::from(Reply::text(
                StatusCode::OK,
                "application/json",
                String::new(),
            ));
            assert_eq!(encoded_length(&without) + escaped_length(&text), sent.len());
            let bytes = text.as_bytes();
            assert_eq!(STANDARD.encode(bytes).len(), base64_length(bytes.len()));
        }
    }

    #[test]
    fn an_answer_is_what_api_gateway_reads() {
        let reply = Reply::text(StatusCode::CREATED, "text/plain", "é".to_owned());
        let answer = serde_json::to_value(Answer::from(reply)).expect("JSON");
        let expected = json!({
            "statusCode": 201,
            "headers": { "content-type": "text/plain" },
            "body": "é",
            "isBase64Encoded": false,
        });
        assert_eq!(answer, expected);
    }
}
