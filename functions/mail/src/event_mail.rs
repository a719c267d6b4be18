//! Mails about events: what became of one, as its recipient reads it, and what their
//! calendar reads.

mod message;
mod texts;

use askama::Template;
use roster_calendar::{Invitation, Method};
use roster_domain::{
    Error, Result,
    bookings::event::{Event, EventDate, EventMessage, News, Participant},
    mail::{EventMail, EventNotice},
    users::language::Language,
};
use roster_pages::dates;
use secrecy::SecretString;

pub use self::message::{CalendarPart, Threaded};
use self::texts::Texts;
use crate::{render::Rendered, unlinked::unlinked};

/// Dates that a mail lists; more are on the event's page.
const MOST_DATES: usize = 20;

#[derive(Template)]
#[template(path = "event.txt", escape = "none")]
struct Plain<'a> {
    mail: &'a Content<'a>,
}

#[derive(Template)]
#[template(path = "event.html")]
struct Html<'a> {
    mail: &'a Content<'a>,
}

/// What both forms of a mail say.
struct Content<'a> {
    language: Language,
    /// What is told.
    heading: &'static str,
    /// Who gave the reason for it.
    by: Option<String>,
    title: String,
    /// Labels, and what stands behind them.
    facts: Vec<(&'static str, String)>,
    choices_label: &'static str,
    choices: Vec<String>,
    messages: Vec<Written>,
    open: &'static str,
    link: Option<&'a str>,
    why: &'static str,
}

/// A message that somebody wrote.
struct Written {
    from: String,
    body: String,
}

impl Content<'_> {
    /// What stands between a label and its value, on one line.
    fn colon(&self) -> &'static str {
        match self.language {
            Language::Fr => "\u{a0}: ",
            _ => ": ",
        }
    }
}

/// Writes out what is told of an event; none where it is not so any more. `public_url` is
/// where the event's page is.
///
/// # Errors
/// When a template fails, which is a defect, or somebody is told who has no address.
pub(crate) fn render(mail: &EventMail, public_url: Option<&str>) -> Result<Option<Rendered>> {
    let EventMail { notice, event, .. } = mail;
    if !notice.news.still_holds(event) {
        return Ok(None);
    }
    let to = notice.to.email.clone();
    let to = to.ok_or_else(|| Error::internal("who is told has no address"))?;
    let link = (mail.key.as_ref().zip(public_url)).map(|(key, base)| link(base, event, key));
    let texts = Texts::of(notice.language);
    let content = &content(mail, texts, link.as_deref());
    let (text, html) = (
        Plain { mail: content }.render(),
        Html { mail: content }.render(),
    );
    let calendar = calendar(notice, event, content);
    Ok(Some(Rendered {
        to,
        // The same whatever is told: calendars take it for the title of the event, and
        // mails about one event stand together.
        subject: content.title.clone(),
        text: text.map_err(Error::internal)?,
        html: html.map_err(Error::internal)?,
        threaded: Some(Threaded::new(event, calendar)),
        link: link.map(SecretString::from),
    }))
}

/// Where a participant finds the event's page.
fn link(public_url: &str, event: &Event, key: &str) -> String {
    let base = public_url.trim_end_matches('/');
    format!("{base}/e/{}?k={key}", event.id)
}

fn content<'a>(mail: &EventMail, texts: &'static Texts, link: Option<&'a str>) -> Content<'a> {
    let EventMail { notice, event, .. } = mail;
    let is_for_holder = notice.to.is_assigned || notice.as_admin;
    let by = event
        .participants
        .iter()
        .find(|one| Some(one.id) == notice.by);
    let is_settled = event.settled().is_some();
    let language = notice.language;
    let zone = notice.zone.rules();
    let shown = |date: &EventDate| dates::span(&date.span, date.all_day, &zone, language);
    let choices = event.dates.iter().filter(|_| !is_settled).take(MOST_DATES);
    Content {
        language,
        heading: texts.heading(event, notice),
        by: by.map(|one| unlinked(one.shown_name())),
        title: unlinked(event.title.as_str()),
        facts: facts(mail, texts, event.settled().map(shown), is_for_holder),
        choices_label: texts.dates,
        choices: choices.map(shown).collect(),
        messages: messages(notice, event),
        open: texts.open,
        link,
        why: if notice.as_admin {
            texts.why_admin
        } else {
            texts.why
        },
    }
}

fn facts(
    mail: &EventMail,
    texts: &'static Texts,
    date: Option<String>,
    is_for_holder: bool,
) -> Vec<(&'static str, String)> {
    let EventMail { notice, event, .. } = mail;
    let mut facts = Vec::new();
    let zone = |date: String| format!("{date} ({})", notice.zone);
    let date = date.map_or_else(|| texts.no_date.to_owned(), zone);
    facts.push((texts.when, date));
    if let Some(place) = event.settled_place() {
        facts.push((texts.place, place.line()));
    }
    let holder = event.holder();
    if let Some(holder) = holder.filter(|holder| holder.id != notice.to.id) {
        let of = unlinked(mail.organization.as_str());
        let holder = match holder.full_name.as_str() {
            "" => of,
            name => format!("{} ({of})", unlinked(name)),
        };
        facts.push((texts.organizer, holder));
    }
    let guests = event.participants.iter().filter(|one| !one.is_assigned);
    let guests: Vec<_> = guests
        .filter(|guest| guest.id != notice.to.id)
        .map(|guest| {
            if is_for_holder {
                known(guest)
            } else {
                unlinked(&guest.full_name)
            }
        })
        .filter(|name| !name.is_empty())
        .collect();
    if !guests.is_empty() {
        facts.push((texts.guests, guests.join(", ")));
    }
    facts
}

/// A guest, as who holds the event has to know them: with how they are reached.
fn known(guest: &Participant) -> String {
    let email = guest.email.as_ref().map(ToString::to_string);
    let phone = guest.phone.as_ref().map(ToString::to_string);
    let reached: Vec<_> = [email, phone].into_iter().flatten().collect();
    match (unlinked(&guest.full_name), reached.join(", ")) {
        (name, reached) if name.is_empty() => reached,
        (name, reached) if reached.is_empty() => name,
        (name, reached) => format!("{name} ({reached})"),
    }
}

/// The messages that are new, where that is what is told, or the event is.
fn messages(notice: &EventNotice, event: &Event) -> Vec<Written> {
    if !matches!(notice.news, News::Message | News::Invited) {
        return Vec::new();
    }
    let new = event.messages.iter().skip(notice.messages_before);
    let written = |message: &EventMessage| {
        let body = message.body.as_str();
        let is_user =
            |one: &Participant| one.user.is_some() && one.email.as_ref() == Some(&message.from);
        Written {
            from: unlinked(event.author(message)),
            // What strangers write must not bring a link into somebody's mail.
            body: if event.participants.iter().any(is_user) {
                body.to_owned()
            } else {
                let lines: Vec<_> = body.lines().map(unlinked).collect();
                lines.join("\n")
            },
        }
    };
    new.map(written).collect()
}

/// What the recipient's calendar is told; nothing of what it is not to have.
fn calendar(notice: &EventNotice, event: &Event, content: &Content<'_>) -> Option<CalendarPart> {
    if notice.as_admin || !notice.news.is_for_calendars() {
        return None;
    }
    let method = match notice.news {
        News::Cancelled | News::Removed | News::Undecided => Method::Cancel,
        _ if event.reserved().is_some() => Method::Request,
        _ => return None,
    };
    // What was never certain is in no calendar.
    if event.settled().is_none() && notice.news != News::Undecided {
        return None;
    }
    let invitation = Invitation {
        event,
        to: &notice.to,
        method,
        link: content.link,
        description: content.open,
    };
    Some(CalendarPart {
        method: method.name(),
        text: invitation.to_text(),
    })
}
