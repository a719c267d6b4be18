//! When a user can be booked.

use roster_domain::{
    UserId,
    access::secret::SecretDigest,
    bookings::availability::{Availability, Day, MinuteOfDay, Slot, Weekday},
    id::ObjectId,
    zone::ZoneName,
};
use roster_runtime::{answer, wire::ByDate};
use serde::{Serialize, Serializer};

answer! {
    /// When a user can be booked.
    pub(in crate::wire) struct AvailabilityAnswer<'a> as "Availability" {
        /// Time zone of the hours.
        "timezone" [optional] => timezone: &'a ZoneName,
        /// Prevents bookings on the same day.
        "today_as_busy" [optional] => today_as_busy: bool,
        /// Prevents bookings in the past.
        "past_as_busy" [optional] => past_as_busy: bool,
        /// Prevents bookings more than this many days ahead.
        "days_after_as_busy" [optional] => days_after_as_busy: u32,
        /// Free minutes before each meeting.
        "buffer_before" [optional] => buffer_before: u32,
        /// Free minutes after each meeting.
        "buffer_after" [optional] => buffer_after: u32,
        /// Whether a busy all-day event blocks the whole day.
        "all_day_busy" [optional] => all_day_busy: bool,
        /// Hours by day of the week. If absent, every hour is available. A missing day is
        /// not available.
        "days" [optional] => days: DaysAnswer,
        /// Hours of dates, in place of those of the week.
        "overrides" [optional] => overrides: ByDate<DayAnswer>,
    }

    struct DaysAnswer {
        "monday" [optional] => monday: DayAnswer,
        "tuesday" [optional] => tuesday: DayAnswer,
        "wednesday" [optional] => wednesday: DayAnswer,
        "thursday" [optional] => thursday: DayAnswer,
        "friday" [optional] => friday: DayAnswer,
        "saturday" [optional] => saturday: DayAnswer,
        "sunday" [optional] => sunday: DayAnswer,
    }

    struct DayAnswer {
        "enabled" => enabled: bool,
        "slots" [optional] => slots: Vec<SlotAnswer>,
    }

    struct SlotAnswer {
        /// Only in `/v2/users/{user_id}/availabilities`: the same as long as the slot is.
        "_id" [optional] => id: ObjectId,
        "start_time" => start_time: TimeOfDay,
        "end_time" => end_time: TimeOfDay,
    }
}

impl<'a> AvailabilityAnswer<'a> {
    pub(super) fn of(availability: &'a Availability) -> Self {
        Self::identified(availability, None)
    }

    /// With an id for each slot, of this user's.
    pub(in crate::wire) fn identified(
        availability: &'a Availability,
        user: Option<UserId>,
    ) -> Self {
        let horizons = &availability.horizons;
        let days = availability.days.as_ref();
        Self {
            timezone: horizons.timezone.as_ref(),
            today_as_busy: horizons.today_as_busy,
            past_as_busy: horizons.past_as_busy,
            days_after_as_busy: horizons.days_after_as_busy,
            buffer_before: horizons.buffer_before,
            buffer_after: horizons.buffer_after,
            all_day_busy: horizons.all_day_busy,
            days: days.map(|days| {
                let day =
                    |weekday: Weekday| days.get(&weekday).map(|own| day(own, weekday.name(), user));
                DaysAnswer {
                    monday: day(Weekday::Monday),
                    tuesday: day(Weekday::Tuesday),
                    wednesday: day(Weekday::Wednesday),
                    thursday: day(Weekday::Thursday),
                    friday: day(Weekday::Friday),
                    saturday: day(Weekday::Saturday),
                    sunday: day(Weekday::Sunday),
                }
            }),
            overrides: (!availability.overrides.is_empty()).then(|| {
                let dates = availability.overrides.iter();
                let dates = dates.map(|(date, own)| (*date, day(own, &date.to_string(), user)));
                ByDate(dates.collect())
            }),
        }
    }
}

fn day(day: &Day, name: &str, user: Option<UserId>) -> DayAnswer {
    let slots = day.slots.iter().map(|slot| SlotAnswer {
        id: user.and_then(|user| slot_id(user, name, *slot)),
        start_time: TimeOfDay(slot.start_time),
        end_time: TimeOfDay(slot.end_time),
    });
    DayAnswer {
        enabled: day.enabled,
        slots: (!day.slots.is_empty()).then(|| slots.collect()),
    }
}

/// The id of a slot: made of whose it is and when, as nothing else tells it from others.
fn slot_id(user: UserId, day: &str, slot: Slot) -> Option<ObjectId> {
    let (start, end) = (slot.start_time.minutes(), slot.end_time.minutes());
    let said = format!("{user} {day} {start} {end}");
    SecretDigest::of(&said).as_hex().get(..24)?.parse().ok()
}

/// A time of day on the date that `/v2/users`'s samples use; the date does not matter.
#[derive(Debug)]
struct TimeOfDay(MinuteOfDay);

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let day = if self.0 == MinuteOfDay::MIDNIGHT_AT_END {
            2
        } else {
            1
        };
        let minutes = self.0.minutes() % 1_440;
        let (hours, minutes) = (minutes / 60, minutes % 60);
        serializer.collect_str(&format_args!("2018-01-{day:02}T{hours:02}:{minutes:02}"))
    }
}

#[cfg(feature = "schema")]
impl roster_runtime::schema::Described for TimeOfDay {
    fn part() -> roster_runtime::schema::Part {
        roster_runtime::schema::named("TimeOfDay")
    }
}
