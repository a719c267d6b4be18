//! People's own calendars, and those of teams and organizations, in and out.

use jiff::Timestamp;
use roster_domain::{
    CalendarId, Error, Location, Result,
    calendars::{Calendar, CalendarSource, Calendars, Reading, Subcalendar, host_of, services_at},
    hooks::target::{TargetUrl, Targets},
    text::{Opaque, Title, WebUrl},
    users::calendar::MAX_CALENDARS,
    whose::Whose,
};
use roster_runtime::{
    answer, body, choice,
    json::{
        from_json::{FromJson, Wrong},
        read::read_object,
    },
    wire::{
        self, IdText,
        members::{ListOf, Optional, Required},
    },
};
use roster_store::calendars::Address;
use serde_json::Value;

use super::{Instant, user_in::calendars::Secret};

body! {
    /// The body that sets calendars. It may be the one that a `GET` answered.
    pub struct CalendarsBody as "CalendarsBody" {
        /// The calendars, in place of those that there are.
        "calendars" => calendars: Required<ListOf<OwnCalendarBody, MAX_CALENDARS>>,
        ignored ["_id", "belongs_to", "updatedAt", "__v"],
    }

    /// A calendar of one of these.
    pub struct OwnCalendarBody as "OwnCalendarBody" {
        /// A calendar that is there, to keep it. Absent: a new one.
        "_id" => id: Optional<CalendarId>,
        /// What it is called. Default: the host of its address.
        "name" => name: Optional<Title>,
        /// Where it is.
        "source" => source: Optional<SourceIn>,
        /// The secret address of the calendar (`ics`: https or webcal), that of the CalDAV
        /// server or of a calendar there (`caldav`), or that of the Exchange server
        /// (`exchange`). It is encrypted and never returned.
        "url" => url: Optional<CalendarAddress>,
        /// The name to log in with. It comes with `url`. Exchange knows people by address, or
        /// as `DOMAIN\\name`.
        "username" => username: Optional<Title>,
        /// The password to log in with: one for this use, where the server makes such. It
        /// comes with `url`, is encrypted and never returned.
        "password" => password: Optional<Secret>,
        /// Whether what is tentative counts. Default: true.
        "tentative_busy" => tentative_busy: Optional<bool>,
        /// Whether the events that the user holds are written into it, into the first of its
        /// calendars in which its owner can write. Default: false.
        "write_back" => write_back: Optional<bool>,
        /// Which of its calendars count. Those that are absent stay as they are.
        "subcalendars" => subcalendars: Optional<ListOf<SubcalendarBody, 50>>,
        ignored [
            "source_id", "primary", "access_broken", "access_error", "access_broken_since",
            "last_success", "server", "createdAt",
        ],
    }

    /// A calendar within a source.
    pub struct SubcalendarBody as "SubcalendarBody" {
        /// Which one. It can be absent where there is one.
        "source_id" => source_id: Optional<Opaque>,
        /// Whether what is in it counts.
        "busy" => busy: Optional<bool>,
        ignored ["name", "source", "display", "primary", "writable", "bcolor"],
    }
}

/// Where a calendar is, by its name.
#[derive(Clone, Copy, Debug)]
struct SourceIn(CalendarSource);

impl FromJson for SourceIn {
    fn from_json(value: &Value) -> Result<Self, Wrong> {
        let name = value.as_str().ok_or(Wrong::Type("a string"))?;
        CalendarSource::named(name).map(Self).ok_or_else(|| {
            let names = CalendarSource::ALL.map(CalendarSource::name);
            Wrong::Value(format!("must be {}", names.join(" or ")))
        })
    }
}

/// An address, before it is known which are allowed.
#[derive(Clone, Debug)]
struct CalendarAddress(WebUrl);

impl FromJson for CalendarAddress {
    fn from_json(value: &Value) -> Result<Self, Wrong> {
        let text = value.as_str().ok_or(Wrong::Type("a string"))?.trim();
        // What calendars are opened with (draft-wei-ical-webcal): https under another name.
        let rest = text
            .get(..9)
            .filter(|it| it.eq_ignore_ascii_case("webcal://"));
        let rest = rest.and_then(|_| text.get(9..));
        let url = rest.map_or_else(|| text.to_owned(), |rest| format!("https://{rest}"));
        let read = url.parse::<WebUrl>();
        read.map(Self).map_err(|wrong| Wrong::Value(wrong.0))
    }
}

#[cfg(feature = "schema")]
mod schema {
    use roster_domain::calendars::CalendarSource;
    use roster_runtime::schema::{Part, Taken, one_of, pattern};

    use super::{CalendarAddress, SourceIn};

    impl Taken for SourceIn {
        fn taken() -> Part {
            one_of(&CalendarSource::ALL.map(CalendarSource::name))
        }
    }

    impl Taken for CalendarAddress {
        fn taken() -> Part {
            pattern(r"^\s*([Hh][Tt][Tt][Pp][Ss]?|[Ww][Ee][Bb][Cc][Aa][Ll]):\S+\s*$")
        }
    }
}

/// A calendar that a body asks for.
#[derive(Debug)]
pub struct AskedCalendar {
    /// Where it is, and what lets Roster in; none: as it is.
    pub address: Option<Address>,
    id: Option<CalendarId>,
    source: CalendarSource,
    name: Option<Title>,
    tentative_busy: Option<bool>,
    write_back: Option<bool>,
    /// Which of its calendars count, by what the source knows them by.
    busy: Vec<(Option<String>, Option<bool>)>,
    place: usize,
}

/// Reads the body that sets somebody's calendars.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(body: &Value, whose: Whose, targets: Targets) -> Result<Vec<AskedCalendar>> {
    let body = read_object(body, |object| Some(CalendarsBody::members(object)))?;
    let asked = body.calendars.unwrap_or_default().into_iter().enumerate();
    asked
        .map(|(place, one)| {
            let wrong = |field: &str, detail: &str| {
                let at = Location::Body(format!("/calendars/{place}/{field}"));
                Err(Error::at(at, detail.to_owned()))
            };
            let required = |field| wrong(field, "is required of a new calendar");
            let is_new = one.id.is_none();
            if is_new && one.source.is_none() {
                return required("source");
            }
            if is_new && one.url.is_none() {
                return required("url");
            }
            let source = one
                .source
                .map_or(CalendarSource::Ics, |SourceIn(source)| source);
            let is_login = one.username.is_some() || one.password.is_some();
            if one.url.is_none() && is_login {
                return wrong("url", "is required with a user name or a password");
            }
            if is_new && source != CalendarSource::Ics && one.username.is_none() {
                return required("username");
            }
            if one.username.is_some() != one.password.is_some() {
                let missing = if one.password.is_none() {
                    "password"
                } else {
                    "username"
                };
                return wrong(missing, "is required: user name and password come together");
            }
            let url = match one.url {
                None => None,
                Some(CalendarAddress(url)) => {
                    let url = match source {
                        CalendarSource::Exchange => services_at(url.as_str()),
                        CalendarSource::Ics | CalendarSource::Caldav => url.to_string(),
                    };
                    match TargetUrl::read(&url, targets) {
                        Ok(url) => Some(url),
                        Err(detail) => return wrong("url", &detail.0),
                    }
                }
            };
            let (username, password) = (one.username, one.password);
            let address = url.map(|url| Address {
                url,
                username: username.map(|name| name.to_string()),
                password,
            });
            if one.write_back == Some(true) && whose.user().is_none() {
                return wrong("write_back", "must be false: only users hold events");
            }
            let subcalendars = one.subcalendars.unwrap_or_default().into_iter();
            let busy = subcalendars.map(|one| {
                let source_id = one.source_id.map(|id| id.as_str().to_owned());
                (source_id, one.busy)
            });
            Ok(AskedCalendar {
                address,
                id: one.id,
                source,
                name: one.name,
                tentative_busy: one.tentative_busy,
                write_back: one.write_back,
                busy: busy.collect(),
                place,
            })
        })
        .collect()
}

impl AskedCalendar {
    /// Makes it of the calendars that there are. `sealed` is its address, where it has a new
    /// one.
    ///
    /// # Errors
    /// A violation where the one is not there that it is to be, or one that is in it.
    pub fn of(&self, own: &Calendars, sealed: Option<&str>, now: Timestamp) -> Result<Calendar> {
        let host = || {
            self.address
                .as_ref()
                .map(|address| host_of(address.url.as_str()))
        };
        let mut calendar = match self.id {
            None => self.new_calendar(&host().unwrap_or_default(), now)?,
            Some(id) => {
                let found = own.calendars.iter().find(|one| one.id == id);
                let missing = || self.wrong("_id", "is not one of the calendars");
                found.cloned().ok_or_else(missing)?
            }
        };
        if let Some((sealed, server)) = sealed.zip(host()) {
            sealed.clone_into(&mut calendar.sealed);
            calendar.server = server;
            calendar.reading = Reading::default();
        }
        if let Some(name) = &self.name {
            calendar.name.clone_from(name);
        }
        let before = (calendar.subcalendars.clone(), calendar.tentative_busy);
        calendar.tentative_busy = self.tentative_busy.unwrap_or(calendar.tentative_busy);
        calendar.write_back = self.write_back.unwrap_or(calendar.write_back);
        if calendar.write_back && calendar.source == CalendarSource::Ics {
            let detail = "must be false: a calendar at a secret address can only be read";
            return Err(self.wrong("write_back", detail));
        }
        for (index, (source_id, busy)) in self.busy.iter().enumerate() {
            let is_meant = |one: &&mut Subcalendar| match source_id {
                Some(id) => one.source_id == *id,
                None => true,
            };
            let meant = calendar.subcalendars.iter_mut().find(is_meant);
            let missing = || {
                let field = format!("subcalendars/{index}/source_id");
                self.wrong(&field, "is not one of the calendars that were found there")
            };
            let meant = meant.ok_or_else(missing)?;
            meant.busy = busy.unwrap_or(meant.busy);
        }
        if (&calendar.subcalendars, calendar.tentative_busy) != (&before.0, before.1) {
            // What counts is another now: it is to be read again, changed or not.
            calendar.reading.from = None;
            calendar.reading.tried_at = None;
        }
        Ok(calendar)
    }

    fn new_calendar(&self, host: &str, now: Timestamp) -> Result<Calendar> {
        let new = Calendar::new(self.source, host.to_owned(), String::new(), now)?;
        if self.source != CalendarSource::Ics {
            return Ok(new);
        }
        // An address is of one calendar.
        let own = Subcalendar {
            source_id: new.id.to_string(),
            name: self.name.as_ref().unwrap_or(&new.name).to_string(),
            busy: true,
            writable: false,
            color: None,
            state: None,
        };
        Ok(Calendar {
            subcalendars: vec![own],
            ..new
        })
    }

    fn wrong(&self, field: &str, detail: &str) -> Error {
        let at = Location::Body(format!("/calendars/{}/{field}", self.place));
        Error::at(at, detail.to_owned())
    }
}

choice! {
    /// Where a calendar is.
    pub struct SourceName of CalendarSource::ALL.map(CalendarSource::name);
}

answer! {
    /// The calendars of a user, a team or an organization.
    pub struct CalendarsAnswer<'a> as "CalendarList" {
        "_id" => id: IdText<'a>,
        /// The user, the team or the organization.
        "belongs_to" => belongs_to: IdText<'a>,
        "calendars" => calendars: Vec<CalendarAnswer<'a>>,
        "updatedAt" => updated_at: Instant,
        "__v" => version: u64,
    }

    /// A calendar of one of these.
    pub struct CalendarAnswer<'a> as "Calendar" {
        "_id" => id: CalendarId,
        "name" => name: &'a Title,
        "source" => source: SourceName,
        "source_id" => source_id: CalendarId,
        "primary" => primary: bool,
        /// The host of its address.
        "server" => server: &'a str,
        /// Whether it could not be read the last time. What was read before still counts.
        "access_broken" => access_broken: bool,
        /// Why it cannot be read.
        "access_error" [optional] => access_error: &'a str,
        /// Since when it cannot be read.
        "access_broken_since" [optional] => access_broken_since: Instant,
        /// When it was last read.
        "last_success" [optional] => last_success: Instant,
        /// Whether what is tentative counts.
        "tentative_busy" => tentative_busy: bool,
        /// Whether the events that the user holds are written into it.
        "write_back" => write_back: bool,
        "subcalendars" => subcalendars: Vec<SubcalendarAnswer<'a>>,
        "createdAt" => created_at: Instant,
    }

    /// A calendar within a source.
    pub struct SubcalendarAnswer<'a> as "Subcalendar" {
        /// What its source knows it by.
        "source_id" => source_id: &'a str,
        "name" => name: &'a str,
        "source" => source: SourceName,
        "display" => display: bool,
        /// Whether what is in it counts.
        "busy" => busy: bool,
        "primary" => primary: bool,
        /// Whether its owner can write into it.
        "writable" => writable: bool,
        /// Its colour.
        "bcolor" [optional] => bcolor: &'a str,
    }
}

impl<'a> CalendarAnswer<'a> {
    fn of(calendar: &'a Calendar) -> Self {
        let broken = calendar.reading.broken.as_ref();
        let source = SourceName(calendar.source.name());
        let of = |(index, one): (usize, &'a Subcalendar)| SubcalendarAnswer {
            source_id: &one.source_id,
            name: &one.name,
            source,
            display: true,
            busy: one.busy,
            primary: index == 0,
            writable: one.writable,
            bcolor: one.color.as_deref(),
        };
        Self {
            id: calendar.id,
            name: &calendar.name,
            source,
            source_id: calendar.id,
            primary: false,
            server: &calendar.server,
            access_broken: broken.is_some(),
            access_error: broken.map(|broken| broken.reason.as_str()),
            access_broken_since: broken.map(|broken| Instant(broken.since)),
            last_success: calendar.reading.read_at.map(Instant),
            tentative_busy: calendar.tentative_busy,
            write_back: calendar.write_back,
            subcalendars: calendar.subcalendars.iter().enumerate().map(of).collect(),
            created_at: Instant(calendar.created_at),
        }
    }
}

/// Somebody's calendars.
#[must_use]
pub fn render(own: &Calendars) -> Value {
    let calendars = own.calendars.iter().map(CalendarAnswer::of);
    let whose = own.whose.to_string();
    wire::value(CalendarsAnswer {
        id: IdText(&whose),
        belongs_to: IdText(&whose),
        calendars: calendars.collect(),
        updated_at: Instant(own.updated_at),
        version: own.changes,
    })
}
