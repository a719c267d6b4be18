//! Time zones by their name in the IANA time zone database.

use std::{fmt, str::FromStr};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::error::Unacceptable;

/// The name of a zone in the IANA database, spelled as the database spells it
/// (`Europe/Paris`). Kept as a name, so that a change to the zone's rules
/// changes what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ZoneName(String);

impl ZoneName {
    /// UTC.
    #[must_use]
    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The zone's rules. UTC should the database no longer know the name.
    #[must_use]
    pub fn rules(&self) -> TimeZone {
        TimeZone::get(&self.0).unwrap_or(TimeZone::UTC)
    }
}

impl fmt::Display for ZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ZoneName {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // jiff also knows "Etc/Unknown", its name for not knowing the zone.
        let text = text.trim();
        match TimeZone::get(text) {
            Ok(zone) if !zone.is_unknown() => {
                let name = zone.iana_name().unwrap_or(text);
                Ok(Self(name.to_owned()))
            }
            _ => Err(Unacceptable::new(
                "must be a time zone of the IANA database such as Europe/Paris",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_the_iana_database_are_zones() {
        for fine in [
            "Europe/Paris",
            "UTC",
            "America/Argentina/Buenos_Aires",
            "Asia/Kathmandu",
        ] {
            assert_eq!(fine.parse::<ZoneName>().expect(fine).as_str(), fine);
        }
        for wrong in [
            "",
            "Mars/Olympus",
            "+01:00",
            "Paris",
            "Europe/Paris\0",
            "../etc/passwd",
        ] {
            assert!(wrong.parse::<ZoneName>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_zone_is_spelled_as_the_database_spells_it() {
        let zone: ZoneName = "europe/paris".parse().expect("case does not matter");
        assert_eq!(zone.as_str(), "Europe/Paris");
    }
}
