//! Compressed answers (RFC 9110, 12.5.3), for callers who accept them.
//!
//! Answers with a key or a link in them are compressed as all others are. What a
//! secret's length gives away by its compression (BREACH) can be used only by
//! who makes somebody else's program send requests with that one's authority and
//! with a text that the answer repeats. Nothing here is authorized by what a
//! browser sends of itself, as a cookie is; a page that a token in its path opens
//! repeats nothing of a request that another page could make, since its form must
//! hold the token, too.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use lambda_http::http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::{
    answer::lambda::base64_length,
    answer::reply::{Content, Reply},
};

/// Bodies up to this size are sent as they are: there is next to nothing to gain.
pub const MIN: usize = 1024;

/// Most bytes that are compressed into one answer. However well they compress,
/// reading and compressing more would take longer than a function has.
pub const MAX_UNCOMPRESSED: usize = 32 * 1024 * 1024;

/// What may be left over at the end of a stream, and a little more.
const TAIL: usize = 64;

/// Whether the caller takes gzip and does not prefer what is not compressed.
#[must_use]
pub fn is_accepted(headers: &HeaderMap) -> bool {
    let (mut gzip, mut any, mut identity) = (None, None, None);
    for value in headers.get_all(header::ACCEPT_ENCODING) {
        for entry in value.to_str().unwrap_or_default().split(',') {
            let mut parts = entry.split(';');
            let coding = parts.next().unwrap_or_default().trim();
            let Some(weight) = weight(parts) else {
                continue;
            };
            match coding.to_ascii_lowercase().as_str() {
                "gzip" | "x-gzip" => gzip = Some(weight),
                "identity" => identity = Some(weight),
                "*" => any = Some(weight),
                _ => {}
            }
        }
    }
    let gzip = gzip.or(any).unwrap_or(0);
    gzip > 0 && gzip >= identity.unwrap_or(0)
}

/// The weight of a coding in thousandths. None where it cannot be read.
fn weight<'a>(mut parameters: impl Iterator<Item = &'a str>) -> Option<u16> {
    let Some(parameter) = parameters.next() else {
        return Some(1_000);
    };
    let (name, value) = parameter.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    let (whole, part) = value.trim().split_once('.').unwrap_or((value.trim(), ""));
    let digits = part.len() <= 3 && part.bytes().all(|digit| digit.is_ascii_digit());
    let part: u16 = format!("{part:0<3}").parse().ok().filter(|_| digits)?;
    match whole {
        "0" => Some(part),
        "1" if part == 0 => Some(1_000),
        _ => None,
    }
}

/// The reply as this caller takes it: compressed where that is accepted and
/// worth it. A cache is told that others may take it otherwise.
#[must_use]
pub fn negotiated(request: &HeaderMap, mut reply: Reply) -> Reply {
    let is_large = match &reply.body {
        Content::Text(text) => text.len() > MIN,
        Content::Gzip(_) => true,
    };
    if is_large || reply.status == StatusCode::NOT_MODIFIED {
        let encoding = HeaderValue::from_static("accept-encoding");
        reply.headers.append(header::VARY, encoding);
    }
    if let Content::Text(text) = &reply.body
        && is_large
        && is_accepted(request)
        && let Some(bytes) = compressed(text)
    {
        reply.body = Content::Gzip(bytes);
    }
    if let Content::Gzip(_) = reply.body {
        let gzip = HeaderValue::from_static("gzip");
        reply.headers.insert(header::CONTENT_ENCODING, gzip);
        weaken_tag(&mut reply.headers);
    }
    reply
}

/// A strong tag is that of one sequence of bytes (RFC 9110, 8.8.1), and these
/// are others.
fn weaken_tag(headers: &mut HeaderMap) {
    let Some(tag) = headers.get(header::ETAG) else {
        return;
    };
    let weak = [b"W/", tag.as_bytes()].concat();
    if tag.as_bytes().starts_with(b"\"")
        && let Ok(weak) = HeaderValue::from_bytes(&weak)
    {
        headers.insert(header::ETAG, weak);
    }
}

fn compressed(text: &str) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).ok()?;
    encoder.finish().ok()
}

/// A text that is compressed while it grows, and never larger in base64 than it
/// may be.
#[derive(Debug)]
pub struct Growing {
    encoder: GzEncoder<Vec<u8>>,
    uncompressed: usize,
    /// How much of it the encoder may still hold back.
    unflushed: usize,
}

impl Growing {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self {
            encoder: GzEncoder::new(Vec::new(), Compression::fast()),
            uncompressed: 0,
            unflushed: 0,
        }
    }

    /// Adds a text.
    pub fn push(&mut self, text: &str) {
        // Memory takes all that it is given.
        let _ = self.encoder.write_all(text.as_bytes());
        self.uncompressed = self.uncompressed.saturating_add(text.len());
        self.unflushed = self.unflushed.saturating_add(text.len());
    }

    /// Whether these many bytes more have room, even if they cannot be
    /// compressed at all.
    pub fn fits(&mut self, more: usize, room: usize) -> bool {
        if self.uncompressed.saturating_add(more) > MAX_UNCOMPRESSED {
            return false;
        }
        if self.bound(more) <= room {
            return true;
        }
        // How much has been written is known only now.
        let _ = self.encoder.flush();
        self.unflushed = 0;
        self.bound(more) <= room
    }

    /// Most bytes of the whole in base64, with these many more in it.
    fn bound(&self, more: usize) -> usize {
        let pending = self.unflushed.saturating_add(more);
        // What cannot be compressed grows by five bytes in 16,384 (RFC 1951).
        let pending = pending.saturating_add(pending / 1_024);
        base64_length(
            self.encoder
                .get_ref()
                .len()
                .saturating_add(pending)
                .saturating_add(TAIL),
        )
    }

    /// The whole.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.encoder.finish().unwrap_or_default()
    }
}

impl Default for Growing {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn headers(accepted: &[&str]) -> HeaderMap {
        let value = |value: &&str| {
            let value = HeaderValue::from_str(value).expect("a value");
            (header::ACCEPT_ENCODING, value)
        };
        accepted.iter().map(value).collect()
    }

    #[test]
    fn gzip_is_sent_to_who_accepts_it_and_prefers_nothing_else() {
        for accepted in [
            &["gzip"][..],
            &["GZIP"],
            &["x-gzip"],
            &["br, gzip"],
            &["br", "gzip;q=0.1"],
            &["gzip;q=1.000"],
            &["gzip ; q=0.5 , identity ; q=0.5"],
            &["*"],
            &["*;q=0.1"],
            &["identity;q=0, *"],
            &["deflate;q=x, gzip"],
            &[",, gzip,"],
        ] {
            assert!(is_accepted(&headers(accepted)), "{accepted:?}");
        }
        for refused in [
            &[][..],
            &[""],
            &["br"],
            &["identity"],
            &["gzip;q=0"],
            &["gzip;q=0.000"],
            &["gzip;q=0, *"],
            &["*;q=0"],
            &["gzip;q=0.5, identity"],
            &["identity;q=0.9, *;q=0.8"],
            &["gzip;q=2"],
            &["gzip;q=0.0001"],
            &["gzip;q=-1"],
            &["gzip;q="],
            &["gzip;level=1"],
            &["gzipped"],
            &["\"gzip\""],
        ] {
            assert!(!is_accepted(&headers(refused)), "{refused:?}");
        }
    }

    #[test]
    fn a_small_answer_is_sent_as_it_is() {
        let accepted = headers(&["gzip"]);
        let small = Reply::text(StatusCode::OK, "text/plain", "a".repeat(MIN));
        let small = negotiated(&accepted, small);
        assert!(matches!(small.body, Content::Text(_)));
        assert!(!small.headers.contains_key(header::VARY));
        let large = || Reply::text(StatusCode::OK, "text/plain", "a".repeat(MIN + 1));
        let sent = negotiated(&accepted, large());
        assert!(matches!(sent.body, Content::Gzip(_)));
        assert_eq!(sent.headers[header::CONTENT_ENCODING], "gzip");
        assert_eq!(sent.headers[header::VARY], "accept-encoding");
        let plain = negotiated(&headers(&[]), large());
        assert!(matches!(plain.body, Content::Text(_)));
        assert_eq!(plain.headers[header::VARY], "accept-encoding");
        assert!(!plain.headers.contains_key(header::CONTENT_ENCODING));
    }

    /// Bytes that cannot be compressed, as text, the same every time.
    fn noise(length: usize, seed: &mut u64) -> String {
        let next = |_| {
            *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from(32 + u8::try_from((*seed >> 33) % 95).unwrap_or_default())
        };
        (0..length).map(next).collect()
    }

    #[test]
    fn what_grows_is_never_larger_than_it_may_be() {
        let room = 200_000;
        let mut seed = 1;
        for (item, times) in [(300, 1), (300, 20), (40_000, 1), (1, 3_000)] {
            let (mut growing, mut expected) = (Growing::new(), String::new());
            loop {
                let text = noise(item, &mut seed).repeat(times);
                if !growing.fits(text.len(), room) {
                    break;
                }
                growing.push(&text);
                expected.push_str(&text);
            }
            let bytes = growing.finish();
            let length = base64_length(bytes.len());
            assert!(length <= room, "{length} bytes");
            // As much as fits, less what one more could have added.
            let least = room - base64_length(item * times + item * times / 1_024 + 3 * TAIL);
            assert!(
                length >= least || expected.len() > MAX_UNCOMPRESSED - item * times,
                "{length} bytes"
            );
            let mut read = String::new();
            flate2::read::GzDecoder::new(bytes.as_slice())
                .read_to_string(&mut read)
                .expect("gzip");
            assert_eq!(read, expected);
        }
    }
}
