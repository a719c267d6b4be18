//! What the page's buttons send, and the notice that follows.

use roster_domain::bookings::event::GuestAction;

use crate::event::texts::Texts;

/// Every action, under the name that the page sends it by.
const NAMES: [(GuestAction, &str); 8] = [
    (GuestAction::Vote, "vote"),
    (GuestAction::Accept, "accept"),
    (GuestAction::Decline, "decline"),
    (GuestAction::Write, "message"),
    (GuestAction::Suggest, "suggest"),
    (GuestAction::Cancel, "cancel"),
    (GuestAction::Reschedule, "move"),
    (GuestAction::ChooseZone, "timezone"),
];

/// The names of all.
#[must_use]
pub fn names() -> [&'static str; 8] {
    NAMES.map(|(_, name)| name)
}

/// The name of an action.
pub(crate) fn name(action: GuestAction) -> &'static str {
    let mut names = NAMES.iter();
    names
        .find(|(own, _)| *own == action)
        .map_or("", |(_, name)| name)
}

/// The action with a name.
pub(crate) fn named(name: &str) -> Option<GuestAction> {
    let mut names = NAMES.iter();
    names
        .find(|(_, own)| *own == name)
        .map(|(action, _)| *action)
}

/// What is said once it is done.
pub(crate) fn notice(action: GuestAction, texts: &Texts) -> &'static str {
    match action {
        GuestAction::Vote => texts.done_vote,
        GuestAction::Accept | GuestAction::Decline => texts.done_answer,
        GuestAction::Write => texts.done_write,
        GuestAction::Suggest => texts.done_suggest,
        GuestAction::Cancel => texts.done_cancel,
        GuestAction::Reschedule => texts.done_move,
        GuestAction::ChooseZone => texts.done_zone,
    }
}
