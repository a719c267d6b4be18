//! Texts with rules: names, addresses, external ids, URLs.
//!
//! Where a text is read, it is brought into the one form that it is kept and
//! compared in: NFC, without blanks at its ends. What was kept before stays as
//! it is until it is written anew.

mod characters;
mod email;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

pub use self::characters::nfc;
use self::characters::{
    Lines, canonical, check, check_all_visible, check_characters, check_length, trim,
};
pub(crate) use self::email::is_domain;
use crate::error::Unacceptable;

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, |$text:ident| $read:block) => {
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
                $read.map(Self)
            }
        }
    };
}

text_type!(
    /// A person's first or last name, or a thing's short name: one line of at
    /// most 100 characters, of any script.
    Name, |text| { line(text, 100) }
);
text_type!(
    /// A heading or subject: one line of at most 300 characters.
    Title, |text| { line(text, 300) }
);
text_type!(
    /// Where something is: a postal address, a phone number, a URL. At most 300
    /// characters; line breaks are kept.
    Address, |text| { lines(text, 300) }
);
text_type!(
    /// A message of at most 10,000 characters; line breaks are kept.
    Message, |text| { lines(text, 10_000) }
);
text_type!(
    /// An id in the caller's own system (`extid`): one line of at most 200
    /// characters, compared exactly.
    ExternalId, |text| { line(text, 200) }
);
text_type!(
    /// The last part of a booking page's address (`vyteme.nickname`, `/v2/users`): 2 to
    /// 100 letters, digits, `-`, `_` or `.`; unique in the organization without
    /// regard to case.
    Nickname, |text| {
        let text = trim(text);
        let fits = (2..=100).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        fits.then(|| text.to_owned()).ok_or_else(|| {
            Unacceptable::new("must be 2 to 100 of the letters a to z, digits, '-', '_' and '.'")
        })
    }
);
text_type!(
    /// The name a user logs in with (`login.credentials.username`, `/v2/users`): one line
    /// of 3 to 254 characters; unique across organizations without regard to
    /// case.
    LoginName, |text| {
        let text = line(text, 254)?;
        check_all_visible(&text)?;
        let length = text.chars().count();
        if length < 3 {
            return Err(Unacceptable::new(format!(
                "must have 3 to 254 characters, has {length}"
            )));
        }
        Ok(text)
    }
);
text_type!(
    /// An email address as in the HTML standard's `input type=email` (a
    /// practical part of RFC 5321), at most 254 characters. Keeps the case
    /// given; compares without regard to case. A domain in Unicode is kept in
    /// ASCII.
    Email, |text| { email::read(text) }
);
text_type!(
    /// An absolute `http` or `https` URL (RFC 3986) of at most 1,024 characters,
    /// without a password in it. Kept as given.
    WebUrl, |text| {
        let text = trim(text);
        check_url(text).map(|()| text.to_owned())
    }
);
text_type!(
    /// The origin of web pages (RFC 6454): `http` or `https`, a host in lower case and, where it
    /// is not the usual one, a port.
    WebOrigin, |text| {
        let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-:/".contains(&b);
        let is_origin = text.len() <= 300
            && text.bytes().all(is_plain)
            && url::Url::parse(text).is_ok_and(|url| {
                matches!(url.scheme(), "http" | "https")
                    && url.origin().ascii_serialization() == *text
            });
        is_origin.then(|| text.to_owned()).ok_or_else(|| {
            Unacceptable::new(
                "must be the origin of a website such as https://www.example.com, without a path",
            )
        })
    }
);
text_type!(
    /// An opaque value of another system: one line of at most 1,000 characters,
    /// kept to the byte. It may be a password there, of which no blank is ours
    /// to take away.
    Opaque, |text| { check(text, 1_000, Lines::One).map(|()| text.to_owned()) }
);

macro_rules! folded {
    ($($name:ident),*) => { $(
        impl $name {
            /// The form that uniqueness is decided on: lower case.
            #[must_use]
            pub fn folded(&self) -> String {
                fold(&self.0)
            }
        }
    )* };
}
folded!(Email, Nickname, LoginName);

/// Lower case, in NFC where the text was: some letters have a lower case alone.
/// A text that was kept in another form, before texts were brought into this
/// one, keeps the fold that its guard was written with.
fn fold(text: &str) -> String {
    let lower = text.to_lowercase();
    if nfc(text) == text {
        nfc(&lower)
    } else {
        lower
    }
}

/// Any number of lines, of at most `max` characters together.
fn lines(text: &str, max: usize) -> Result<String, Unacceptable> {
    check_length(text, max)?;
    let text = canonical(text);
    check(&text, max, Lines::Many).map(|()| text)
}

/// One line of at most `max` characters.
fn line(text: &str, max: usize) -> Result<String, Unacceptable> {
    check_length(text, max)?;
    let text = canonical(text);
    check(&text, max, Lines::One).map(|()| text)
}

fn check_url(text: &str) -> Result<(), Unacceptable> {
    let wrong = || {
        Err(Unacceptable::new(
            "must be an absolute http or https URL such as https://www.example.com/picture",
        ))
    };
    if text.len() > 1024 {
        return Err(Unacceptable::new(format!(
            "must have at most 1024 bytes, has {}",
            text.len()
        )));
    }
    check_characters(text, Lines::One)?;
    if text.chars().any(char::is_whitespace) {
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
    fn the_length_of_a_text_is_what_was_sent_blanks_at_its_ends_too() {
        let padded = |blanks: usize| format!("{}a", "\u{85}".repeat(blanks));
        assert_eq!(padded(99).parse::<Name>().unwrap().as_str(), "a");
        let refused = padded(100).parse::<Name>().unwrap_err();
        assert_eq!(
            refused.to_string(),
            "must have at most 100 characters, has 101"
        );
        // `e` and an accent are one character when they are kept.
        assert!("e\u{301}".repeat(50).parse::<Name>().is_ok());
        assert!("e\u{301}".repeat(51).parse::<Name>().is_err());
    }

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
            "\u{212a}im@example.com",
            "jean@bü cher.example",
            "jean@-bücher.example",
            "jean@example..com",
        ] {
            assert!(wrong.parse::<Email>().is_err(), "{wrong:?}");
        }
        assert!("jean+test@localhost".parse::<Email>().is_ok());
    }

    #[test]
    fn a_name_holds_any_script_but_no_control_character() {
        for fine in [
            "Jean",
            "李",
            "Zoë 🎉",
            "O'Neil-Smith",
            "👩\u{200d}💻",
            "می\u{200c}خواهم",
            "❤\u{fe0f}",
        ] {
            assert!(fine.parse::<Name>().is_ok(), "{fine:?}");
        }
        for wrong in ["", "  ", "a\0b", "a\nb", "a\u{2028}b", &"x".repeat(101)] {
            assert!(wrong.parse::<Name>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_text_of_nothing_but_invisible_characters_is_empty() {
        for invisible in [
            "\u{200b}",
            "\u{200d}",
            "\u{3164}",
            "\u{115f}\u{1160}",
            "\u{ffa0}",
            "\u{2800}\u{2800}",
            "\u{ad}",
            "\u{fe0f}",
            "\u{34f}",
            "\u{e0041}\u{e0042}",
            "\u{180e}",
            "\u{feff}",
            "\u{2060}",
            "\u{200e}",
        ] {
            assert!(invisible.parse::<Name>().is_err(), "{invisible:?}");
            assert!(invisible.parse::<Title>().is_err(), "{invisible:?}");
            assert!(invisible.parse::<Message>().is_err(), "{invisible:?}");
            assert!(invisible.parse::<ExternalId>().is_err(), "{invisible:?}");
        }
    }

    #[test]
    fn a_text_does_not_turn_the_text_beside_it_round() {
        for turning in ['\u{202a}', '\u{202c}', '\u{202e}', '\u{2066}', '\u{2069}'] {
            let text = format!("Jean{turning}Paul");
            assert!(text.parse::<Name>().is_err(), "{text:?}");
            assert!(text.parse::<LoginName>().is_err(), "{text:?}");
            let url = format!("https://www.example.com/{turning}");
            assert!(url.parse::<WebUrl>().is_err(), "{url:?}");
        }
        assert!("a\u{202e}b".parse::<Message>().is_err());
        assert!("a \u{2068}שלום\u{2069} b".parse::<Message>().is_ok());
        assert!("שלום\u{200f}!".parse::<Name>().is_ok());
    }

    #[test]
    fn a_text_is_kept_in_nfc_without_blanks_at_its_ends() {
        let name: Name = "\u{3000} Rene\u{301} \u{a0}\n".parse().expect("a name");
        assert_eq!(name.as_str(), "René");
        let login: LoginName = "\tRene\u{301}".parse().expect("a login name");
        assert_eq!(login.folded(), "rené");
        let extid: ExternalId = " e\u{301}1 ".parse().expect("an extid");
        assert_eq!(extid.as_str(), "é1");
        let secret: Opaque = " e\u{301} ".parse().expect("a value");
        assert_eq!(secret.as_str(), " e\u{301} ");
    }

    #[test]
    fn a_login_name_has_nothing_in_it_that_cannot_be_seen_but_joiners() {
        for wrong in ["ceo\u{200b}x", "ceo\u{ad}x", "ceo\u{2060}x", "ce"] {
            assert!(wrong.parse::<LoginName>().is_err(), "{wrong:?}");
        }
        assert!("می\u{200c}خواهم".parse::<LoginName>().is_ok());
    }

    #[test]
    fn a_login_name_is_the_same_in_either_case_also_where_one_case_has_no_letter_of_its_own() {
        let upper: LoginName = "J\u{30c}AN".parse().expect("a login name");
        let lower: LoginName = "\u{1f0}an".parse().expect("a login name");
        assert_eq!(upper.folded(), lower.folded());
    }

    #[test]
    fn a_unicode_domain_is_the_mailbox_of_its_ascii_form() {
        let email: Email = " jean@Bücher.example".parse().expect("an address");
        assert_eq!(email.as_str(), "jean@xn--bcher-kva.example");
        let decomposed: Email = "jean@bu\u{308}cher.example".parse().expect("an address");
        assert_eq!(decomposed, email);
    }

    #[test]
    fn a_unicode_local_part_is_told_as_such() {
        let Err(Unacceptable(detail)) = "jürgen@example.com".parse::<Email>() else {
            panic!("is taken");
        };
        assert!(detail.contains("ASCII characters before the @"), "{detail}");
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_host_and_nothing_else() {
        for origin in ["https://www.example.com", "http://127.0.0.1:8000"] {
            assert!(origin.parse::<WebOrigin>().is_ok(), "{origin}");
        }
        for wrong in [
            "https://www.example.com/",
            "https://WWW.example.com",
            "https://www.example.com:443",
            "https://*.example.com",
            "https://a.example; script-src *",
            "https://u@www.example.com",
            "ftp://www.example.com",
            "www.example.com",
            "null",
            "*",
        ] {
            assert!(wrong.parse::<WebOrigin>().is_err(), "{wrong}");
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
