//! Texts with rules: names, addresses, external ids, URLs.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::error::Unacceptable;

/// Characters that no single-line text may hold: they do not print, so a
/// reader would not see them, and NUL ends strings in many clients.
fn control_character(text: &str) -> Option<char> {
    text.chars().find(|c| c.is_control())
}

fn check(text: &str, max: usize, multi_line: bool) -> Result<(), Unacceptable> {
    if text.trim().is_empty() {
        return Err(Unacceptable::new("must not be empty"));
    }
    let length = text.chars().count();
    if length > max {
        return Err(Unacceptable::new(format!(
            "must have at most {max} characters, has {length}"
        )));
    }
    let bad = if multi_line {
        text.chars()
            .find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    } else {
        control_character(text)
    };
    match bad {
        Some(c) => Err(Unacceptable::new(format!(
            "must not contain the control character U+{:04X}",
            u32::from(c)
        ))),
        None => Ok(()),
    }
}

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, |$text:ident| $check:block) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Unacceptable;

            fn from_str($text: &str) -> Result<Self, Self::Err> {
                $check?;
                Ok(Self($text.to_owned()))
            }
        }
    };
}

text_type!(
    /// A person's first or last name, or a thing's short name: one line of at
    /// most 100 characters, of any script.
    Name, |text| { check(text, 100, false) }
);
text_type!(
    /// A heading or subject: one line of at most 300 characters.
    Title, |text| { check(text, 300, false) }
);
text_type!(
    /// Where something is: a postal address, a phone number, a URL. At most 300
    /// characters; line breaks are kept.
    Address, |text| { check(text, 300, true) }
);
text_type!(
    /// A message of at most 10,000 characters; line breaks are kept.
    Message, |text| { check(text, 10_000, true) }
);
text_type!(
    /// An id in the caller's own system (`extid`): one line of at most 200
    /// characters, compared exactly.
    ExternalId, |text| { check(text, 200, false) }
);
text_type!(
    /// The last part of a booking page's address (`vyteme.nickname`, S1): 2 to
    /// 100 letters, digits, `-`, `_` or `.`; unique in the organization without
    /// regard to case.
    Nickname, |text| {
        let fits = (2..=100).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        fits.then_some(()).ok_or_else(|| {
            Unacceptable::new("must be 2 to 100 letters, digits, '-', '_' or '.'")
        })
    }
);
text_type!(
    /// The name a user logs in with (`login.credentials.username`, S1): one line
    /// of 3 to 254 characters; unique across organizations without regard to
    /// case.
    LoginName, |text| {
        if text.trim() == text && text.chars().count() >= 3 {
            check(text, 254, false)
        } else {
            Err(Unacceptable::new(
                "must have 3 to 254 characters, none of them a blank at either end",
            ))
        }
    }
);
text_type!(
    /// An email address as in the HTML standard's `input type=email` (a
    /// practical part of RFC 5321), at most 254 characters. Keeps the case
    /// given; compares without regard to case.
    Email, |text| { check_email(text) }
);
text_type!(
    /// An absolute `http` or `https` URL (RFC 3986) of at most 1,024 characters,
    /// without a password in it. Kept as given.
    WebUrl, |text| { check_url(text) }
);
text_type!(
    /// An opaque value of another system: one line of at most 1,000 characters.
    Opaque, |text| { check(text, 1_000, false) }
);

macro_rules! folded {
    ($($name:ident),*) => { $(
        impl $name {
            /// The form that uniqueness is decided on: lower case.
            #[must_use]
            pub fn folded(&self) -> String {
                self.0.to_lowercase()
            }
        }
    )* };
}
folded!(Email, Nickname, LoginName);

fn check_email(text: &str) -> Result<(), Unacceptable> {
    let wrong = || {
        Err(Unacceptable::new(
            "must be an email address such as jean@example.com",
        ))
    };
    let Some((local, domain)) = text.split_once('@') else {
        return wrong();
    };
    let local_ok = !local.is_empty()
        && local.len() <= 64
        && local
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b));
    if local_ok && is_domain(domain) && text.len() <= 254 {
        Ok(())
    } else {
        wrong()
    }
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

fn check_url(text: &str) -> Result<(), Unacceptable> {
    let wrong = || {
        Err(Unacceptable::new(
            "must be an absolute http or https URL such as https://www.example.com/picture",
        ))
    };
    if text.len() > 1024 {
        return Err(Unacceptable::new("must have at most 1024 characters"));
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return wrong();
    }
    match url::Url::parse(text) {
        Ok(url)
            if matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.password().is_none() =>
        {
            Ok(())
        }
        _ => wrong(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_keeps_its_case_and_folds_for_comparison() {
        let email: Email = "Jean.Dupont@Example.com".parse().expect("an address");
        assert_eq!(email.as_str(), "Jean.Dupont@Example.com");
        assert_eq!(email.folded(), "jean.dupont@example.com");
    }

    #[test]
    fn an_email_needs_one_at_sign_and_a_domain_of_labels() {
        for wrong in [
            "",
            "jean",
            "@example.com",
            "jean@",
            "a@b@c",
            "jean@-x.com",
            "jean@exa mple.com",
            "jéan@example.com",
            "jean@example..com",
        ] {
            assert!(wrong.parse::<Email>().is_err(), "{wrong:?}");
        }
        assert!("jean+test@localhost".parse::<Email>().is_ok());
    }

    #[test]
    fn a_name_holds_any_script_but_no_control_character() {
        for fine in ["Jean", "李", "Zoë 🎉", "O'Neil-Smith"] {
            assert!(fine.parse::<Name>().is_ok(), "{fine:?}");
        }
        for wrong in ["", "  ", "a\0b", "a\nb", &"x".repeat(101)] {
            assert!(wrong.parse::<Name>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_url_is_absolute_http_without_a_password() {
        assert!("https://www.example.com/p?x=1#y".parse::<WebUrl>().is_ok());
        for wrong in [
            "javascript:alert(1)",
            "/p",
            "ftp://x.y/z",
            "https://u:p@x.y/",
            "http://",
            "https://exa mple.com",
        ] {
            assert!(wrong.parse::<WebUrl>().is_err(), "{wrong:?}");
        }
    }
}
