//! A reserved stretch of time, as an agenda's item has it: short, as a day has many.

use std::{fmt, str::FromStr};

use jiff::SignedDuration;
use roster_domain::{bookings::agenda::TimeSpan, calendars::BusyTime};
use serde::{Deserialize, Serialize};

/// A span that is written as an interval of ISO 8601: its start and how long it takes,
/// `2030-01-09T10:00:00Z/PT30M`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Reserved(pub(crate) TimeSpan);

impl fmt::Display for Reserved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TimeSpan { start, end } = self.0;
        write!(f, "{start}/{}", start.duration_until(end))
    }
}

impl From<Reserved> for String {
    fn from(reserved: Reserved) -> Self {
        reserved.to_string()
    }
}

impl FromStr for Reserved {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = |error: jiff::Error| error.to_string();
        let (start, length) = text.split_once('/').ok_or("an interval has two parts")?;
        let start: jiff::Timestamp = start.parse().map_err(wrong)?;
        let length: SignedDuration = length.parse().map_err(wrong)?;
        let end = start.checked_add(length).map_err(wrong)?;
        let span = TimeSpan::new(start, end).map_err(|error| error.to_string())?;
        Ok(Self(span))
    }
}

impl TryFrom<String> for Reserved {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// A span that is kept until an instant: `2030-01-09T10:00:00Z/PT30M until
/// 2030-01-08T09:10:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Held {
    pub(crate) span: TimeSpan,
    pub(crate) until: jiff::Timestamp,
}

/// What stands between the span and the end of a hold.
const UNTIL: &str = " until ";

impl From<Held> for String {
    fn from(held: Held) -> Self {
        format!("{}{UNTIL}{}", Reserved(held.span), held.until)
    }
}

impl TryFrom<String> for Held {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (span, until) = text.split_once(UNTIL).ok_or("a hold has an end")?;
        let Reserved(span) = span.parse()?;
        let until = until
            .parse()
            .map_err(|error: jiff::Error| error.to_string())?;
        Ok(Self { span, until })
    }
}

/// A busy time of a calendar: `2030-01-09T10:00:00Z/PT30M`, and ` all day` behind it where
/// it is of whole days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Busy(pub(crate) BusyTime);

/// What stands behind a busy time of whole days.
const ALL_DAY: &str = " all day";

impl From<Busy> for String {
    fn from(Busy(BusyTime { span, all_day }): Busy) -> Self {
        let kind = if all_day { ALL_DAY } else { "" };
        format!("{}{kind}", Reserved(span))
    }
}

impl TryFrom<String> for Busy {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let timed = text.strip_suffix(ALL_DAY);
        let Reserved(span) = timed.unwrap_or(&text).parse()?;
        let all_day = timed.is_some();
        Ok(Self(BusyTime { span, all_day }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_an_interval_with_its_length_and_read_as_it_was() {
        for (start, end, text) in [
            (
                "2030-01-09T10:00:00Z",
                "2030-01-09T10:30:00Z",
                "2030-01-09T10:00:00Z/PT30M",
            ),
            (
                "2030-01-09T10:00:00Z",
                "2030-01-09T10:00:00Z",
                "2030-01-09T10:00:00Z/PT0S",
            ),
            (
                "2030-01-09T22:00:00.123456789Z",
                "2030-02-09T22:00:01Z",
                "2030-01-09T22:00:00.123456789Z/PT744H0.876543211S",
            ),
        ] {
            let instant = |text: &str| text.parse().expect("an instant");
            let span = TimeSpan::new(instant(start), instant(end)).expect("a span");
            assert_eq!(Reserved(span).to_string(), text);
            assert_eq!(text.parse(), Ok(Reserved(span)));
        }
    }

    #[test]
    fn a_hold_is_an_interval_with_its_end() {
        let text = "2030-01-09T10:00:00Z/PT30M until 2030-01-08T09:10:00.5Z".to_owned();
        let held = Held::try_from(text.clone()).expect("a hold");
        assert_eq!(held.until.to_string(), "2030-01-08T09:10:00.5Z");
        assert_eq!(String::from(held), text);
        assert!(Held::try_from("2030-01-09T10:00:00Z/PT30M".to_owned()).is_err());
    }

    #[test]
    fn a_busy_time_says_whether_it_is_of_whole_days() {
        for text in [
            "2030-01-09T10:00:00Z/PT30M",
            "2030-01-09T00:00:00Z/PT24H all day",
        ] {
            let busy = Busy::try_from(text.to_owned()).expect("a busy time");
            assert_eq!(busy.0.all_day, text.ends_with("day"));
            assert_eq!(String::from(busy), text);
        }
    }

    #[test]
    fn what_is_no_interval_is_refused() {
        for text in [
            "",
            "2030-01-09T10:00:00Z",
            "PT1H/PT1H",
            "2030-01-09T10:00:00Z/-PT1H",
        ] {
            assert!(text.parse::<Reserved>().is_err(), "{text}");
        }
    }
}
