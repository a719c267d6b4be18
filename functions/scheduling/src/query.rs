//! Kinds of query parameters: how each is read, and what is said of one that is wrong.

use std::{fmt, str::FromStr};

use jiff::{civil::Date, tz::TimeZone};
use roster_domain::{
    Error, Location, Result, Violation,
    bookings::agenda::{TimeSpan, begin_of},
    error::Unacceptable,
};

/// Most people whom a list names.
pub const MAX_PEOPLE: usize = 50;

/// A number in a range.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Whole<const MIN: u32, const MAX: u32>(pub(crate) u32);

impl<const MIN: u32, const MAX: u32> FromStr for Whole<MIN, MAX> {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || Unacceptable::new(format!("must be a whole number from {MIN} to {MAX}"));
        // `+5` is a number to Rust, and none to most.
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| digits).ok_or_else(wrong)?;
        if (MIN..=MAX).contains(&number) {
            Ok(Self(number))
        } else {
            Err(wrong())
        }
    }
}

/// A day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IsoDate(pub(crate) Date);

impl FromStr for IsoDate {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let date: Option<Date> = text.parse().ok();
        let date = date.filter(|date| date.year() >= 0 && date.to_string() == text);
        date.map(Self)
            .ok_or_else(|| Unacceptable::new("must be a day such as 2026-07-15"))
    }
}

/// Whether or not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flag(pub(crate) bool);

impl FromStr for Flag {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "true" => Ok(Self(true)),
            "false" => Ok(Self(false)),
            _ => Err(Unacceptable::new("must be true or false")),
        }
    }
}

/// Some things between commas.
#[derive(Clone, Debug)]
pub(crate) struct List<T>(pub(crate) Vec<T>);

impl<T: FromStr<Err: fmt::Display> + PartialEq> FromStr for List<T> {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut list: Vec<T> = Vec::new();
        for text in text.split(',').map(str::trim) {
            let one = text.parse().map_err(|error| {
                Unacceptable::new(format!(
                    "must be a list separated by commas; {text:?} {error}"
                ))
            })?;
            if !list.contains(&one) {
                list.push(one);
            }
        }
        if list.len() > MAX_PEOPLE {
            let detail = format!("must not name more than {MAX_PEOPLE} people");
            return Err(Unacceptable::new(detail));
        }
        Ok(Self(list))
    }
}

/// That a parameter is wrong.
pub(crate) fn wrong(name: &'static str, detail: impl Into<String>) -> Error {
    Error::Invalid(vec![Violation::malformed(
        Location::query(name),
        detail.into(),
    )])
}

/// The days from one to another, both included, by the clock of a zone.
pub(crate) fn days_within(from: Date, to: Date, zone: &TimeZone) -> TimeSpan {
    let behind = to.tomorrow().unwrap_or(to);
    TimeSpan {
        start: begin_of(from, zone, false),
        end: begin_of(behind, zone, true),
    }
}
