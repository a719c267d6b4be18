//! A time that is kept for somebody who is about to book it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    bookings::{
        agenda::{DateText, TimeSpan},
        event::SuggestedDate,
    },
    error::{Conflict, Error, Field, Result},
    id::{EventId, TeamId, UserId},
};

/// Fewest minutes that a hold lasts.
pub const MIN_MINUTES: u32 = 1;
/// Most minutes that a hold lasts.
pub const MAX_MINUTES: u32 = 30;
/// Minutes that a hold lasts where none are given.
pub const DEFAULT_MINUTES: u32 = 10;

/// A time that is kept. Its id is that of the event that is booked for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: EventId,
    /// The team whose member's time it is; none where users were named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// Whose time it is.
    pub users: Vec<UserId>,
    /// When.
    pub span: TimeSpan,
    /// Whether that is whole days.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all_day: bool,
    /// When it ends by itself.
    pub until: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Hold {
    /// When a hold ends that is made now.
    #[must_use]
    pub fn end(now: Timestamp, minutes: u32) -> Timestamp {
        let minutes = SignedDuration::from_mins(minutes.into());
        now.saturating_add(minutes).unwrap_or(Timestamp::MAX)
    }

    /// Whether it still keeps its time.
    #[must_use]
    pub fn is_on(&self, now: Timestamp) -> bool {
        self.until > now
    }

    /// That an event with this team can be booked for it.
    ///
    /// # Errors
    /// A conflict where it has ended; a violation where it is of another team.
    pub fn hold_for(&self, team: Option<TeamId>, now: Timestamp) -> Result<()> {
        if self.team != team {
            let detail = match self.team {
                Some(team) => format!("is a hold of team {team}"),
                None => "is a hold of users: POST /v2/events takes it".to_owned(),
            };
            return Err(Error::at(Field::Hold, detail));
        }
        if self.is_on(now) {
            return Ok(());
        }
        let detail = format!("the hold ended at {:.0}; make a new one", self.until);
        Err(Conflict::new(detail).at(Field::Hold).into())
    }

    /// Its date, as a request would suggest it.
    ///
    /// # Errors
    /// Where its instants cannot be written, which no hold has.
    pub fn date(&self) -> Result<SuggestedDate> {
        let text = |instant: Timestamp| -> Result<DateText> {
            let text = instant.to_string().parse();
            text.map_err(Error::internal)
        };
        Ok(SuggestedDate {
            all_day: self.all_day,
            start: text(self.span.start)?,
            end: text(self.span.end)?,
        })
    }
}
