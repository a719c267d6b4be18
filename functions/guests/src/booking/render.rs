//! What a booking page shows.

mod details;
mod times;

use std::sync::LazyLock;

use askama::Template;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::{SignedDuration, Timestamp};
use lambda_http::http::{StatusCode, header};
use roster_domain::{
    EventId,
    bookings::{agenda::TimeSpan, hold::Hold},
    text::{Title, WebOrigin},
    users::language::Language,
    zone::ZoneName,
};
use roster_pages::{CommonTexts, STYLE, common_texts};
use roster_runtime::Reply;
use sha2::{Digest as _, Sha256};
use url::Url;

pub(super) use self::{
    details::{Shown, form},
    times::{Times, times},
};
use super::{
    book::{Seen, When},
    page::Page,
    problem::Problem,
    query::{Asked, CHANGE, PROBLEM, TIMEZONE},
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
    let mut head = Head::of(page, asked, language, &[]);
    head.heading = head.common.booked;
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
