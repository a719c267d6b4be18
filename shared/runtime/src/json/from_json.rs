//! Types that one JSON value can be.

use roster_domain::{
    CalendarId, EventId, OrganizationId, TeamId, UserId,
    access::key::Role,
    access::password::Password,
    bookings::assignment::{Outcome, StaleCalendars, Strategy},
    error::Unacceptable,
    id::ObjectId,
    organization::Plan,
    text::{
        Address, Email, ExternalId, LoginName, Message, Name, Nickname, Opaque, Title, WebOrigin,
        WebUrl,
    },
    users::directory::{ExtraEmails, Mobile, SuppressedEmails},
    users::language::{AccountsLanguage, SchedulingLanguage},
    zone::ZoneName,
};
use serde_json::Value;

/// What is asked for where a text should stand.
pub(crate) const STRING: &str = "must be a string";

/// Why a JSON value is not a value of some type.
#[derive(Debug)]
pub enum Wrong {
    /// It has the wrong JSON type: what it must be. What it is is added.
    Type(&'static str),
    /// It has the right type and is not acceptable.
    Value(String),
}

/// A type that one JSON value can be.
pub trait FromJson: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// What is wrong with it.
    fn from_json(value: &Value) -> Result<Self, Wrong>;
}

macro_rules! from_json_string {
    ($($Type:ty),* $(,)?) => { $(
        impl FromJson for $Type {
            fn from_json(value: &Value) -> Result<Self, Wrong> {
                let text = value.as_str().ok_or(Wrong::Type(STRING))?;
                text.parse().map_err(|Unacceptable(detail)| Wrong::Value(detail))
            }
        }
    )* };
}
from_json_string!(
    AccountsLanguage,
    Address,
    Email,
    CalendarId,
    EventId,
    ExternalId,
    ExtraEmails,
    LoginName,
    Message,
    Mobile,
    Name,
    Nickname,
    ObjectId,
    Opaque,
    OrganizationId,
    Password,
    Plan,
    Role,
    SchedulingLanguage,
    Outcome,
    StaleCalendars,
    Strategy,
    SuppressedEmails,
    TeamId,
    Title,
    UserId,
    WebOrigin,
    WebUrl,
    ZoneName,
);

impl FromJson for String {
    fn from_json(value: &Value) -> Result<Self, Wrong> {
        value.as_str().map(str::to_owned).ok_or(Wrong::Type(STRING))
    }
}

/// `true`, `false`, `"true"` or `"false"`: `/v2/teams`'s samples send strings.
impl FromJson for bool {
    fn from_json(value: &Value) -> Result<Self, Wrong> {
        match value {
            Value::Bool(value) => Ok(*value),
            Value::String(text) if text.trim() == "true" => Ok(true),
            Value::String(text) if text.trim() == "false" => Ok(false),
            _ => Err(Wrong::Type("must be true or false")),
        }
    }
}

/// A whole number from 0 up, or a string of its digits. `1.0` is whole, too, as
/// it is in JSON Schema: some clients know no other numbers.
impl FromJson for u64 {
    fn from_json(value: &Value) -> Result<Self, Wrong> {
        let number = match value {
            Value::Number(number) => number
                .as_u64()
                .or_else(|| number.as_f64()?.to_string().parse().ok()),
            Value::String(text) if text.trim().bytes().all(|b| b.is_ascii_digit()) => {
                text.trim().parse().ok()
            }
            _ => None,
        };
        number.ok_or(Wrong::Type("must be a whole number of at least 0"))
    }
}

/// A whole number of 32 bits, or a string of its digits.
impl FromJson for u32 {
    fn from_json(value: &Value) -> Result<Self, Wrong> {
        let wrong = Wrong::Type("must be a whole number from 0 to 4294967295");
        u64::from_json(value)?.try_into().map_err(|_| wrong)
    }
}

/// An instant: ISO 8601 with an offset, kept in UTC and to the millisecond, as
/// answers show it.
impl FromJson for jiff::Timestamp {
    fn from_json(value: &Value) -> Result<Self, Wrong> {
        let text = value.as_str().ok_or(Wrong::Type(STRING))?;
        let instant: Option<Self> = text.parse().ok();
        let instant = instant.and_then(|instant| {
            let milliseconds = instant.as_nanosecond().div_euclid(1_000_000);
            Self::from_millisecond(milliseconds.try_into().ok()?).ok()
        });
        instant.ok_or_else(|| {
            Wrong::Value("must be an instant such as 2020-06-24T09:42:41.225Z".to_owned())
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn booleans_and_whole_numbers_may_be_strings() {
        assert!(matches!(bool::from_json(&json!("false")), Ok(false)));
        assert!(matches!(u32::from_json(&json!("60")), Ok(60)));
        assert!(matches!(u32::from_json(&json!(60.0)), Ok(60)));
        for wrong in [json!("yes"), json!(1), json!(null)] {
            assert!(bool::from_json(&wrong).is_err(), "{wrong}");
        }
        for wrong in [
            json!(-1),
            json!(1.5),
            json!("x"),
            json!("+6"),
            json!(""),
            json!(5_000_000_000_u64),
        ] {
            assert!(u32::from_json(&wrong).is_err(), "{wrong}");
        }
    }
}
