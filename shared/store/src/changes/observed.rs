//! What happened, from the two images of an item that the table's stream shows.

use std::collections::BTreeSet;

use jiff::Timestamp;
use roster_domain::{
    Error, OrganizationId, Result, UserId,
    bookings::event::{Event, happened_to_event},
    changes::{Resource, ResourceKind, action::Action},
    hooks::Hook,
    users::{happened_to_user, user::User},
};

use crate::{
    changes::Sequence,
    dynamodb::item::{Item, from_item},
    keys::{self, Key},
};

/// A change of something that the feed tells of.
#[derive(Debug)]
pub struct Observed {
    /// The organization.
    pub organization: OrganizationId,
    /// What was changed.
    pub resource: Resource,
    /// What happened to it: at least one thing.
    pub actions: Vec<Action>,
    /// When.
    pub at: Timestamp,
    /// Where in the stream.
    pub sequence: Sequence,
    /// What there is of it now, or was before it was gone.
    pub state: State,
    /// Whether it is gone.
    pub deleted: bool,
    /// Whose own calendars are to show it otherwise.
    pub calendars: BTreeSet<UserId>,
}

/// What there is of something, as far as its own item says.
#[derive(Debug)]
pub enum State {
    /// A user.
    User(Box<User>),
    /// An event.
    Event(Box<Event>),
    /// A hook.
    Hook(Box<Hook>),
    /// A team, which is kept in several items.
    Team,
}

impl Observed {
    /// Reads a record of the stream; none where it is of something that the feed does not
    /// tell of, or where nothing that is told was changed.
    ///
    /// # Errors
    /// When an image cannot be read.
    pub fn read(
        key: &Key,
        before: Option<Item>,
        after: Option<Item>,
        at: Timestamp,
        sequence: Sequence,
    ) -> Result<Option<Self>> {
        let Some((organization, resource)) = keys::resource_of(key) else {
            return Ok(None);
        };
        let is_team = keys::is_team(key);
        let deleted = after.is_none() && (resource.kind != ResourceKind::Team || is_team);
        let mut calendars = BTreeSet::new();
        let (actions, state) = match resource.kind {
            ResourceKind::User => {
                let (before, after) = images::<User>(before, after)?;
                let actions = happened_to_user(before.as_ref(), after.as_ref());
                (actions, after.or(before).map(Box::new).map(State::User))
            }
            ResourceKind::Event => {
                let (before, after) = images::<Event>(before, after)?;
                let Some(after) = after else {
                    return Ok(None);
                };
                let actions = happened_to_event(before.as_ref(), &after);
                calendars = after.calendars_to_write(before.as_ref());
                (actions, Some(State::Event(Box::new(after))))
            }
            ResourceKind::Hook => {
                let (before, after) = images::<Hook>(before, after)?;
                let actions = happened_to_hook(before.as_ref(), after.as_ref());
                (actions, after.or(before).map(Box::new).map(State::Hook))
            }
            ResourceKind::Team => {
                let action = match (before, after) {
                    (None, Some(_)) if is_team => Action::TeamCreated,
                    (Some(_), None) if is_team => Action::TeamDeleted,
                    _ => Action::TeamUpdated,
                };
                (vec![action], Some(State::Team))
            }
        };
        let state = state.filter(|_| !actions.is_empty());
        Ok(state.map(|state| Self {
            organization,
            resource,
            actions,
            at,
            sequence,
            state,
            deleted,
            calendars,
        }))
    }
}

/// What happened to a hook; nothing where only the outcome of a delivery was noted.
fn happened_to_hook(before: Option<&Hook>, after: Option<&Hook>) -> Vec<Action> {
    match (before, after) {
        (None, None) => Vec::new(),
        (None, Some(_)) => vec![Action::HookCreated],
        (Some(_), None) => vec![Action::HookDeleted],
        (Some(before), Some(after)) if before.version == after.version => Vec::new(),
        (Some(_), Some(_)) => vec![Action::HookUpdated],
    }
}

/// Both images of an item.
fn images<T: serde::de::DeserializeOwned>(
    before: Option<Item>,
    after: Option<Item>,
) -> Result<(Option<T>, Option<T>), Error> {
    let read = |item: Option<Item>| item.map(from_item).transpose();
    Ok((read(before)?, read(after)?))
}
