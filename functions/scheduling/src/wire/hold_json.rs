//! Holds of `/v2/slots/holds`, in and out.

use roster_domain::{
    EventId, OrganizationId, Result, TeamId, UserId,
    bookings::{
        event::SuggestedDate,
        hold::{DEFAULT_MINUTES, Hold, MAX_MINUTES, MIN_MINUTES},
    },
    zone::ZoneName,
};
use roster_runtime::{
    answer, body,
    json::read::read_object,
    wire::{
        self,
        members::{ListOf, Nullable, Optional, Whole},
    },
};
use roster_store::bookings::holds::{Held, HoldRequest};
use serde_json::Value;

use super::{Instant, event_in::DateBody};
use crate::query::MAX_PEOPLE;

/// What a request says of a hold.
#[derive(Debug)]
pub struct HoldBodyRead {
    organization: Option<OrganizationId>,
    team: Option<TeamId>,
    users: Option<Vec<UserId>>,
    timezone: Option<ZoneName>,
    minutes: Option<u32>,
    date: SuggestedDate,
}

body! {
    /// Reads what is to be held.
    pub struct HoldBody for HoldBodyRead as "HoldBody" {
        /// The organization, if the query does not name it.
        "organization" => organization: Optional<OrganizationId>,
        /// The `_id` of a team: the time of one member is held, by the team's rules.
        "team" => team: Nullable<TeamId>,
        /// The `_id` of each user, if there is no `team`: the time of all of them is held.
        "users" => users: Optional<ListOf<UserId, MAX_PEOPLE>>,
        /// Time zone of an all-day date and of a date without an offset. Default: the
        /// user's.
        "timezone" => timezone: Nullable<ZoneName>,
        /// How long the hold lasts. Default: 10.
        "minutes" => minutes: Optional<Whole<MIN_MINUTES, MAX_MINUTES>>,
        ..date: DateBody,
    }
}

/// What is to be held, and the organization that the body names.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read(body: &Value) -> Result<(Option<OrganizationId>, HoldRequest)> {
    read_object(body, |object| {
        let read = HoldBody::members(object)?;
        let users = read.users.map(|mut users| {
            let mut seen = std::collections::HashSet::new();
            users.retain(|user| seen.insert(*user));
            users
        });
        let whose = match (read.team, users) {
            (Some(team), None) => Held::MemberOf(team),
            (None, Some(users)) if !users.is_empty() => Held::Users(users),
            (Some(_), Some(_)) => {
                let detail = "must not be given beside team";
                object.violations().unacceptable("/users", detail);
                return None;
            }
            (None, users) => {
                // Users or a team that cannot be read were noted: they are not missing.
                let team = object.node("team");
                let has_team = team.is_some_and(|team| !team.value.is_null());
                if users.is_some() || !(has_team || object.has("users")) {
                    let detail = "is required, or users";
                    object.violations().unacceptable("/team", detail);
                }
                return None;
            }
        };
        let request = HoldRequest {
            whose,
            date: read.date,
            timezone: read.timezone,
            minutes: read.minutes.unwrap_or(DEFAULT_MINUTES),
        };
        Some((read.organization, request))
    })
}

answer! {
    /// A time that is held.
    pub struct HoldAnswer<'a> as "Hold" {
        "_id" => id: EventId,
        /// The team whose member is held. Absent if users were named.
        "team" [optional] => team: TeamId,
        /// Whose time is held.
        "users" => users: &'a [UserId],
        /// Start.
        "date" => start: Instant,
        /// End.
        "end_date" => end: Instant,
        "all_day" => all_day: bool,
        /// When the hold ends by itself.
        "until" => until: Instant,
        "createdAt" => created_at: Instant,
    }
}

/// A hold as `/v2/slots/holds` shows it.
#[must_use]
pub fn render(hold: &Hold) -> Value {
    wire::value(HoldAnswer {
        id: hold.id,
        team: hold.team,
        users: &hold.users,
        start: Instant(hold.span.start),
        end: Instant(hold.span.end),
        all_day: hold.all_day,
        until: Instant(hold.until),
        created_at: Instant(hold.created_at),
    })
}
