//! Keys of events, of members' parts in them and agendas, and of ledgers.

use jiff::{Timestamp, civil::Date};
use roster_domain::{EventId, OrganizationId, TeamId, Tenancy, UserId};

use super::{IndexKey, Key, Range, Stretch, partition, partition::Partition};

/// What the sort key of an event begins with. infra/template.yaml names it too.
const EVENT: &str = "EVENT#";

/// An event.
#[must_use]
pub fn event(organization: impl Into<Tenancy>, id: EventId) -> Key {
    Key::new(partition(organization), format!("{EVENT}{id}"))
}

/// The event that a key is of; none where it is the key of something else.
#[must_use]
pub fn event_of(key: &Key) -> Option<(OrganizationId, EventId)> {
    let organization = Partition::Organization.id_in(&key.pk)?.parse().ok()?;
    let id = key.sk.strip_prefix(EVENT)?.parse().ok()?;
    Some((organization, id))
}

/// The events of an organization in order of creation, up to and including one.
#[must_use]
pub fn events(organization: impl Into<Tenancy>, last: Option<EventId>) -> Stretch {
    let sk_prefix = EVENT.to_owned();
    let to = last.map_or_else(|| BEHIND.to_owned(), |event| event.to_string());
    Stretch {
        from: sk_prefix.clone(),
        to: format!("{sk_prefix}{to}"),
        range: Range {
            pk: partition(organization),
            sk_prefix,
            index: false,
        },
    }
}

/// A time that is kept for an event that may be booked for it.
#[must_use]
pub fn hold(organization: impl Into<Tenancy>, id: EventId) -> Key {
    Key::new(partition(organization), format!("HOLD#{id}"))
}

/// The event that a time is kept for by the item with this key; none where it is the key of
/// something else.
#[must_use]
pub fn hold_of(key: &Key) -> Option<EventId> {
    key.sk.strip_prefix("HOLD#")?.parse().ok()
}

/// Part of a user in an event.
#[must_use]
pub fn part(
    organization: impl Into<Tenancy>,
    user: UserId,
    end: Option<Timestamp>,
    event: EventId,
) -> Key {
    let end = end.map_or_else(|| NEVER.to_owned(), sortable);
    Key::new(
        partition(organization),
        format!("PART#{user}#{end}#{event}"),
    )
}

/// The events of a user that end after an instant, the first to end first, and
/// those without a date.
#[must_use]
pub fn parts_after(organization: impl Into<Tenancy>, user: UserId, instant: Timestamp) -> Stretch {
    let sk_prefix = format!("PART#{user}#");
    let after = milliseconds(instant) + 1;
    Stretch {
        from: format!("{sk_prefix}{after:015}"),
        to: format!("{sk_prefix}{BEHIND}"),
        range: Range {
            pk: partition(organization),
            sk_prefix,
            index: false,
        },
    }
}

/// A user's part in an event, where it is listed in order of creation.
#[must_use]
pub fn part_index(
    organization: impl Into<Tenancy>,
    user: UserId,
    confirmed: bool,
    event: EventId,
) -> IndexKey {
    let status = status(confirmed);
    IndexKey {
        pk: Partition::Events.of(format_args!("{}#{user}", organization.into())),
        sk: format!("{status}#{event}"),
    }
}

/// The events of a user that are confirmed, or that are not, in order of
/// creation, up to and including one.
#[must_use]
pub fn parts_in_order(
    organization: impl Into<Tenancy>,
    user: UserId,
    confirmed: bool,
    last: Option<EventId>,
) -> Stretch {
    let sk_prefix = format!("{}#", status(confirmed));
    let to = match last {
        Some(event) => format!("{sk_prefix}{event}"),
        None => format!("{sk_prefix}{BEHIND}"),
    };
    Stretch {
        from: sk_prefix.clone(),
        to,
        range: Range {
            pk: Partition::Events.of(format_args!("{}#{user}", organization.into())),
            sk_prefix,
            index: true,
        },
    }
}

fn status(confirmed: bool) -> &'static str {
    if confirmed { "CONFIRMED" } else { "OPEN" }
}

/// Sorts behind every digit and letter of an id.
pub(super) const BEHIND: &str = "~";
/// Where events without a date stand: behind every instant.
const NEVER: &str = "999999999999999";

/// Milliseconds since a time before all others, begun ones counted as whole.
fn milliseconds(instant: Timestamp) -> i64 {
    let begun = i64::from(instant.subsec_nanosecond().rem_euclid(1_000_000) != 0);
    400_000_000_000_000
        + instant.as_second() * 1_000
        + i64::from(instant.subsec_nanosecond().div_euclid(1_000_000))
        + begun
}

/// An instant as text that sorts.
pub(super) fn sortable(instant: Timestamp) -> String {
    format!("{:015}", milliseconds(instant))
}

/// The events as they were copied to their users before there were parts.
#[must_use]
pub fn involvements(organization: impl Into<Tenancy>) -> Range {
    Range {
        pk: partition(organization),
        sk_prefix: "INVOLVED#".into(),
        index: false,
    }
}

/// An event as it was copied to a user before there were parts.
#[must_use]
pub fn involved(organization: impl Into<Tenancy>, user: UserId, event: EventId) -> Key {
    Key::new(partition(organization), format!("INVOLVED#{user}#{event}"))
}

/// The event that such a copy is of.
#[must_use]
pub fn involved_event(key: &Key) -> Option<EventId> {
    let (_, event) = key.sk.strip_prefix("INVOLVED#")?.split_once('#')?;
    event.parse().ok()
}

/// A day of UTC of a member's agenda.
#[must_use]
pub fn agenda_day(organization: impl Into<Tenancy>, user: UserId, day: Date) -> Key {
    Key::new(partition(organization), format!("DAY#{user}#{day}"))
}

/// The days of a member's agenda from one to another, which are in the years 0 to 9999.
#[must_use]
pub fn agenda_days(
    organization: impl Into<Tenancy>,
    user: UserId,
    first: Date,
    last: Date,
) -> Stretch {
    let sk_prefix = format!("DAY#{user}#");
    Stretch {
        from: format!("{sk_prefix}{first}"),
        to: format!("{sk_prefix}{last}"),
        range: Range {
            pk: partition(organization),
            sk_prefix,
            index: false,
        },
    }
}

/// The day that such an item is of.
#[must_use]
pub fn agenda_day_of(key: &Key) -> Option<Date> {
    let (_, day) = key.sk.strip_prefix("DAY#")?.split_once('#')?;
    day.parse().ok()
}

/// The agendas as they were kept before there were days: four weeks in each item.
#[must_use]
pub fn agenda_weeks(organization: impl Into<Tenancy>) -> Range {
    Range {
        pk: partition(organization),
        sk_prefix: "AGENDA#".into(),
        index: false,
    }
}

/// Whose agenda such an item is of.
#[must_use]
pub fn agenda_weeks_user(key: &Key) -> Option<UserId> {
    let (user, _) = key.sk.strip_prefix("AGENDA#")?.split_once('#')?;
    user.parse().ok()
}

/// The ledger of a team.
#[must_use]
pub fn ledger(organization: impl Into<Tenancy>, team: TeamId) -> Key {
    Key::new(partition(organization), format!("LEDGER#{team}"))
}

/// Who books next with a team: a partition of its own, so that those who wait ask nothing
/// of the organization's.
#[must_use]
pub fn turns(organization: impl Into<Tenancy>, team: TeamId) -> Key {
    let team = format_args!("{}#{team}", organization.into());
    Key::new(Partition::Turns.of(team), "TURNS")
}

/// A decision of a team.
#[must_use]
pub fn decision(organization: impl Into<Tenancy>, team: TeamId, number: u64) -> Key {
    Key::new(
        partition(organization),
        format!("DECISION#{team}#{number:012}"),
    )
}

/// The decisions of a team, in their order.
#[must_use]
pub fn decisions(organization: impl Into<Tenancy>, team: TeamId) -> Range {
    Range {
        pk: partition(organization),
        sk_prefix: format!("DECISION#{team}#"),
        index: false,
    }
}

#[cfg(test)]
mod tests {
    use roster_domain::OrganizationId;

    use super::*;

    #[test]
    fn a_part_is_ahead_until_its_event_has_ended() {
        let (organization, user) = ("5f0d7eb02003d0f6e32a9622", "5eecc40bb2181073ac6ff375");
        let organization: OrganizationId = organization.parse().expect("an id");
        let user = user.parse().expect("an id");
        let event = "5f0d7eb02003d0174a2a961c".parse().expect("an id");
        let now: Timestamp = "2026-07-16T09:00:00.25Z".parse().expect("an instant");
        let ahead = parts_after(organization, user, now);
        let is_ahead = |end: Option<&str>| {
            let end = end.map(|end| end.parse().expect("an instant"));
            let key = part(organization, user, end, event);
            ahead.from <= key.sk && key.sk <= ahead.to
        };
        assert!(!is_ahead(Some("2026-07-16T09:00:00.249Z")));
        assert!(!is_ahead(Some("2026-07-16T09:00:00.25Z")));
        assert!(is_ahead(Some("2026-07-16T09:00:00.2500001Z")));
        assert!(is_ahead(Some("2026-07-16T09:00:00.251Z")));
        assert!(!is_ahead(Some("-009999-01-03T00:00:00Z")));
        assert!(!is_ahead(Some("1969-12-31T23:59:59.5Z")));
        assert!(is_ahead(Some("9999-12-30T00:00:00Z")));
        assert!(is_ahead(None));
    }
}
