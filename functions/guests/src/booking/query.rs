//! What the address of a page says besides whose page it is. What nobody can read is passed
//! over: a link that a mail program has mended in its own way still shows the page.

use jiff::{Timestamp, civil::Date};
use roster_domain::{EventId, text::Message, zone::ZoneName};
use roster_runtime::Call;
use url::form_urlencoded;

use super::page::Page;

/// The first day that is shown.
pub const DATE: &str = "date";
/// The zone that times are shown in.
pub const TIMEZONE: &str = "timezone";
/// The language.
pub const LANG: &str = "lang";
/// The time that is held.
pub const HOLD: &str = "hold";
/// The times that were chosen, with commas between them.
pub const DATES: &str = "dates";
/// What is to be changed: `timezone`.
pub const CHANGE: &str = "change";
/// Why the last thing that was asked for was not done.
pub const PROBLEM: &str = "problem";
/// How long an event with a team is, in minutes.
pub const MINUTES: &str = "minutes";

/// That the page is shown within another.
pub const EMBED: &str = "embed";

/// What the address fills in where the page's owner allows it (`custom.enable_api`).
pub const FILLED_IN: [&str; 9] = ["cn", "cm", "cc", "cp", "em", "et", "places", "aid", "agid"];

/// Most times that one guest can suggest.
pub(crate) const MAX_DATES: usize = 10;

/// What the address says.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pairs: Vec<(String, String)>,
    pub(crate) date: Option<Date>,
    pub(crate) zone: Option<ZoneName>,
    pub(crate) hold: Option<EventId>,
    pub(crate) dates: Vec<Timestamp>,
    pub(crate) changes_zone: bool,
    pub(crate) problem: Option<String>,
    pub(crate) is_embedded: bool,
}

impl Asked {
    /// Reads it.
    pub(crate) fn read(call: &Call<'_>, page: &Page) -> Self {
        let mut pairs = call.query();
        let keeps = [
            DATE, TIMEZONE, LANG, HOLD, DATES, CHANGE, PROBLEM, MINUTES, EMBED,
        ];
        let fills_in = page.is(|own| own.enable_api);
        pairs.retain(|(name, _)| {
            keeps.contains(&name.as_str()) || (fills_in && FILLED_IN.contains(&name.as_str()))
        });
        let mut seen = std::collections::BTreeSet::new();
        pairs.retain(|(name, _)| seen.insert(name.clone()));
        let mut asked = Self {
            pairs,
            ..Self::default()
        };
        asked.date = asked.value(DATE).and_then(|text| text.parse().ok());
        let fixed = page.settings.fixed_timezone.clone();
        let fixed = fixed.filter(|_| page.is(|own| own.set_timezone));
        let chosen = || asked.value(TIMEZONE)?.parse().ok();
        asked.zone = fixed.or_else(chosen);
        asked.hold = asked.value(HOLD).and_then(|text| text.parse().ok());
        asked.dates = asked.value(DATES).map(instants).unwrap_or_default();
        asked.changes_zone = asked.value(CHANGE) == Some(TIMEZONE);
        asked.is_embedded = asked.value(EMBED).is_some();
        asked.problem = asked.value(PROBLEM).map(str::to_owned);
        asked
    }

    /// What the address says under a name.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        let mut pairs = self.pairs.iter();
        let found = pairs.find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }

    /// What the address fills in, as one line.
    pub(crate) fn filled_in(&self, name: &str) -> &str {
        self.value(name).unwrap_or_default().trim()
    }

    /// What the address fills in as a message.
    pub(crate) fn message(&self) -> Option<Message> {
        self.filled_in("em").parse().ok()
    }

    /// Everything that it says but for these.
    pub(crate) fn others(&self, but: &[&str]) -> Vec<(&str, &str)> {
        let pairs = self.pairs.iter();
        let pairs = pairs.map(|(name, value)| (name.as_str(), value.as_str()));
        pairs.filter(|(name, _)| !but.contains(name)).collect()
    }

    /// The address of the same page with something changed: a value, or nothing.
    pub(crate) fn with(&self, changes: &[(&str, Option<String>)]) -> String {
        let names: Vec<_> = changes.iter().map(|(name, _)| *name).collect();
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.others(&names));
        for (name, value) in changes {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        format!("?{}", query.finish())
    }
}

/// Instants with commas between them, in order, each once.
fn instants(text: &str) -> Vec<Timestamp> {
    let all = text.split(',').filter_map(|one| one.parse().ok());
    let all: std::collections::BTreeSet<Timestamp> = all.collect();
    all.into_iter().take(MAX_DATES).collect()
}

/// Instants as [`instants`] reads them.
pub(crate) fn joined(instants: impl IntoIterator<Item = Timestamp>) -> String {
    let all: Vec<_> = instants.into_iter().map(|one| one.to_string()).collect();
    all.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_in_order_each_once_and_what_is_none_is_passed_over() {
        let read =
            instants("2027-01-05T10:00:00Z,x,2027-01-04T10:00:00+01:00,2027-01-05T10:00:00Z");
        assert_eq!(joined(read), "2027-01-04T09:00:00Z,2027-01-05T10:00:00Z");
    }
}
