//! Finding the people that a request names.

use std::collections::{HashMap, HashSet};

use roster_domain::{
    Conflict, Error, Field, Location, Result, TeamId, UserId, Violation,
    team::{References, TeamChange, UserReference},
    text::ExternalId,
    users::user::User,
};

use crate::{
    Tenant,
    dynamodb::{
        guard::holder,
        item::{Item, from_item},
        table::Freshness,
    },
    keys::{self, Key},
};

/// The people that a request names, found.
pub(crate) struct People {
    /// Replace the admins.
    pub(crate) admins: Option<Vec<UserId>>,
    /// Replace the members.
    pub(crate) members: Option<Vec<UserId>>,
    /// Where in the body each of them stands first.
    pub(crate) pointers: HashMap<UserId, String>,
    pub(crate) users: HashMap<UserId, User>,
}

impl Tenant<'_> {
    /// Finds the people that a request names: one round trip for ids, a second
    /// for those named by address or external id.
    pub(crate) async fn find_people(
        &self,
        change: &TeamChange,
        free_extid: Option<&ExternalId>,
    ) -> Result<People> {
        let organization = self.tenancy();
        let lists = [change.admins.as_ref(), change.members.as_ref()];
        let references = || lists.into_iter().flatten().flatten();
        let first_key = |reference: &UserReference| match reference {
            UserReference::Id(id) => keys::user(organization, *id),
            UserReference::Email(email) => keys::email_guard(organization, email),
            UserReference::External(extid) => keys::user_extid_guard(organization, extid),
        };
        let extid_guard = free_extid.map(|extid| keys::team_extid_guard(organization, extid));
        let wanted = references().map(|(_, reference)| first_key(reference));
        let wanted: Vec<Key> = wanted.chain(extid_guard.clone()).collect();
        let found = self
            .store
            .table
            .batch_get(wanted, Freshness::Strong)
            .await?;
        if let Some(taken) = extid_guard.and_then(|key| found.get(&key)) {
            return Err(extid_taken(Some(taken)));
        }

        let id_of = |reference: &UserReference| match reference {
            UserReference::Id(id) => Some(*id),
            _ => found.get(&first_key(reference)).and_then(holder::<UserId>),
        };
        let second = references()
            .filter(|(_, reference)| !matches!(reference, UserReference::Id(_)))
            .filter_map(|(_, reference)| id_of(reference))
            .map(|id| keys::user(organization, id));
        let mut users = HashMap::new();
        let by_guard = self
            .store
            .table
            .batch_get(second, Freshness::Strong)
            .await?;
        for (key, item) in found.iter().chain(&by_guard) {
            if key.sk.starts_with("USER#") {
                let user: User = from_item(item.clone())?;
                users.insert(user.id, user);
            }
        }

        let unknown: Vec<_> = references()
            .filter(|(_, reference)| id_of(reference).is_none_or(|id| !users.contains_key(&id)))
            .map(|(pointer, reference)| {
                let detail = format!("no user with {reference} in this organization");
                Violation::unacceptable(Location::body(pointer), detail)
            })
            .collect();
        if !unknown.is_empty() {
            return Err(Error::Invalid(unknown));
        }
        let mut pointers = HashMap::new();
        for (pointer, reference) in references() {
            if let Some(id) = id_of(reference) {
                pointers.entry(id).or_insert_with(|| pointer.clone());
            }
        }
        let resolve = |list: &References| {
            let mut seen = HashSet::new();
            let ids = list.iter().filter_map(|(_, reference)| id_of(reference));
            ids.filter(|id| seen.insert(*id)).collect()
        };
        Ok(People {
            admins: change.admins.as_ref().map(resolve),
            members: change.members.as_ref().map(resolve),
            pointers,
            users,
        })
    }
}

/// What a team is refused with whose external id another team has, told from the
/// guard of the id.
pub(crate) fn extid_taken(guard: Option<&Item>) -> Error {
    let existing = guard.and_then(holder::<TeamId>).map(|id| id.to_string());
    let detail = match &existing {
        Some(id) => format!("team {id} has this extid"),
        None => "another team has this extid".to_owned(),
    };
    Conflict::new(detail)
        .at(Field::TeamExternalId)
        .with(existing)
        .into()
}
