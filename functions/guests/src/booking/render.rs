//! What a booking page shows.

use std::{collections::HashMap, sync::LazyLock};

use askama::Template;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::{SignedDuration, Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use lambda_http::http::{StatusCode, header};
use roster_domain::{
    EventId,
    bookings::{agenda::TimeSpan, hold::Hold},
    text::{Title, WebOrigin},
    users::language::Language,
    zone::ZoneName,
};
use roster_pages::{CommonTexts, STYLE, common_texts, dates};
use roster_runtime::Reply;
use roster_scheduling::slots::Offered;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::{
    ACTION, BACK, BOOK, CHOOSE, MORE, START, TIME,
    book::{Seen, When},
    form::{
        self, COMPANY, EMAIL, GUESTS, MESSAGE, NAME, OTHER, OTHER_PLACE, PHONE, PLACE, TITLE,
        TOKEN, TRAP,
    },
    page::{Choice, Owner, Page},
    problem::Problem,
    query::{Asked, CHANGE, DATE, PROBLEM, TIMEZONE},
    texts::{Texts, texts},
};
use crate::event::{address_once_booked, page::zones as all_zones};

/// Finds the zone of the browser, where no zone was chosen: the one thing that a page without
/// a script cannot know.
const SCRIPT: &str = include_str!("../../templates/zone.js");

/// Tells the page that this one is shown within how high it is, and what was booked.
const EMBEDDED: &str = include_str!("../../templates/embedded.js");

/// Allows the style and the scripts, by their hashes.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}' 'sha256-{}'; \
         base-uri 'none'",
        hash(STYLE),
        hash(SCRIPT),
        hash(EMBEDDED)
    )
});

/// What a guest has chosen.
#[derive(Debug)]
pub(super) enum Chosen {
    /// A time that is held for them.
    Held(Hold),
    /// Times that they suggest.
    Suggested(Vec<Timestamp>),
}

impl Chosen {
    /// When it is to be.
    pub(super) fn when(&self) -> When {
        match self {
            Self::Held(hold) => When::Held(hold.id),
            Self::Suggested(starts) => When::Suggested(starts.clone()),
        }
    }

    fn spans(&self, minutes: u32) -> Vec<TimeSpan> {
        let length = SignedDuration::from_mins(minutes.into());
        match self {
            Self::Held(hold) => vec![hold.span],
            Self::Suggested(starts) => {
                let span = |start: &Timestamp| {
                    let (start, end) = (*start, start.checked_add(length).ok()?);
                    Some(TimeSpan { start, end })
                };
                starts.iter().filter_map(span).collect()
            }
        }
    }
}

/// The times of a page.
pub(super) struct Times<'a> {
    pub(super) page: &'a Page,
    pub(super) asked: &'a Asked,
    pub(super) language: Language,
    pub(super) offered: &'a Offered,
    pub(super) is_first: bool,
    pub(super) days: (Date, Date),
    pub(super) problem: Option<Problem>,
}

/// A day, with its times.
struct Day {
    heading: String,
    times: Vec<Time>,
}

/// A time: as it is sent, and as it is read.
struct Time {
    value: String,
    text: String,
    is_chosen: bool,
}

/// What stands above every page.
struct Head<'a> {
    texts: &'static Texts,
    common: &'static CommonTexts,
    heading: &'a str,
    name: &'a str,
    organization: &'a str,
    problems: Vec<Problem>,
    is_embedded: bool,
    /// The event that was booked.
    booked: Option<EventId>,
}

impl<'a> Head<'a> {
    fn of(page: &'a Page, asked: &Asked, language: Language, problems: &[Problem]) -> Self {
        let texts = texts(language);
        let own = page.settings.invite_title.as_ref().map(Title::as_str);
        Self {
            texts,
            common: common_texts(language),
            heading: own.unwrap_or(texts.title),
            name: &page.name,
            organization: page.organization.name.as_str(),
            problems: problems.to_vec(),
            is_embedded: asked.is_embedded,
            booked: None,
        }
    }

    /// The organization, where its name says more than the owner's.
    fn beside_name(&self) -> Option<&str> {
        Some(self.organization).filter(|organization| *organization != self.name)
    }

    /// The problems of a field.
    fn about(&self, field: &str) -> Vec<&'static str> {
        let own = self.problems.iter().filter(|one| one.field() == field);
        own.map(|one| one.message(self.texts)).collect()
    }
}

#[derive(Template)]
#[template(path = "times.html")]
struct TimesPage<'a> {
    language: Language,
    head: Head<'a>,
    message: Option<&'a str>,
    minutes: u32,
    zone: &'a ZoneName,
    change_zone: Option<String>,
    finds_zone: bool,
    several: Option<u32>,
    days: Vec<Day>,
    /// Times that were chosen on other days.
    chosen: Vec<String>,
    next: Option<(String, String)>,
    earlier: Option<String>,
    later: String,
    helps: bool,
}

/// The days with their times.
pub(super) fn times(shown: &Times<'_>) -> Reply {
    let Times {
        page,
        asked,
        language,
        offered,
        ..
    } = *shown;
    let zone = offered.zone.rules();
    let several = match page.choice() {
        Choice::Several(least) => Some(least),
        Choice::Held | Choice::One => None,
    };
    let (days, next_day) = days(shown, &zone);
    let is_shown = |start: &Timestamp| offered.slots.iter().any(|slot| slot.start == *start);
    let others = asked.dates.iter().filter(|start| !is_shown(start));
    let others = others.filter(|_| several.is_some());
    let to = |date: Date| asked.with(&[(DATE, Some(date.to_string())), (PROBLEM, None)]);
    let (from, last) = shown.days;
    let later = next_day.unwrap_or_else(|| last.saturating_add(1.day()));
    let next = offered.next.map(|span| {
        let day = span.start.to_zoned(zone.clone()).date();
        (to(day), dates::instant(span.start, &zone, language))
    });
    let is_fixed = page.is(|own| own.set_timezone) && page.settings.fixed_timezone.is_some();
    let change = asked.with(&[
        (TIMEZONE, Some(offered.zone.to_string())),
        (CHANGE, Some(TIMEZONE.to_owned())),
    ]);
    let problems: Vec<_> = shown.problem.into_iter().collect();
    let body = roster_pages::render(&TimesPage {
        language,
        head: Head::of(page, asked, language, &problems),
        message: page.message.as_ref().map(|message| message.as_str()),
        minutes: page.minutes,
        zone: &offered.zone,
        change_zone: (!is_fixed).then_some(change),
        finds_zone: !is_fixed && asked.zone.is_none(),
        several,
        days,
        chosen: others
            .map(|start| dates::instant(*start, &zone, language))
            .collect(),
        next,
        earlier: (!shown.is_first).then(|| to(from.saturating_sub(14.days()))),
        later: to(later),
        helps: helps(page),
    });
    reply(page, asked, StatusCode::OK, language, body)
}

/// The days, and the one that comes next where not all of them fit.
fn days(shown: &Times<'_>, zone: &TimeZone) -> (Vec<Day>, Option<Date>) {
    let mut days: Vec<(Date, Day)> = Vec::new();
    for slot in &shown.offered.slots {
        let local = slot.start.to_zoned(zone.clone());
        let time = Time {
            value: slot.start.to_string(),
            text: dates::time(local.time(), shown.language),
            is_chosen: shown.asked.dates.contains(&slot.start),
        };
        match days.last_mut() {
            Some((date, day)) if *date == local.date() => day.times.push(time),
            _ => days.push((
                local.date(),
                Day {
                    heading: dates::day(local.date(), shown.language),
                    times: vec![time],
                },
            )),
        }
    }
    let is_cut = shown.offered.slots.len() >= super::MOST_TIMES && days.len() > 1;
    let cut = is_cut.then(|| days.pop()).flatten();
    let next = cut.map(|(date, _)| date);
    (days.into_iter().map(|(_, day)| day).collect(), next)
}

/// The form, and how it is shown.
pub(super) struct Shown<'a> {
    pub(super) page: &'a Page,
    pub(super) asked: &'a Asked,
    pub(super) language: Language,
    pub(super) problems: &'a [Problem],
    pub(super) entered: Option<&'a HashMap<String, String>>,
    pub(super) token: &'a str,
}

/// An input.
struct Input {
    name: &'static str,
    label: &'static str,
    hint: Option<&'static str>,
    /// Its attributes that are always the same, as HTML.
    attributes: &'static str,
    is_long: bool,
    value: String,
    problems: Vec<&'static str>,
}

impl Input {
    /// The ids of what a screen reader reads with it.
    fn described_by(&self) -> String {
        let hint = self.hint.map(|_| format!("{}-hint", self.name));
        let problem = (!self.problems.is_empty()).then(|| format!("{}-problem", self.name));
        let ids: Vec<_> = hint.into_iter().chain(problem).collect();
        ids.join(" ")
    }
}

#[derive(Template)]
#[template(path = "details.html")]
struct DetailsPage<'a> {
    language: Language,
    head: Head<'a>,
    when: Vec<String>,
    zone: &'a ZoneName,
    until: Option<String>,
    inputs: Vec<Input>,
    more: Vec<Input>,
    places: Vec<(String, Option<String>)>,
    place: String,
    other_place: Option<Input>,
    place_problems: Vec<&'static str>,
    token: &'a str,
    helps: bool,
}

/// The form for what was chosen.
pub(super) fn form(shown: &Shown<'_>, chosen: &Chosen, status: StatusCode) -> Reply {
    let Shown {
        page,
        asked,
        language,
        problems,
        ..
    } = *shown;
    let utc = ZoneName::utc();
    let zone = asked.zone.as_ref().or(page.zone.as_ref()).unwrap_or(&utc);
    let rules = zone.rules();
    let spans = chosen.spans(page.minutes).into_iter();
    let when = spans.map(|span| dates::span(&span, false, &rules, language));
    let until = match chosen {
        Chosen::Held(hold) => {
            let until = hold.until.to_zoned(rules.clone()).time();
            Some(dates::time(until, language))
        }
        Chosen::Suggested(_) => None,
    };
    let head = Head::of(page, asked, language, problems);
    let offered = form::offered_places(page, asked);
    let may_add = form::may_add_places(page) && matches!(page.owner, Owner::User(_));
    let hides = page.is(|own| own.hide_places);
    let is_choice = !hides && (may_add || offered.len() > 1);
    let places = offered.iter().filter(|_| !hides).map(|place| {
        let address = place.address.as_ref().map(ToString::to_string);
        (place.name.to_string(), address)
    });
    let other = is_choice && may_add;
    let body = roster_pages::render(&DetailsPage {
        language,
        when: when.collect(),
        zone,
        until,
        inputs: shown.inputs(&head),
        more: shown.more(&head),
        places: places.filter(|_| !offered.is_empty()).collect(),
        place: shown.value(PLACE, "0"),
        place_problems: head.about(PLACE),
        other_place: other.then(|| Input {
            name: OTHER_PLACE,
            label: head.texts.other_place_label,
            hint: Some(head.texts.optional),
            attributes: r#"type="text" maxlength="100""#,
            is_long: false,
            value: shown.value(OTHER_PLACE, ""),
            problems: Vec::new(),
        }),
        token: shown.token,
        helps: helps(page),
        head,
    });
    reply(page, asked, status, language, body)
}

impl Shown<'_> {
    /// What was entered; else what the address fills in.
    fn value(&self, name: &str, filled_in: &str) -> String {
        let entered = self.entered.map(|fields| fields.get(name));
        match entered {
            Some(entered) => entered.cloned().unwrap_or_default(),
            None => filled_in.to_owned(),
        }
    }

    fn input(
        &self,
        head: &Head<'_>,
        (name, label): (&'static str, &'static str),
        attributes: &'static str,
        filled_in: &str,
    ) -> Input {
        Input {
            name,
            label,
            hint: None,
            attributes,
            is_long: false,
            value: self.value(name, filled_in),
            problems: head.about(name),
        }
    }

    /// Who books.
    fn inputs(&self, head: &Head<'_>) -> Vec<Input> {
        let (texts, asked) = (head.texts, self.asked);
        let mut inputs = vec![
            self.input(
                head,
                (NAME, texts.name_label),
                r#"type="text" required maxlength="100" autocomplete="name""#,
                asked.filled_in("cn"),
            ),
            self.input(
                head,
                (EMAIL, texts.email_label),
                r#"type="email" required maxlength="254" autocomplete="email""#,
                asked.filled_in("cm"),
            ),
        ];
        if self.page.is(|own| own.ask_phone) {
            inputs.push(self.input(
                head,
                (PHONE, texts.phone_label),
                r#"type="tel" required maxlength="100" autocomplete="tel""#,
                asked.filled_in("cp"),
            ));
        }
        if self.page.is(|own| own.ask_company) {
            inputs.push(self.input(
                head,
                (COMPANY, texts.company_label),
                r#"type="text" required maxlength="100" autocomplete="organization""#,
                asked.filled_in("cc"),
            ));
        }
        inputs
    }

    /// What it is about, and who else comes.
    fn more(&self, head: &Head<'_>) -> Vec<Input> {
        let (texts, page) = (head.texts, self.page);
        let mut inputs = Vec::new();
        if !page.is(|own| own.hide_title) {
            inputs.push(Input {
                hint: Some(texts.optional),
                ..self.input(
                    head,
                    (TITLE, texts.title_label),
                    r#"type="text" maxlength="200""#,
                    "",
                )
            });
        }
        let message = self.asked.message().map(|message| message.to_string());
        inputs.push(Input {
            hint: Some(texts.optional),
            is_long: true,
            ..self.input(
                head,
                (MESSAGE, texts.message_label),
                r#"maxlength="10000""#,
                &message.unwrap_or_default(),
            )
        });
        if !page.is(|own| own.block_new_invitee) {
            inputs.push(Input {
                hint: Some(texts.guests_hint),
                is_long: true,
                ..self.input(head, (GUESTS, texts.guests_label), "", "")
            });
        }
        inputs
    }
}

#[derive(Template)]
#[template(path = "zones.html")]
struct ZonesPage<'a> {
    language: Language,
    head: Head<'a>,
    zone: &'a ZoneName,
    zones: Vec<String>,
    kept: Vec<(&'a str, &'a str)>,
}

/// The zones to choose from.
pub(super) fn zones(page: &Page, asked: &Asked, language: Language, zone: &ZoneName) -> Reply {
    let body = roster_pages::render(&ZonesPage {
        language,
        head: Head::of(page, asked, language, &[]),
        zone,
        zones: all_zones(zone),
        kept: asked.others(&[CHANGE, TIMEZONE, PROBLEM]),
    });
    reply(page, asked, StatusCode::OK, language, body)
}

#[derive(Template)]
#[template(path = "booked.html")]
struct BookedPage<'a> {
    language: Language,
    head: Head<'a>,
    address: Option<String>,
}

/// That it is booked, for somebody who is not led to the event's page: with its address,
/// unless nobody may see it.
pub(super) fn booked(page: &Page, asked: &Asked, language: Language, seen: &Seen) -> Reply {
    let texts = texts(language);
    let mut head = Head::of(page, asked, language, &[]);
    head.heading = texts.booked_title;
    head.booked = seen.as_ref().map(|(event, _)| *event);
    let address = seen
        .as_ref()
        .map(|(event, key)| page.beside(&address_once_booked(*event, key)));
    let body = roster_pages::render(&BookedPage {
        language,
        head,
        address,
    });
    reply(page, asked, StatusCode::OK, language, body)
}

/// What is said of a page that is none; why is not said.
pub(super) fn no_page(language: Language) -> Vec<&'static str> {
    let texts = texts(language);
    vec![texts.no_page_reasons, texts.no_page_advice]
}

/// Whether the page says whom to ask for help.
fn helps(page: &Page) -> bool {
    !page.is(|own| own.hide_support)
}

/// The page as an answer. Browsers hold a form to where it leads in the end, so its policy
/// names where the page's owner sends those who have booked.
fn reply(
    page: &Page,
    asked: &Asked,
    status: StatusCode,
    language: Language,
    body: String,
) -> Reply {
    let settings = &page.settings;
    let url = settings.redirect_url.as_ref();
    let url = url.and_then(|url| Url::parse(url.as_str()).ok());
    let origin = url.map(|url| format!(" {}", url.origin().ascii_serialization()));
    let within = settings.embed_origins.as_deref().unwrap_or_default();
    let within: Vec<_> = within.iter().map(WebOrigin::as_str).collect();
    let may_embed = asked.is_embedded && !within.is_empty();
    let policy = format!(
        "{}; frame-ancestors {}; form-action 'self'{}",
        *POLICY,
        if may_embed {
            within.join(" ")
        } else {
            "'none'".to_owned()
        },
        origin.unwrap_or_default()
    );
    let reply = roster_pages::reply(status, language, body);
    let reply = reply.with_header(header::CONTENT_SECURITY_POLICY, &policy);
    let reply = reply.with_header(header::VARY, "Accept-Language");
    if may_embed {
        reply.without_header(&header::X_FRAME_OPTIONS)
    } else {
        reply
    }
}
