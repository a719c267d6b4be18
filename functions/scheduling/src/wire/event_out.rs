//! The Event object of `/v2/teams`, and why its member was chosen.

use std::cmp::Reverse;

use jiff::Timestamp;
use roster_domain::{
    EventId,
    assignment::{Considered, Decision},
    event::{Event, EventDate, EventMessage, EventPlace, Participant},
    id::ObjectId,
    language::Language,
};
use serde_json::{Map, Value, json};

use super::instant;

/// How an event is shown.
#[derive(Clone, Copy, Debug)]
pub struct Rendering<'a> {
    /// Where the application is.
    pub app_url: &'a str,
    /// Whether the participants' keys are shown: to whoever books, and to
    /// nobody who lists events.
    pub with_keys: bool,
}

/// An event as `/v2/teams` shows it.
#[must_use]
pub fn render(event: &Event, rendering: &Rendering<'_>) -> Value {
    let assigned = created_by_assigned(event);
    let dates = event.dates.iter().map(|date| render_date(date, event));
    let places = event.places.iter().map(|place| render_place(place, event));
    let invitees = event
        .participants
        .iter()
        .map(|participant| render_participant(participant, assigned.clone()));
    let messages = event
        .messages
        .iter()
        .map(|message| render_message(message, event));
    let mut out = json!({
        "_id": event.id.to_string(),
        "title": event.title.as_str(),
        "created_by": creator(event),
        "confirmed": {
            "flag": event.confirmed,
            "updated_at": event.confirmed_at.map(instant),
            "multi": false,
        },
        "third_party": { "group_ids": [] },
        "ics_sequence": 0,
        "version": event.version,
        "group_pro": false,
        "identification_alternatives": [],
        "dates": dates.collect::<Vec<_>>(),
        "places": places.collect::<Vec<_>>(),
        "api": true,
        "invitees": invitees.collect::<Vec<_>>(),
        "messages": messages.collect::<Vec<_>>(),
        "declines": [],
        "lang": event.lang.code(),
        "locale": event.locale.code(),
        "updatedAt": instant(event.updated_at),
        "createdAt": instant(event.created_at),
        "invitees_length": event.participants.len(),
        "email": event.reply_to,
        "links": null,
        "__v": event.version,
        "assignment": assignment(event),
    });
    if let Some(out) = out.as_object_mut() {
        if let Some(timezone) = event.zone() {
            out.insert("timezone".to_owned(), timezone.as_str().into());
        }
        if rendering.with_keys {
            out.insert("key_store".to_owned(), key_store(event));
        } else {
            put_listed(out, event, rendering.app_url);
        }
    }
    out
}

/// Members of whom a listed decision says something: the last decisions of the
/// largest team must fit one answer.
pub const MAX_CONSIDERED: usize = 200;

/// A decision as the list of a team's last decisions shows it.
#[must_use]
pub fn render_decision(
    event: EventId,
    decision: &Decision,
    considered: &[Considered],
    at: Timestamp,
) -> Value {
    json!({
        "event": event.to_string(),
        "number": decision.number,
        "strategy": decision.strategy.as_str(),
        "member": decision.member.to_string(),
        "considered_count": considered.len(),
        "eligible_count": considered.iter().filter(|entry| entry.eligible).count(),
        "considered": render_considered(&most_telling(decision, considered)),
        "createdAt": instant(at),
    })
}

/// Of many who were considered, those that explain the choice, in the team's
/// order: who was assigned, then who could have been and was owed most.
fn most_telling(decision: &Decision, considered: &[Considered]) -> Vec<Considered> {
    let mut order: Vec<usize> = (0..considered.len()).collect();
    if considered.len() > MAX_CONSIDERED {
        let rank = |index: &usize| {
            let entry = considered.get(*index);
            Reverse(entry.map(|entry| {
                let is_chosen = entry.user == decision.member;
                (is_chosen, entry.eligible, entry.ledger_before)
            }))
        };
        order.sort_by_key(rank);
        order.truncate(MAX_CONSIDERED);
        order.sort_unstable();
    }
    let told = order.into_iter().filter_map(|index| considered.get(index));
    told.cloned().collect()
}

/// What only a list shows. A key opens the event, so a list names the store of
/// the keys and no more, as `/v2/teams`'s sample does.
fn put_listed(out: &mut Map<String, Value>, event: &Event, app_url: &str) {
    let created = event.created_at.as_millisecond();
    let alias = format!("alias_web_{}_{created}", event.assigned);
    out.insert("key_store".to_owned(), event.key_store.to_string().into());
    out.insert("app_url".to_owned(), app_url.into());
    out.insert("alias".to_owned(), alias.into());
}

fn key_store(event: &Event) -> Value {
    json!({
        "_id": event.key_store.to_string(),
        "hash": event.keys(),
        "updatedAt": instant(event.updated_at),
        "createdAt": instant(event.created_at),
        "__v": 0,
    })
}

/// `/v2/teams` shows the assigned member as who created the event, whoever booked it.
fn creator(event: &Event) -> Value {
    let assigned = event.participants.iter().find(|p| p.is_assigned);
    json!({
        "email": assigned.map_or("", email),
        "user": event.assigned.to_string(),
        "picture_url": assigned.map_or("", picture_url),
        "full_name": assigned.map_or("", |participant| participant.full_name.as_str()),
    })
}

/// `/v2/teams` has no null addresses: who has none has an empty one.
fn email(participant: &Participant) -> &str {
    participant
        .email
        .as_ref()
        .map_or("", |email| email.as_str())
}

fn picture_url(participant: &Participant) -> &str {
    participant
        .picture_url
        .as_ref()
        .map_or("", |url| url.as_str())
}

fn created_by_assigned(event: &Event) -> Value {
    json!({ "user": event.assigned.to_string() })
}

/// The votes of the assigned member, who alone has voted when an event is
/// booked.
fn votes(event: &Event, vote: ObjectId, is_yes: bool) -> Value {
    let vote = json!({ "created_by": created_by_assigned(event), "_id": vote.to_string() });
    let (yes, no) = if is_yes {
        (vec![vote], vec![])
    } else {
        (vec![], vec![vote])
    };
    json!({ "yes": yes, "no": no })
}

fn render_date(date: &EventDate, event: &Event) -> Value {
    let confirmed_invitees = if date.confirmed {
        event.users()
    } else {
        Vec::new()
    };
    json!({
        "created_by": created_by_assigned(event),
        "votes": votes(event, date.vote, date.free),
        "all_day": date.all_day,
        "confirmed": date.confirmed,
        "confirmed_invitees": confirmed_invitees,
        "_id": date.id.to_string(),
        "date": instant(date.span.start),
        "end_date": instant(date.span.end),
        "updatedAt": instant(event.updated_at),
        "createdAt": instant(event.created_at),
    })
}

fn render_place(place: &EventPlace, event: &Event) -> Value {
    let mut out = json!({
        "created_by": created_by_assigned(event),
        "votes": votes(event, place.vote, true),
        "source": place.source.as_ref().map_or("app", |source| source.as_str()),
        "_id": place.id.to_string(),
        "name": place.name.as_str(),
        "updatedAt": instant(event.updated_at),
        "createdAt": instant(event.created_at),
    });
    let texts = [
        ("address", place.address.as_ref().map(|text| text.as_str())),
        (
            "source_id",
            place.source_id.as_ref().map(|text| text.as_str()),
        ),
    ];
    put_texts(&mut out, texts);
    out
}

fn render_participant(participant: &Participant, created_by: Value) -> Value {
    let mut out = json!({
        "created_by": created_by,
        "stats": {
            "voted": {
                "dates": participant.is_assigned,
                "places": participant.is_assigned,
            },
        },
        "star": false,
        "_id": participant.id.to_string(),
        "email": email(participant),
        "su": participant.is_assigned,
        "full_name": participant.full_name,
        "picture_url": picture_url(participant),
    });
    let user = participant.user.map(|user| user.to_string());
    let texts = [
        ("user", user.as_deref()),
        (
            "timezone",
            participant.timezone.as_ref().map(|zone| zone.as_str()),
        ),
        ("locale", locale(participant).map(Language::code)),
        (
            "phone",
            participant.phone.as_ref().map(|phone| phone.as_str()),
        ),
    ];
    put_texts(&mut out, texts);
    out
}

/// A user who has chosen no language shows the default, as the user itself does.
/// Of anybody else none is known.
fn locale(participant: &Participant) -> Option<Language> {
    let default = participant.user.map(|_| Language::DEFAULT);
    participant.locale.or(default)
}

/// The address that a message is from may be nobody's in the organization: then
/// there is no user to name.
fn render_message(message: &EventMessage, event: &Event) -> Value {
    let mut out = json!({
        "_id": message.id.to_string(),
        "from": message.from.as_str(),
        "body": message.body.as_str(),
        "createdAt": instant(event.created_at),
        "updatedAt": instant(event.updated_at),
    });
    let from = message.from.folded();
    let author = event
        .participants
        .iter()
        .find(|p| p.email.as_ref().is_some_and(|email| email.folded() == from));
    if let (Some(user), Some(out)) = (author.and_then(|p| p.user), out.as_object_mut()) {
        let created_by = json!({ "user": user.to_string() });
        out.insert("created_by".to_owned(), created_by);
    }
    out
}

fn put_texts<const N: usize>(out: &mut Value, texts: [(&str, Option<&str>); N]) {
    let Some(out) = out.as_object_mut() else {
        return;
    };
    for (name, text) in texts {
        if let Some(text) = text {
            out.insert(name.to_owned(), text.into());
        }
    }
}

/// Why this member: Roster's own, beside what `/v2/teams` shows. Who else was considered
/// is told when the event is assigned, and in the team's assignments afterwards.
fn assignment(event: &Event) -> Value {
    let date = |date: &EventDate| json!({ "_id": date.id.to_string(), "free": date.free });
    let mut out = json!({
        "strategy": event.decision.strategy.as_str(),
        "member": event.assigned.to_string(),
        "dates": event.dates.iter().map(date).collect::<Vec<_>>(),
    });
    if let Some(out) = out.as_object_mut()
        && !event.considered.is_empty()
    {
        let considered = render_considered(&event.considered);
        out.insert("considered".to_owned(), considered);
    }
    out
}

fn render_considered(considered: &[Considered]) -> Value {
    let render = |considered: &Considered| {
        json!({
            "user": considered.user.to_string(),
            "eligible": considered.eligible,
            "reason": considered.reason,
            "ledger_before": considered.ledger_before,
            "ledger_after": considered.ledger_after,
        })
    };
    considered.iter().map(render).collect()
}
