//! Cursors: where a list goes on. Opaque to callers, and nothing in one says
//! which partition it is for: that is always the caller's.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// Which list a cursor is for, so that one of another list is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListId(pub u8);

const ID_LENGTH: usize = 12;
const CHECKSUM_LENGTH: usize = 4;

/// The cursor behind the thing with these id bytes.
#[must_use]
pub fn encode(list: ListId, id: [u8; ID_LENGTH]) -> String {
    let mut bytes = vec![list.0];
    bytes.extend(id);
    bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The id bytes of a cursor of this list; none of a damaged one.
#[must_use]
pub fn decode(list: ListId, cursor: &str) -> Option<[u8; ID_LENGTH]> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (body, checksum) = bytes.split_last_chunk::<CHECKSUM_LENGTH>()?;
    let (kind, id) = body.split_first()?;
    let intact = *kind == list.0 && crc32fast::hash(body).to_be_bytes() == *checksum;
    id.try_into().ok().filter(|_| intact)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_for_its_own_list_only() {
        let cursor = encode(ListId(1), [7; 12]);
        assert_eq!(decode(ListId(1), &cursor), Some([7; 12]));
        assert_eq!(decode(ListId(2), &cursor), None);
    }

    #[test]
    fn a_cursor_with_any_character_changed_is_refused() {
        let cursor = encode(ListId(1), [7; 12]);
        for index in 0..cursor.len() {
            for replacement in ['A', 'B', '_', '='] {
                let mut damaged: Vec<char> = cursor.chars().collect();
                if damaged[index] != replacement {
                    damaged[index] = replacement;
                    let damaged: String = damaged.into_iter().collect();
                    assert_eq!(decode(ListId(1), &damaged), None, "{damaged}");
                }
            }
        }
    }
}
