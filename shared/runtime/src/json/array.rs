//! A JSON array that grows as long as the answer that holds it can be sent.

use crate::{
    answer::gzip::{self, Growing},
    answer::lambda::escaped_length,
    answer::reply::Content,
};

/// The array. What it holds in memory is bounded by what can be sent.
#[derive(Debug)]
pub struct JsonArray {
    room: usize,
    gzip: bool,
    count: usize,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Text {
        text: String,
        /// Its length in the answer.
        encoded: usize,
    },
    Gzip(Growing),
}

impl JsonArray {
    /// An empty array that may take these many bytes of the encoded answer,
    /// compressed once it is worth it where `gzip` says so.
    #[must_use]
    pub fn new(room: usize, gzip: bool) -> Self {
        let text = String::from("[");
        let encoded = text.len();
        Self {
            room,
            gzip,
            count: 0,
            body: Body::Text { text, encoded },
        }
    }

    /// How many elements it has.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Adds an element, a JSON text, unless it has no room. The first always
    /// has: nothing that is stored is as large as an answer may be.
    #[must_use]
    pub fn push(&mut self, element: &str) -> bool {
        let separator = if self.count == 0 { "" } else { "," };
        match &mut self.body {
            Body::Text { text, encoded } => {
                let more = separator.len() + escaped_length(element);
                // And the bracket at the end.
                if self.count > 0 && *encoded + more + 1 > self.room {
                    return false;
                }
                text.push_str(separator);
                text.push_str(element);
                *encoded += more;
                if self.gzip && text.len() > gzip::MIN {
                    let mut growing = Growing::new();
                    growing.push(text);
                    self.body = Body::Gzip(growing);
                }
            }
            Body::Gzip(growing) => {
                if !growing.fits(separator.len() + element.len() + 1, self.room) {
                    return false;
                }
                growing.push(separator);
                growing.push(element);
            }
        }
        self.count += 1;
        true
    }

    /// The array as the body of an answer.
    #[must_use]
    pub fn finish(self) -> Content {
        match self.body {
            Body::Text { mut text, .. } => {
                text.push(']');
                Content::Text(text)
            }
            Body::Gzip(mut growing) => {
                growing.push("]");
                Content::Gzip(growing.finish())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_has_as_many_elements_as_have_room() {
        // A quote is two bytes in the answer.
        let element = "\"a\"";
        for room in 0..40 {
            let mut array = JsonArray::new(room, false);
            while array.push(element) {}
            let count = array.count();
            assert_eq!(count, ((room.saturating_sub(1)) / 6).max(1), "room {room}");
            let Content::Text(text) = array.finish() else {
                panic!("not compressed");
            };
            assert_eq!(text, format!("[{}]", vec![element; count].join(",")));
            assert!(escaped_length(&text) <= room.max(7));
        }
    }

    #[test]
    fn a_small_array_is_not_compressed() {
        let mut array = JsonArray::new(10_000, true);
        assert!(array.push("1"));
        assert_eq!(array.finish(), Content::Text("[1]".to_owned()));
    }
}
