//! What happened to an event, worked out from what it was and what it is, so that no change
//! can be made and not told.

use super::{
    Event,
    news::{differs, votes},
};
use crate::changes::action::Action;

/// What happened to an event; nothing where only its inner bookkeeping was written.
#[must_use]
pub fn happened_to_event(before: Option<&Event>, event: &Event) -> Vec<Action> {
    let Some(before) = before else {
        let confirmed = event.confirmed.then_some(Action::EventConfirmed);
        let cancelled = event.is_cancelled().then_some(Action::EventCancelled);
        let mut actions = vec![Action::EventCreated];
        actions.extend(confirmed.into_iter().chain(cancelled));
        return actions;
    };
    if before == event {
        return Vec::new();
    }
    let is_cancelled = event.is_cancelled() && !before.is_cancelled();
    let (was, is) = (before.reserved(), event.reserved());
    let is_moved = was.is_some() && is.is_some() && was != is;
    let is_reassigned = event.assigned != before.assigned;
    let is_confirmed = event.confirmed && !before.confirmed;
    let mut actions: Vec<_> = [
        (is_cancelled, Action::EventCancelled),
        (is_confirmed, Action::EventConfirmed),
        (is_moved, Action::EventRescheduled),
        (is_reassigned, Action::EventReassigned),
        (has_new_invitee(before, event), Action::EventNewInvitee),
        (votes(before) != votes(event), Action::EventVoted),
        (has_new_decline(before, event), Action::EventDeclined),
        (
            event.messages.len() > before.messages.len(),
            Action::EventMessage,
        ),
        (
            event.no_show_at.is_some() && before.no_show_at.is_none(),
            Action::EventNoShow,
        ),
    ]
    .into_iter()
    .filter_map(|(happened, action)| happened.then_some(action))
    .collect();
    // The original knows neither moving nor handing over: whoever asked for its actions is
    // told of both by this one, and of an event that is confirmed with another date.
    let is_changed = is_moved || is_reassigned || (differs(before, event) && !is_confirmed);
    if actions.is_empty() || is_changed {
        actions.push(Action::EventUpdated);
    }
    actions
}

fn has_new_invitee(before: &Event, event: &Event) -> bool {
    let was_in = |id| before.participants.iter().any(|was| was.id == id);
    let mut guests = event.participants.iter().filter(|one| !one.is_assigned);
    guests.any(|one| !was_in(one.id))
}

fn has_new_decline(before: &Event, event: &Event) -> bool {
    let had_declined = |id| {
        let mut was = before.participants.iter();
        was.any(|was| was.id == id && was.declined_at.is_some())
    };
    let mut participants = event.participants.iter();
    participants.any(|one| one.declined_at.is_some() && !had_declined(one.id))
}

#[cfg(test)]
mod tests;
