//! Times that can be booked, and when people are busy.

use std::collections::BTreeMap;

use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};
use roster_domain::{
    CalendarId, UserId,
    bookings::{agenda::TimeSpan, slots::Refused},
    calendars::Calendars,
    zone::ZoneName,
};
use roster_runtime::{answer, wire};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Instant;

/// A time with its offset, of RFC 3339.
#[derive(Clone, Debug)]
pub struct OffsetTime(Zoned);

impl Serialize for OffsetTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.strftime("%Y-%m-%dT%H:%M:%S%.f%:z"))
    }
}

#[cfg(feature = "schema")]
impl roster_runtime::schema::Described for OffsetTime {
    fn part() -> roster_runtime::schema::Part {
        roster_runtime::schema::named("OffsetTime")
    }
}

/// Something for each of some days.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct ByDay<T>(pub BTreeMap<Date, T>);

#[cfg(feature = "schema")]
impl<T: roster_runtime::schema::Described> roster_runtime::schema::Described for ByDay<T> {
    fn part() -> roster_runtime::schema::Part {
        roster_runtime::schema::map(T::part(), Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), None)
    }

    fn collect(parts: &mut roster_runtime::schema::Parts) {
        T::collect(parts);
    }
}

/// The first time behind those that were looked at, or null.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct NextAnswer(Option<SlotAnswer>);

#[cfg(feature = "schema")]
impl roster_runtime::schema::Described for NextAnswer {
    fn part() -> roster_runtime::schema::Part {
        Option::<SlotAnswer>::part()
    }
}

answer! {
    /// A point of time.
    pub struct MomentAnswer as "Moment" {
        "dateTime" => date_time: OffsetTime,
    }

    /// A stretch of time.
    pub struct SlotAnswer as "Slot" {
        "start" => start: MomentAnswer,
        "end" => end: MomentAnswer,
    }

    /// A stretch of times at which somebody cannot be booked.
    pub struct RefusedAnswer as "RefusedTimes" {
        "user" => user: UserId,
        /// Start of the first time.
        "start" => start: MomentAnswer,
        /// End of the last time.
        "end" => end: MomentAnswer,
        /// The reason, as data.
        "code" => code: &'static str,
        /// The reason, as a text.
        "reason" => reason: String,
    }

    /// The zone and the days of an answer.
    struct FrameAnswer {
        "timezone" => timezone: ZoneName,
        "from" => from: Date,
        "to" => to: Date,
    }

    /// What an answer says beside the times.
    struct AboutAnswer {
        /// The first time after `to`. Only if there are no slots. Null if there is none
        /// within a year.
        "nextAvailability" [optional] => next: NextAnswer,
        /// Why each person cannot be booked, and when. Only with `explain=true`.
        "explain" [optional] => explain: Vec<RefusedAnswer>,
        /// How old what is known of people's own calendars is. Only with `explain=true`.
        "calendars" [optional] => calendars: Vec<CalendarAgeAnswer>,
    }

    /// How old what is known of a person's calendar is.
    pub struct CalendarAgeAnswer as "CalendarAge" {
        "user" => user: UserId,
        "calendar" => calendar: CalendarId,
        /// When it was last read. Absent: never.
        "last_success" [optional] => last_success: Instant,
        /// Whether it could not be read the last time.
        "access_broken" => access_broken: bool,
    }

    /// Times that can be booked.
    pub struct SlotsAnswer as "Slots" {
        "slots" => slots: Vec<SlotAnswer>,
        ..frame: FrameAnswer,
        ..about: AboutAnswer,
    }

    /// The times of a day that can be booked.
    pub struct DaySlotsAnswer as "DaySlots" {
        "slots" => slots: Vec<SlotAnswer>,
    }

    /// Times that can be booked, by day.
    pub struct DaysAnswer as "SlotsByDay" {
        /// Days without slots are left out.
        "days" => days: ByDay<DaySlotsAnswer>,
        ..frame: FrameAnswer,
        ..about: AboutAnswer,
    }

    /// The times of the first day that has any.
    pub struct NextSlotsAnswer as "NextSlots" {
        "timezone" => timezone: ZoneName,
        /// Empty if there are none within a year.
        "slots" => slots: Vec<SlotAnswer>,
    }

    /// When people are busy.
    pub struct BusyAnswer as "Busy" {
        "slots" => slots: Vec<SlotAnswer>,
        ..frame: FrameAnswer,
    }
}

/// How old what is known of calendars is that count.
fn ages(calendars: &[Calendars]) -> Vec<CalendarAgeAnswer> {
    let age = |own: &Calendars| {
        // Only people's own are asked for.
        let of_user = |user| own.counting().map(move |one| (user, one));
        let counting = own.whose.user().into_iter().flat_map(of_user);
        let counting = counting.map(|(user, one)| CalendarAgeAnswer {
            user,
            calendar: one.id,
            last_success: one.reading.read_at.map(Instant),
            access_broken: one.reading.broken.is_some(),
        });
        counting.collect::<Vec<_>>()
    };
    calendars.iter().flat_map(age).collect()
}

/// Whose clock and which days an answer is about.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The zone's name.
    pub timezone: ZoneName,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Times {
    /// The times that can be booked, in order.
    pub slots: Vec<TimeSpan>,
    /// The first one after them, where there are none.
    pub next: Option<TimeSpan>,
    /// Why people cannot be booked, where that was asked for.
    pub refused: Option<Vec<Refused>>,
    /// How old what is known of people's own calendars is, where that is asked.
    pub calendars: Option<Vec<Calendars>>,
}

impl Frame {
    fn answer(self) -> FrameAnswer {
        let Self { timezone, from, to } = self;
        FrameAnswer { timezone, from, to }
    }

    /// Times that can be booked.
    #[must_use]
    pub fn slots(self, times: &Times) -> Value {
        let clock = Clock(self.timezone.rules());
        wire::value(SlotsAnswer {
            slots: clock.slots(&times.slots),
            frame: self.answer(),
            about: clock.about(times),
        })
    }

    /// The same, by day.
    #[must_use]
    pub fn slots_by_day(self, times: &Times) -> Value {
        let clock = Clock(self.timezone.rules());
        let mut days: BTreeMap<Date, DaySlotsAnswer> = BTreeMap::new();
        for time in &times.slots {
            let slots = Vec::new();
            let day = days.entry(clock.day(time));
            let day = day.or_insert(DaySlotsAnswer { slots });
            day.slots.push(clock.slot(time));
        }
        wire::value(DaysAnswer {
            days: ByDay(days),
            frame: self.answer(),
            about: clock.about(times),
        })
    }

    /// When people are busy.
    #[must_use]
    pub fn busy(self, spans: &[TimeSpan]) -> Value {
        let clock = Clock(self.timezone.rules());
        wire::value(BusyAnswer {
            slots: clock.slots(spans),
            frame: self.answer(),
        })
    }
}

/// The times of the first day that has any.
#[must_use]
pub fn next_slots(timezone: ZoneName, slots: &[TimeSpan]) -> Value {
    let slots = Clock(timezone.rules()).slots(slots);
    wire::value(NextSlotsAnswer { timezone, slots })
}

/// A zone, by which times are written.
struct Clock(TimeZone);

impl Clock {
    fn day(&self, span: &TimeSpan) -> Date {
        self.0.to_datetime(span.start).date()
    }

    fn slot(&self, span: &TimeSpan) -> SlotAnswer {
        let moment = |instant: Timestamp| MomentAnswer {
            date_time: OffsetTime(instant.to_zoned(self.0.clone())),
        };
        SlotAnswer {
            start: moment(span.start),
            end: moment(span.end),
        }
    }

    fn slots(&self, spans: &[TimeSpan]) -> Vec<SlotAnswer> {
        spans.iter().map(|span| self.slot(span)).collect()
    }

    fn about(&self, times: &Times) -> AboutAnswer {
        let next = times.next.as_ref().map(|next| self.slot(next));
        AboutAnswer {
            next: times.slots.is_empty().then_some(NextAnswer(next)),
            explain: self.explain(times),
            calendars: times.calendars.as_deref().map(ages),
        }
    }

    fn explain(&self, times: &Times) -> Option<Vec<RefusedAnswer>> {
        let render = |refused: &Refused| {
            let SlotAnswer { start, end } = self.slot(&refused.span);
            RefusedAnswer {
                user: refused.user,
                start,
                end,
                code: refused.why.code(),
                reason: refused.why.to_string(),
            }
        };
        Some(times.refused.as_ref()?.iter().map(render).collect())
    }
}
