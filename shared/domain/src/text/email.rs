//! Email addresses, and domains.

use super::characters::trim;
use crate::error::Unacceptable;

/// Most bytes of an address, and of the part of it before the `@` (RFC 5321).
const MAX_ADDRESS: usize = 254;
const MAX_LOCAL: usize = 64;

/// An address as it is kept. A domain in Unicode becomes the one in ASCII that
/// it stands for (IDNA, UTS 46): mail goes there, and it is one mailbox.
pub(super) fn read(text: &str) -> Result<String, Unacceptable> {
    let wrong = |detail: &str| Err(Unacceptable::new(detail));
    let text = trim(text);
    let Some((local, domain)) = text.rsplit_once('@') else {
        return wrong("must be an email address such as jean@example.com: has no @");
    };
    if !local.is_ascii() {
        return wrong(
            "must have only ASCII characters before the @: no mail can be sent to another address",
        );
    }
    if local.len() > MAX_LOCAL {
        return Err(Unacceptable::new(format!(
            "must have at most {MAX_LOCAL} characters before the @, has {}",
            local.len()
        )));
    }
    let is_local = !local.is_empty()
        && local
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b));
    if !is_local {
        return wrong("must be an email address such as jean@example.com");
    }
    let Some(domain) = ascii_domain(domain) else {
        return wrong(
            "must be an email address such as jean@example.com: has no domain after the @",
        );
    };
    let length = local.len() + 1 + domain.len();
    if length > MAX_ADDRESS {
        return Err(Unacceptable::new(format!(
            "must have at most {MAX_ADDRESS} characters, has {length}"
        )));
    }
    Ok(format!("{local}@{domain}"))
}

/// A domain in ASCII. One that is in ASCII stays as it was given.
fn ascii_domain(text: &str) -> Option<String> {
    let ascii = if text.is_ascii() {
        text.to_owned()
    } else {
        idna::domain_to_ascii_strict(text).ok()?
    };
    is_domain(&ascii).then_some(ascii)
}

/// Whether a text is a domain name of RFC 1035 labels.
pub(crate) fn is_domain(text: &str) -> bool {
    text.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    })
}
