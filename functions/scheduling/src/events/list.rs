//! Lists of events: a team's (`/v2/teams`), and all of an organization's.

use std::sync::Mutex;

use regex::{Regex, RegexBuilder};
use roster_domain::{
    Error, EventId, Location, Result, TeamId, UserId, Violation,
    bookings::{agenda::TimeSpan, event::Event},
    text::{Email, Name, Title, nfc},
    zone::ZoneName,
};
use roster_runtime::{
    Call, Reply,
    answer::list::{self, Window},
};
use roster_store::{
    Page, Tenant,
    bookings::list::{EventQuery, ListStart, ListedEvents, Only, TeamOfEvents},
    dynamodb::capacity::try_join,
};

use crate::{
    query::{IsoDate, List, days_within, wrong},
    wire::event_out::{self, Rendering},
};

/// Most bytes of a compiled `q`: a pattern cannot take more memory or time.
const MAX_PATTERN: usize = 256 * 1024;

/// Parameters that every list of events has.
const SHARED: [&str; 4] = ["limit", "cursor", "q", "filter"];

/// `GET /v2/teams/{team_id}/events`.
pub async fn of_team(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&SHARED)?;
    let id = call.path_id("team_id")?;
    let (window, tenant) = (Window::of(call, list::EVENTS)?, call.tenant()?);
    let chosen = Chosen::read(call)?;
    let start = chosen.start_of(&window);
    let team = tenant.team_of_events(id, start).await?;
    let has = |event: &Event| team.has(event);
    let source = Source::Team(&team);
    answer(call, &tenant, window, &chosen, &source, &has).await
}

/// `GET /v2/events`.
pub async fn all(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[&SHARED[..], &Filters::PARAMETERS].concat())?;
    let (window, tenant) = (Window::of(call, list::EVENTS)?, call.tenant()?);
    let (chosen, filters) = (Chosen::read(call)?, Filters::read(call)?);
    let team = async {
        match filters.team {
            Some(team) => tenant.team_of_events(team, None).await.map(Some),
            None => Ok(None),
        }
    };
    let (team, somebody) = try_join(team, filters.somebody(&tenant)).await?;
    let source = match somebody {
        Some(user) => Source::Users(vec![user]),
        None => team
            .as_ref()
            .map_or(Source::All, |team| Source::Users(team.users())),
    };
    let has = |event: &Event| filters.has(event, team.as_ref());
    answer(call, &tenant, window, &chosen, &source, &has).await
}

/// Where events are looked for.
enum Source<'a> {
    /// Among those that are a team's.
    Team(&'a TeamOfEvents),
    /// Among those in which one of these takes part.
    Users(Vec<UserId>),
    /// Among all of the organization.
    All,
}

impl Source<'_> {
    async fn find(
        &self,
        tenant: &Tenant<'_>,
        query: &EventQuery<'_>,
        limit: usize,
        after: Option<EventId>,
    ) -> Result<ListedEvents> {
        match self {
            Self::Team(team) => tenant.events_of_team(team, query, limit, after).await,
            Self::Users(users) => tenant.events_of(users, query, limit, after).await,
            Self::All => tenant.all_events(query, limit, after).await,
        }
    }
}

async fn answer(
    call: &Call<'_>,
    tenant: &Tenant<'_>,
    window: Window<EventId>,
    chosen: &Chosen,
    source: &Source<'_>,
    has: &(dyn Fn(&Event) -> bool + Sync),
) -> Result<Reply> {
    let in_title = |title: &Title| chosen.matches(title);
    let query = EventQuery {
        only: chosen.only,
        title: chosen.pattern.is_some().then_some(&in_title),
        event: Some(has),
    };
    // Where the list goes on though the page is not full.
    let stopped = Mutex::new(None);
    let (query, stopped_at) = (&query, &stopped);
    let fetch = |limit, after| async move {
        if stopped_at.lock().is_ok_and(|at| at.is_some()) {
            return Ok(Page {
                items: Vec::new(),
                next: None,
            });
        }
        let listed = source.find(tenant, query, limit, after).await?;
        if listed.stopped
            && let Ok(mut at) = stopped_at.lock()
        {
            *at = listed.page.next;
        }
        Ok(listed.page)
    };
    let rendering = Rendering::listed(call);
    let render = |event: &Event| event_out::render(event, &rendering);
    let mut collected =
        list::collect(call, list::EVENTS, window, fetch, |event| event.id, render).await?;
    if collected.next.is_none() {
        collected.next = stopped.into_inner().unwrap_or_default();
    }
    Ok(list::reply(call, list::EVENTS, collected))
}

/// What every list of events can be asked for.
struct Chosen {
    only: Only,
    pattern: Option<Regex>,
}

impl Chosen {
    fn read(call: &Call<'_>) -> Result<Self> {
        let pattern = call.query_parameter("q")?;
        Ok(Self {
            only: only(call)?,
            pattern: pattern.map(|q| pattern_of(&q)).transpose()?,
        })
    }

    /// Where a list begins that shows all that there are.
    fn start_of(&self, window: &Window<EventId>) -> Option<ListStart> {
        let shows_all = self.only == Only::Any && self.pattern.is_none();
        shows_all.then_some(ListStart {
            limit: window.limit.unwrap_or(list::MAX_LIMIT),
            after: window.after,
        })
    }

    fn matches(&self, title: &Title) -> bool {
        let pattern = self.pattern.as_ref();
        pattern.is_none_or(|pattern| pattern.is_match(title.as_str()))
    }
}

/// What the events of an organization can be chosen by, besides.
struct Filters {
    team: Option<TeamId>,
    creators: Vec<UserId>,
    creator_emails: Vec<Email>,
    invitees: Vec<UserId>,
    invitee_emails: Vec<Email>,
    app: Option<Name>,
    groups: Vec<Name>,
    within: Option<TimeSpan>,
}

impl Filters {
    const PARAMETERS: [&str; 10] = [
        "team",
        "creator_users",
        "creator_emails",
        "invitee_users",
        "invitee_emails",
        "app_id",
        "group_ids",
        "from",
        "to",
        "timezone",
    ];

    fn read(call: &Call<'_>) -> Result<Self> {
        let users = |name| call.query_value::<List<UserId>>(name);
        let emails = |name| call.query_value::<List<Email>>(name);
        Ok(Self {
            team: call.query_value("team")?,
            creators: users("creator_users")?.map_or_else(Vec::new, |list| list.0),
            creator_emails: emails("creator_emails")?.map_or_else(Vec::new, |list| list.0),
            invitees: users("invitee_users")?.map_or_else(Vec::new, |list| list.0),
            invitee_emails: emails("invitee_emails")?.map_or_else(Vec::new, |list| list.0),
            app: call.query_value("app_id")?,
            groups: call
                .query_value::<List<Name>>("group_ids")?
                .map_or_else(Vec::new, |list| list.0),
            within: within(call)?,
        })
    }

    /// Somebody who takes part in all events that these choose, where they name one.
    async fn somebody(&self, tenant: &Tenant<'_>) -> Result<Option<UserId>> {
        if let Some(user) = self.creators.iter().chain(&self.invitees).next() {
            return Ok(Some(*user));
        }
        let mut emails = self.creator_emails.iter().chain(&self.invitee_emails);
        match emails.next() {
            Some(email) => tenant.user_with(email).await,
            None => Ok(None),
        }
    }

    /// Whether they choose an event: all that they name must hold.
    fn has(&self, event: &Event, team: Option<&TeamOfEvents>) -> bool {
        let has_email = |email: &Email, is_creator: bool| {
            let wanted = email.folded();
            let mut participants = event.participants.iter();
            participants.any(|participant| {
                participant.is_assigned == is_creator
                    && participant.email.as_ref().map(Email::folded).as_ref() == Some(&wanted)
            })
        };
        let is_invited = |user: &UserId| {
            let mut participants = event.participants.iter();
            participants.any(|participant| {
                !participant.is_assigned && participant.user.as_ref() == Some(user)
            })
        };
        team.is_none_or(|team| team.is_of(event))
            && self.creators.iter().all(|user| *user == event.assigned)
            && self
                .creator_emails
                .iter()
                .all(|email| has_email(email, true))
            && self.invitees.iter().all(is_invited)
            && self
                .invitee_emails
                .iter()
                .all(|email| has_email(email, false))
            && (self.app.as_ref()).is_none_or(|app| event.third_party.app.as_ref() == Some(app))
            && (self.groups.iter()).all(|group| event.third_party.group_ids.contains(group))
            && self.within.is_none_or(|within| {
                let mut dates = event.dates.iter();
                dates.any(|date| date.span.overlaps(&within) || within.overlaps(&date.span))
            })
    }
}

/// The days from `from` to `to`, both included.
fn within(call: &Call<'_>) -> Result<Option<TimeSpan>> {
    let from: Option<IsoDate> = call.query_value("from")?;
    let to: Option<IsoDate> = call.query_value("to")?;
    let zone: Option<ZoneName> = call.query_value("timezone")?;
    let (Some(IsoDate(from)), Some(IsoDate(to))) = (from, to) else {
        return match (from, to) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(wrong("from", "is required beside to")),
            (Some(_), _) => Err(wrong("to", "is required beside from")),
        };
    };
    if to < from {
        return Err(wrong("to", "must not be before from"));
    }
    let zone = zone.unwrap_or_else(ZoneName::utc);
    Ok(Some(days_within(from, to, &zone.rules())))
}

fn only(call: &Call<'_>) -> Result<Only> {
    match call.query_parameter("filter")?.as_deref() {
        None => Ok(Only::Any),
        Some("confirmed") => Ok(Only::Confirmed),
        Some("upcoming") => Ok(Only::Upcoming),
        Some("future") => Ok(Only::Future),
        Some(_) => {
            let location = Location::query("filter");
            let detail = "must be confirmed, upcoming or future";
            let violation = Violation::malformed(location, detail);
            Err(Error::Invalid(vec![violation]))
        }
    }
}

/// A regular expression without back-references, so that matching takes linear
/// time.
fn pattern_of(text: &str) -> Result<Regex> {
    // Titles are kept in NFC. People type small letters: a pattern that means
    // the case says so with (?-i).
    RegexBuilder::new(&nfc(text))
        .case_insensitive(true)
        .size_limit(MAX_PATTERN)
        .build()
        .map_err(|error| {
            let detail = format!("must be a regular expression: {error}");
            Error::Invalid(vec![Violation::malformed(Location::query("q"), detail)])
        })
}
