//! What must hold of a table, whatever happened, told from the table alone;
//! and whether it agrees with what callers were told.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use roster_domain::{
    bookings::agenda::TimeSpan,
    bookings::assignment::{BOOKING, Decision, Ledger, Outcome},
    bookings::event::Event,
    bookings::hold::Hold,
};
use roster_local::setup;
use roster_store::bookings::ledger::DecisionRecord;
use serde_dynamo::aws_sdk_dynamodb_1::from_item;
use serde_json::{Value, json};

use super::run::{Changed, History};
use crate::harness::{Api, fixtures::Fields};

type Item = HashMap<String, AttributeValue>;
/// Who has reserved what for which event.
type Reservation = (String, String, TimeSpan);

/// What a user's day has of a hold, and until when.
struct HeldTime {
    user: String,
    hold: String,
    span: TimeSpan,
    until: Timestamp,
}

/// What the demo organization's partition has of events.
#[derive(Default)]
pub struct Table {
    pub events: BTreeMap<String, Event>,
    /// By event and user.
    parts: BTreeMap<(String, String), Item>,
    reservations: BTreeSet<Reservation>,
    /// What is held, whether it has ended or not, once for each day.
    held: Vec<HeldTime>,
    /// The holds themselves.
    holds: BTreeMap<String, Hold>,
    /// When the table was read.
    now: Timestamp,
    ledgers: BTreeMap<String, Ledger>,
    /// By team and number.
    decisions: BTreeMap<String, BTreeMap<u64, DecisionRecord>>,
    /// Answers that are kept for idempotency keys.
    answers: Vec<Value>,
}

impl Table {
    pub async fn read(api: &Api) -> Self {
        let client = api.dynamodb();
        let scan = client
            .scan()
            .table_name(&api.table)
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let mut table = Self {
            now: api.now(),
            ..Self::default()
        };
        for item in scan.collect::<Result<Vec<_>, _>>().await.unwrap() {
            table.add(item);
        }
        table
    }

    fn add(&mut self, mut item: Item) {
        let mut text = |name| item.remove(name).unwrap().as_s().unwrap().clone();
        let (pk, sk) = (text("pk"), text("sk"));
        if pk != format!("ORG#{}", setup::ORGANIZATION) {
            return;
        }
        let parts: Vec<String> = sk.split('#').map(str::to_owned).collect();
        match parts[0].as_str() {
            "EVENT" => {
                let event = from_item(item).unwrap();
                self.events.insert(parts[1].clone(), event);
            }
            "PART" => {
                let key = (parts[3].clone(), parts[1].clone());
                assert!(self.parts.insert(key, item).is_none(), "a part twice");
            }
            "HOLD" => {
                let hold = from_item(item).unwrap();
                self.holds.insert(parts[1].clone(), hold);
            }
            "DAY" => self.add_day(&parts[1], &parts[2], &from_item(item).unwrap()),
            "LEDGER" => {
                let item: Value = from_item(item).unwrap();
                // Where nothing was booked, it says of the team that it was changed.
                if let Some(ledger) = item.get("ledger") {
                    let ledger = serde_json::from_value(ledger.clone()).unwrap();
                    self.ledgers.insert(parts[1].clone(), ledger);
                }
            }
            "DECISION" => {
                let number = parts[2].parse().unwrap();
                let record = from_item(item).unwrap();
                let before = self.decisions.entry(parts[1].clone()).or_default();
                before.insert(number, record);
            }
            "IDEMPOTENCY" => {
                let item: Value = from_item(item).unwrap();
                let answer = item["answer"].as_str();
                self.answers
                    .extend(answer.map(|text| serde_json::from_str::<Value>(text).unwrap()));
            }
            _ => {}
        }
    }

    fn add_day(&mut self, user: &str, day: &str, item: &Value) {
        let reserved = item["reserved"].as_object().unwrap();
        let held = item.get("held").and_then(Value::as_object);
        let entries = reserved.iter().map(|entry| (false, entry));
        let held = held.into_iter().flatten().map(|entry| (true, entry));
        for (is_held, (event, interval)) in entries.chain(held) {
            let interval = interval.as_str().unwrap();
            let (interval, until) = match interval.split_once(" until ") {
                Some((interval, until)) => (interval, Some(until.parse().unwrap())),
                None => (interval, None),
            };
            assert_eq!(until.is_some(), is_held, "{event}");
            let (start, length) = interval.split_once('/').unwrap();
            let (start, length) = (start.parse::<Timestamp>().unwrap(), length);
            let end = start + length.parse::<SignedDuration>().unwrap();
            let day_begins: Timestamp = format!("{day}T00:00:00Z").parse().unwrap();
            let day_ends = day_begins + SignedDuration::from_hours(24);
            let touches = start < day_ends && (end > day_begins || start == day_begins);
            assert!(touches, "{event} is in a wrong day");
            let span = TimeSpan { start, end };
            let (user, event) = (user.to_owned(), event.clone());
            match until {
                Some(until) => self.held.push(HeldTime {
                    user,
                    hold: event,
                    span,
                    until,
                }),
                None => {
                    self.reservations.insert((user, event, span));
                }
            }
        }
    }

    pub fn decisions(&self) -> usize {
        self.decisions.values().map(BTreeMap::len).sum()
    }

    /// What this event's title was given.
    fn titled(&self, title: &str) -> Vec<&str> {
        let events = self.events.iter();
        let titled = events.filter(|(_, event)| event.title.as_str() == title);
        titled.map(|(id, _)| id.as_str()).collect()
    }

    pub fn agrees_with_itself(&self) {
        self.nobody_is_booked_twice();
        self.what_is_held_is_free_and_of_a_hold();
        self.votes_are_of_participants();
        self.agendas_have_what_events_reserve();
        self.parts_are_of_participants();
        for answer in &self.answers {
            let id = answer.id();
            assert!(self.events.contains_key(id), "{id} was answered, not made");
        }
        let with_ledger: Vec<_> = self.ledgers.keys().collect();
        let with_decisions: Vec<_> = self.decisions.keys().collect();
        assert_eq!(with_ledger, with_decisions);
        let mut last = BTreeMap::new();
        for (team, ledger) in &self.ledgers {
            assert_eq!(ledger.sum(), 0, "the ledger of {team}");
            let replayed = replay(&self.decisions[team], &mut last);
            assert_eq!(&replayed, ledger, "the ledger of {team}, replayed");
        }
        assert_eq!(last.len(), self.events.len());
        for (id, event) in &self.events {
            let Last {
                decision,
                moves,
                taken_back,
            } = &last[id];
            assert_eq!(Some(decision.without_shares()), event.decision, "{id}");
            assert_eq!(event.assigned, decision.member, "{id}");
            assert!(*moves <= event.version, "{id}");
            assert_eq!(*taken_back, event.taken_back, "{id}");
            // What was cancelled is no no-show any more; a no-show can be cancelled.
            let first = event.no_show_at.map(|_| Outcome::NoShow);
            let outcome = first.or(event.cancelled_at.map(|_| Outcome::Cancelled));
            assert_eq!(event.taken_back, outcome, "{id}");
        }
    }

    fn nobody_is_booked_twice(&self) {
        let mut by_user: BTreeMap<&str, Vec<(&str, TimeSpan)>> = BTreeMap::new();
        // Guests can be invited to more than one thing at a time.
        let is_held =
            |(user, event, _): &&Reservation| self.events[event].assigned.to_string() == *user;
        for (user, event, span) in self.reservations.iter().filter(is_held) {
            let of_user = by_user.entry(user).or_default();
            for (other, taken) in &*of_user {
                assert!(
                    !taken.overlaps(span),
                    "{user} is booked twice: {event} {span:?}, {other} {taken:?}"
                );
            }
            of_user.push((event, *span));
        }
    }

    /// A hold that has not ended is in the days of all its users, keeps everybody else out
    /// of them, and has no event yet; and nothing else is held.
    fn what_is_held_is_free_and_of_a_hold(&self) {
        let is_on = |until: &Timestamp| *until > self.now;
        let mut own = BTreeMap::<&str, BTreeSet<&str>>::new();
        for (at, held) in self.held.iter().enumerate() {
            let HeldTime {
                user,
                hold,
                span,
                until,
            } = held;
            assert!(
                !self.events.contains_key(hold),
                "{hold} was booked, and is held"
            );
            if !is_on(until) {
                continue;
            }
            own.entry(hold).or_default().insert(user);
            let others = self.held.iter().take(at);
            let others = others.filter(|other| is_on(&other.until) && other.hold != *hold);
            let mut others = others.filter(|other| other.user == *user);
            assert!(
                others.all(|other| !other.span.overlaps(span)),
                "{user} is held twice"
            );
            let is_held = |event: &str| self.events[event].assigned.to_string() == *user;
            let mut taken = self.reservations.iter().filter(|(who, ..)| who == user);
            let is_free = taken.all(|(_, event, taken)| !is_held(event) || !taken.overlaps(span));
            assert!(is_free, "{user} is booked for {span:?}, which {hold} holds");
        }
        for (id, hold) in self.holds.iter().filter(|(_, hold)| hold.is_on(self.now)) {
            let users: BTreeSet<_> = hold.users.iter().map(ToString::to_string).collect();
            let is_used = self.events.contains_key(id);
            let held = own.remove(id.as_str()).unwrap_or_default();
            let held: BTreeSet<_> = held.into_iter().map(str::to_owned).collect();
            assert_eq!(held, if is_used { BTreeSet::new() } else { users }, "{id}");
        }
        assert!(own.is_empty(), "held for nothing: {own:?}");
    }

    fn votes_are_of_participants(&self) {
        for (id, event) in &self.events {
            let of_dates = event.dates.iter().flat_map(|date| &date.votes);
            let of_places = event.places.iter().flat_map(|place| &place.votes);
            for vote in of_dates.chain(of_places) {
                let mut participants = event.participants.iter();
                assert!(participants.any(|one| one.id == vote.by), "{id}: {vote:?}");
            }
        }
    }

    fn agendas_have_what_events_reserve(&self) {
        let mut expected = BTreeSet::<Reservation>::new();
        for (id, event) in &self.events {
            if let Some(span) = event.reserved() {
                let occupied = event.occupied().into_iter();
                expected.extend(occupied.map(|user| (user.to_string(), id.clone(), span)));
            }
        }
        let lost: Vec<_> = expected.difference(&self.reservations).collect();
        let stray: Vec<_> = self.reservations.difference(&expected).collect();
        assert!(lost.is_empty() && stray.is_empty(), "{lost:?} {stray:?}");
    }

    fn parts_are_of_participants(&self) {
        let mut expected = BTreeSet::new();
        for (id, event) in &self.events {
            for user in event.users() {
                let key = (id.clone(), user.to_string());
                let part = self.parts.get(&key).cloned().map(from_item::<Value>);
                let part = part.expect("everybody who takes part has one").unwrap();
                let end = event.dates.iter().map(|date| date.span.end).max();
                assert_eq!(part["ends_at"], json!(end), "{key:?}");
                assert_eq!(part["title"], event.title.as_str(), "{key:?}");
                assert_eq!(part["confirmed"], event.confirmed, "{key:?}");
                assert_eq!(part["assigned"], event.assigned == user, "{key:?}");
                let cancelled = part["cancelled"].as_bool().unwrap_or_default();
                assert_eq!(cancelled, event.is_cancelled(), "{key:?}");
                let status = if event.confirmed { "CONFIRMED" } else { "OPEN" };
                assert_eq!(part["gsi1sk"], format!("{status}#{id}"), "{key:?}");
                expected.insert(key);
            }
        }
        let parts: BTreeSet<_> = self.parts.keys().cloned().collect();
        assert_eq!(parts, expected);
    }

    pub fn agrees_with(&self, history: &History) {
        let mut known = 0;
        for told in &history.booked {
            let there = self.titled(&told.title);
            known += there.len();
            let made: BTreeSet<&str> = told
                .answers
                .iter()
                .filter_map(|(_, event)| event.as_deref())
                .collect();
            let unknown = told.answers.iter().any(|(status, _)| *status >= 500);
            let what = format!("{} {:?}: {there:?}", told.title, told.answers);
            assert!(made.len() <= 1, "a repeat made another event: {what}");
            if !made.is_empty() {
                assert_eq!(there, Vec::from_iter(made), "{what}");
            } else if unknown {
                assert!(there.len() <= 1, "{what}");
            } else {
                assert!(there.is_empty(), "refused, yet made: {what}");
            }
        }
        assert_eq!(known, self.events.len(), "events that nobody asked for");
        self.agrees_with_moves(history);
        self.agrees_with_changes(history);
    }

    fn agrees_with_changes(&self, history: &History) {
        let mut ends = BTreeSet::new();
        for Changed {
            event,
            what,
            status,
        } in &history.changed
        {
            let now = &self.events[event];
            let is_done = [200, 303].contains(status);
            if is_done || *status >= 500 {
                ends.insert((event.as_str(), *what));
            }
            match *what {
                "cancel" if is_done => assert!(now.is_cancelled(), "{event}"),
                "confirm" if is_done => assert!(now.confirmed, "{event}"),
                "no-show" if is_done => assert!(now.no_show_at.is_some(), "{event}"),
                _ => {}
            }
        }
        for (id, event) in &self.events {
            let asked = ["cancel", "decline"].map(|what| ends.contains(&(id.as_str(), what)));
            assert!(!event.is_cancelled() || asked.contains(&true), "{id}");
        }
    }

    fn agrees_with_moves(&self, history: &History) {
        // For each event: how often it surely moved, to whom, and how often it
        // may have.
        let mut moves: BTreeMap<&str, (Vec<&str>, usize)> = BTreeMap::new();
        for moved in &history.moved {
            let entry = moves.entry(&moved.event).or_default();
            entry.0.extend(moved.member.as_deref());
            entry.1 += usize::from(moved.status >= 500);
        }
        for (id, event) in &self.events {
            let (mut sure, maybe) = moves.remove(id.as_str()).unwrap_or_default();
            let team = event.team.unwrap().to_string();
            let records = self.decisions[&team].values();
            let records = records.filter(|r| r.event == Some(event.id) && r.replaces.is_some());
            let decisions = records.filter_map(|record| record.decision.as_ref());
            let mut done: Vec<String> = decisions.map(|d| d.member.to_string()).collect();
            assert!(
                (sure.len()..=sure.len() + maybe).contains(&done.len()),
                "{id} moved to {done:?}; told: {sure:?}, {maybe} unknown"
            );
            sure.sort_unstable();
            done.sort_unstable();
            for member in sure {
                let at = done.iter().position(|user| user == member);
                assert!(at.is_some(), "{id} did not move to {member}");
                done.remove(at.unwrap());
            }
        }
        assert!(moves.is_empty(), "moved, yet gone: {moves:?}");
    }

    /// The holds of a user for this time.
    pub fn held(&self, user: &str, span: &TimeSpan) -> Vec<String> {
        let own = self.held.iter();
        let own = own.filter(|held| held.user == user && held.span == *span);
        own.map(|held| held.hold.clone()).collect()
    }

    /// Whether every one of these users has a reservation at that time.
    pub fn all_busy(&self, users: &[String], span: &TimeSpan) -> bool {
        users.iter().all(|user| {
            let mut own = self.reservations.iter().filter(|(who, ..)| who == user);
            own.any(|(_, _, taken)| taken.overlaps(span))
        })
    }
}

/// The last decision about an event.
struct Last {
    decision: Decision,
    moves: u64,
    taken_back: Option<Outcome>,
}

/// A team's ledger, made again from its decisions alone; `last` gets each
/// event's last decision, and how often it moved.
///
/// The members at each decision are those who were considered, and whoever the
/// event was taken from where `replaced_stays` says so. Joins and leaves between
/// two decisions touch the ledger at the second one only.
fn replay(decisions: &BTreeMap<u64, DecisionRecord>, last: &mut BTreeMap<String, Last>) -> Ledger {
    let mut ledger = Ledger::default();
    for (expected, (number, record)) in (1..).zip(decisions) {
        assert_eq!((*number, record.number()), (expected, expected));
        if let Some(credit) = &record.credit {
            assert_eq!(credit.parts.values().sum::<i64>(), 0, "decision {number}");
            let members: Vec<_> = credit.parts.keys().map(|id| id.parse().unwrap()).collect();
            ledger.retain(&members);
            ledger.credit(credit);
            continue;
        }
        let event = record.event.unwrap().to_string();
        let before = last.remove(&event);
        let replaces = before.as_ref().map(|before| &before.decision);
        assert_eq!(replaces, record.replaces.as_ref(), "decision {number}");
        let is_open = before.as_ref().is_none_or(|it| it.taken_back.is_none());
        assert!(is_open, "decision {number} is about what was taken back");
        let now = if let Some(decision) = &record.decision {
            book(&mut ledger, *number, record, decision);
            Last {
                decision: decision.clone(),
                moves: before.map_or(0, |before| before.moves + 1),
                taken_back: None,
            }
        } else {
            let before = before.expect("only what was booked is taken back");
            ledger.revert(&before.decision);
            ledger.bookings = *number;
            let outcome = record.taken_back.unwrap().outcome;
            Last {
                taken_back: Some(outcome),
                ..before
            }
        };
        assert_eq!(ledger.sum(), 0, "after decision {number}");
        last.insert(event, now);
    }
    ledger
}

/// Books a decision in a ledger, and holds it to what was said then.
fn book(ledger: &mut Ledger, number: u64, record: &DecisionRecord, decision: &Decision) {
    let replaced = record.replaces.as_ref().filter(|_| record.replaced_stays);
    let considered = record.considered.iter().map(|entry| entry.user);
    let members: Vec<_> = considered.chain(replaced.map(|r| r.member)).collect();
    ledger.retain(&members);
    if let Some(before) = &record.replaces {
        ledger.revert(before);
    }
    assert_eq!(ledger.sum(), 0, "before decision {number}");
    for entry in &record.considered {
        let balance = ledger.account(entry.user).balance;
        assert_eq!(balance, entry.ledger_before, "before decision {number}");
    }
    assert_eq!(decision.shares.values().sum::<i64>(), BOOKING);
    let chosen = record.considered.iter().find(|c| c.user == decision.member);
    assert!(chosen.is_some_and(|c| c.eligible), "decision {number}");
    ledger.apply(decision);
    for entry in &record.considered {
        let balance = ledger.account(entry.user).balance;
        assert_eq!(balance, entry.ledger_after, "after decision {number}");
    }
}
