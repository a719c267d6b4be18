//! What `/api/v1`, the operator's directory, alone knows of a user. Kept, checked and
//! answered; nothing here sends to a phone or an extra address.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    error::Unacceptable,
    patch::settings,
    text::{Email, is_domain},
};

/// What stands between the entries of a list.
const SEPARATORS: [char; 3] = [',', ';', ' '];
/// Most characters of a list of addresses.
const MAX_LIST: usize = 1_000;

settings! {
    /// `/api/v1`'s own fields of a user.
    pub struct DirectoryDetails changed by DirectoryDetailsChange {
        /// Mobile number.
        mobile: Mobile,
        /// Id of the mobile provider.
        mobile_provider: u32,
        /// Packs limit.
        sp_num: u32,
        /// Extra addresses for alerts.
        extra_email: ExtraEmails,
        /// Addresses and domains that get no mail.
        suppress_emails: SuppressedEmails,
    }
}

macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $check:path) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Unacceptable;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let text = text.trim();
                $check(text).map(|()| Self(text.to_owned()))
            }
        }
    };
}

checked_text!(
    /// A telephone number as people write it: 1 to 32 digits, blanks, `-`, `.`,
    /// `(`, `)` and `+`, with a digit among them. `/api/v1` shows `0` for none.
    Mobile, check_mobile
);
checked_text!(
    /// Addresses, separated by commas, semicolons or blanks.
    ExtraEmails, check_extra
);
checked_text!(
    /// Addresses and domains, separated by commas, semicolons or blanks.
    SuppressedEmails, check_suppressed
);

impl SuppressedEmails {
    /// Whether an address is in the list, or its domain is.
    ///
    /// ```
    /// # use roster_domain::users::directory::SuppressedEmails;
    /// let list: SuppressedEmails = "test.com, a@example.org".parse()?;
    /// assert!(list.has(&"B@Test.com".parse()?) && list.has(&"a@example.org".parse()?));
    /// assert!(!list.has(&"b@example.org".parse()?));
    /// # Ok::<(), roster_domain::error::Unacceptable>(())
    /// ```
    #[must_use]
    pub fn has(&self, email: &Email) -> bool {
        let address = email.folded();
        let domain = address.rsplit_once('@').map(|(_, domain)| domain);
        let mut entries = self.0.split(SEPARATORS).filter(|entry| !entry.is_empty());
        entries.any(|entry| match entry.parse::<Email>() {
            Ok(own) => own.folded() == address,
            Err(_) => domain.is_some_and(|domain| domain.eq_ignore_ascii_case(entry)),
        })
    }
}

fn check_mobile(text: &str) -> Result<(), Unacceptable> {
    let fits = (1..=32).contains(&text.len())
        && text.bytes().any(|b| b.is_ascii_digit())
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || b" -.()+".contains(&b));
    fits.then_some(()).ok_or_else(|| {
        Unacceptable::new(
            "must be a telephone number of at most 32 characters such as +33 6 12 34 56 78",
        )
    })
}

fn check_extra(text: &str) -> Result<(), Unacceptable> {
    check_list(text, "an email address", |entry| {
        entry.parse::<Email>().is_ok()
    })
}

fn check_suppressed(text: &str) -> Result<(), Unacceptable> {
    check_list(text, "an email address or a domain", |entry| {
        entry.parse::<Email>().is_ok() || is_domain(entry)
    })
}

fn check_list(text: &str, what: &str, is_fine: impl Fn(&str) -> bool) -> Result<(), Unacceptable> {
    let length = text.chars().count();
    if length > MAX_LIST {
        return Err(Unacceptable::new(format!(
            "must have at most {MAX_LIST} characters, has {length}"
        )));
    }
    let entries = || text.split(SEPARATORS).filter(|entry| !entry.is_empty());
    let rule = format!("must be a list, separated by commas, of which each is {what}");
    if let Some(wrong) = entries().find(|entry| !is_fine(entry)) {
        return Err(Unacceptable::new(format!("{rule}: {wrong:?} is none")));
    }
    if entries().next().is_none() {
        return Err(Unacceptable::new(rule));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mobile_number_is_written_as_people_write_it() {
        for fine in ["0", "+33 6 12 34 56 78", "(555) 123-4567"] {
            assert_eq!(
                fine.parse::<Mobile>().map(|mobile| mobile.to_string()),
                Ok(fine.to_owned())
            );
        }
        for wrong in ["", "+", "call me", "0\n1", &"1".repeat(33)] {
            assert!(wrong.parse::<Mobile>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_list_of_addresses_has_nothing_else_in_it() {
        assert!("a@x.org, b@y.org;c@z.org".parse::<ExtraEmails>().is_ok());
        assert!("test.com, a@x.org".parse::<SuppressedEmails>().is_ok());
        for wrong in ["", " , ", "test.com", "a@x.org, b", "a@x.org\nb@x.org"] {
            assert!(wrong.parse::<ExtraEmails>().is_err(), "{wrong:?}");
        }
        for wrong in ["", "-x.com", "a@x.org, b!"] {
            assert!(wrong.parse::<SuppressedEmails>().is_err(), "{wrong:?}");
        }
    }
}
