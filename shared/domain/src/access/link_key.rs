//! What opens something by its address alone.

use std::{fmt, str::FromStr};

use crate::{
    error::{Result, Unacceptable},
    id::OrganizationId,
};

/// Characters of an organization's id.
const ID_LENGTH: usize = 24;

/// What a link has behind `k=` that opens something without an API key: the organization,
/// which is no secret, and a key, which is one.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkKey {
    /// The organization that what it opens is of.
    pub organization: OrganizationId,
    /// The key: a participant's, or that of a feed.
    pub key: String,
}

impl fmt::Display for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.organization, self.key)
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LinkKey({}…)", self.organization)
    }
}

impl FromStr for LinkKey {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (organization, key) = text.split_at_checked(ID_LENGTH).unwrap_or_default();
        Ok(Self {
            organization: organization.parse()?,
            key: key.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_shows_its_organization_and_hides_its_secret() {
        let text = "5f198da1c1ac5d1a30fc00f3secret";
        let key: LinkKey = text.parse().expect("a key");
        assert_eq!(key.to_string(), text);
        assert_eq!(key.key, "secret");
        assert!(!format!("{key:?}").contains("secret"));
        for wrong in [
            "",
            "secret",
            "5f198da1c1ac5d1a30fc00f",
            "zf198da1c1ac5d1a30fc00f3secret",
        ] {
            assert!(wrong.parse::<LinkKey>().is_err(), "{wrong}");
        }
    }
}
