//! Whether the items of a file are of one organization alone. Nothing that the
//! file says is believed because it says so: it must not lead to another
//! tenant's items, pages, names, numbers or keys.

use std::collections::{BTreeMap, HashMap, btree_map};

use jiff::Timestamp;
use roster_domain::{
    Error, TeamId, UserId,
    access::key::Role,
    team::{MAX_PEOPLE, TeamRole},
};
use roster_store::raw::{
    belongings::{Guarded, guards_of, inner_guards_of},
    forms::{Listed, Read},
};

use crate::{
    Progress, TransferError, Watch,
    import::file::{ImportFile, LINES_AT_ONCE, Position},
    tell,
};
use roster_store::{
    dynamodb::{item::Item, schema_version},
    keys::{
        INDEX_PK, INDEX_SK, Key,
        kind::{Content, Kind},
    },
};

/// Largest number that a user or an organization is given: what every client
/// reads as a whole number (RFC 8259, section 6).
const MAX_NUMBER: u64 = (1 << 53) - 1;

/// What items say of one another, looked at when all of them were read.
#[derive(Default)]
struct Mentions {
    /// Guards of the file, outside of the partition.
    guards: Vec<(Key, Item, Position)>,
    /// Guards of the file, within the partition.
    holders: Vec<(Key, Item, Position)>,
    /// The guards within the partition that must be there.
    held: BTreeMap<Key, Item>,
    /// The teams, each with its members and its admins counted.
    teams: HashMap<TeamId, [usize; 2]>,
    /// People of teams.
    people: Vec<(TeamId, UserId, TeamRole, Position)>,
    /// What users say that they are in teams.
    roles: HashMap<(TeamId, UserId), TeamRole>,
}

impl ImportFile {
    /// Looks at every item, and at what they say of one another.
    pub(crate) fn look_at_items(
        &mut self,
        now: Timestamp,
        watch: Watch<'_>,
    ) -> Result<(), TransferError> {
        let positions: Vec<_> = self
            .positions
            .iter()
            .map(|(key, position)| (key.clone(), *position))
            .collect();
        let (mut mentions, mut looked) = (Mentions::default(), 0);
        for (key, position) in positions {
            let item = self.item(&key)?;
            self.look_at(&key, item, position, now, &mut mentions)
                .map_err(|what| self.wrong(position, &what))?;
            looked += 1;
            if looked % LINES_AT_ONCE == 0 {
                tell(watch, Progress::Validating { lines: looked })?;
            }
        }
        if self.organization_number == 0 {
            let text = format!("{} has no organization", self.path.display());
            return Err(TransferError::Refused(text));
        }
        self.look_at_guards(&mentions)?;
        self.look_at_people(mentions)
    }

    fn look_at_guards(&self, mentions: &Mentions) -> Result<(), TransferError> {
        let outside = mentions.guards.iter().filter(|(key, item, _)| {
            let guard = self.guards.get(key);
            !guard.is_some_and(|guard| guard.is_as_written(item))
        });
        let within = mentions.holders.iter().filter(|(key, item, _)| {
            let held = mentions.held.get(key);
            !held.is_some_and(|held| {
                held.iter()
                    .all(|(name, value)| item.get(name) == Some(value))
            })
        });
        if let Some((_, _, position)) = outside.chain(within).next() {
            return Err(self.wrong(*position, "guards what nobody in the file has"));
        }
        let missing = self.guards.iter().find(|(key, guard)| {
            // A link may have expired, and an earlier release knew no pages.
            let may_lack = matches!(
                guard.guarded,
                Guarded::SignupToken(_) | Guarded::Nickname(..)
            );
            !self.has(key) && !may_lack
        });
        let missing = missing.map(|(_, guard)| guard.guarded.to_string());
        let within = mentions.held.keys().find(|key| !self.has(key));
        match missing.or_else(|| within.map(|key| key.sk.clone())) {
            None => Ok(()),
            Some(guarded) => Err(TransferError::Refused(format!(
                "{} lacks the guard of {guarded}",
                self.path.display(),
            ))),
        }
    }

    /// Every person is one of a team of the file, as the user says too.
    fn look_at_people(&self, mut mentions: Mentions) -> Result<(), TransferError> {
        for (team, user, role, position) in mentions.people {
            let Some(counts) = mentions.teams.get_mut(&team) else {
                let what = format!("is of team {team}, which the file does not have");
                return Err(self.wrong(position, &what));
            };
            if mentions.roles.get(&(team, user)) != Some(&role) {
                let what = format!("has user {user} in team {team} otherwise than the user says");
                return Err(self.wrong(position, &what));
            }
            for (count, is) in counts.iter_mut().zip([role.member, role.admin]) {
                *count += usize::from(is);
                if *count > MAX_PEOPLE {
                    let what = format!("is one too many: a team can have {MAX_PEOPLE} people");
                    return Err(self.wrong(position, &what));
                }
            }
        }
        Ok(())
    }

    fn wrong(&self, position: Position, what: &str) -> TransferError {
        let (file, line) = (self.path.display(), position.number);
        TransferError::Refused(format!("{file}: line {line} {what}"))
    }

    /// Looks at one item; answers what is wrong with it.
    fn look_at(
        &mut self,
        key: &Key,
        item: Item,
        position: Position,
        now: Timestamp,
        mentions: &mut Mentions,
    ) -> Result<(), String> {
        let organization = self.organization();
        let kind = Kind::of(key, organization).ok_or_else(|| {
            format!(
                "is not organization {organization}'s: {} / {}",
                key.pk, key.sk
            )
        })?;
        if let Some(error) = schema_version::unreadable(&item) {
            return Err(error.to_string());
        }
        self.may_be_listed(kind, &item)?;
        let read = Read::of(kind, &item, now)?;
        let is_listed = item.contains_key(INDEX_PK);
        let must_be = read.is_listed();
        if (must_be == Listed::Yes && !is_listed) || (must_be == Listed::No && is_listed) {
            return Err(NOT_THERE.to_owned());
        }
        self.read_mentions(kind, read, position, mentions)?;
        let unreadable = |error: Error| format!("cannot be read: {error}");
        for guard in guards_of(organization, kind, &item).map_err(unreadable)? {
            match self.guards.entry(guard.key.clone()) {
                btree_map::Entry::Vacant(vacant) => {
                    vacant.insert(guard);
                }
                btree_map::Entry::Occupied(held) => {
                    let (one, other) = (&held.get().guarded, &guard.guarded);
                    return Err(format!("cannot have {other}: the file has {one}"));
                }
            }
        }
        for (guard, holder) in inner_guards_of(organization, kind, &item).map_err(unreadable)? {
            if mentions.held.contains_key(&guard) {
                let sk = guard.sk;
                return Err(format!(
                    "cannot have {sk}: something else in the file has it"
                ));
            }
            mentions.held.insert(guard, holder);
        }
        match kind {
            Kind::Guard => mentions.guards.push((key.clone(), item, position)),
            Kind::Other(Content::Holder) => mentions.holders.push((key.clone(), item, position)),
            Kind::User(_) | Kind::DeletedUser(_) if item.contains_key(crate::conflicts::SEALED) => {
                self.with_credentials.insert(key.clone());
            }
            _ => {}
        }
        Ok(())
    }

    /// An item is in the index in its own place, or not at all.
    fn may_be_listed(&self, kind: Kind, item: &Item) -> Result<(), String> {
        let text = |name| item.get(name).map(|value| value.as_s().ok());
        let position = (text(INDEX_PK), text(INDEX_SK));
        let is_own = kind
            .indexes(self.organization())
            .iter()
            .any(|index| position == (Some(Some(&index.pk)), Some(Some(&index.sk))));
        if is_own || position == (None, None) {
            Ok(())
        } else {
            Err(NOT_THERE.to_owned())
        }
    }

    /// Notes what an item says of itself and of others.
    fn read_mentions(
        &mut self,
        kind: Kind,
        read: Read,
        position: Position,
        mentions: &mut Mentions,
    ) -> Result<(), String> {
        let organization = self.organization();
        let other = || Err("has another id than its key".to_owned());
        match (kind, read) {
            (Kind::Organization, Read::Organization(found)) => {
                if found.id != organization {
                    return other();
                }
                self.organization_number = checked(found.number)?;
            }
            (Kind::User(id) | Kind::DeletedUser(id), Read::User(user)) => {
                if user.id != id {
                    return other();
                }
                self.last_user_number = self.last_user_number.max(checked(user.number)?);
                for (team, role) in &user.teams {
                    let team = team
                        .parse()
                        .map_err(|_| format!("is in the team {team:?}, which cannot be one"))?;
                    mentions.roles.insert((team, id), *role);
                }
            }
            (Kind::ApiKey(id), Read::Key(found)) => {
                let role = match found.user {
                    None => Role::Organization,
                    Some(_) => Role::User,
                };
                if found.id != id {
                    return other();
                }
                let is_own = found.organization == Some(organization) && found.role == role;
                if !is_own || found.session_epoch.is_some() {
                    return Err(format!("is not a key of organization {organization}"));
                }
            }
            (Kind::Part(_, id), Read::Part(event)) if event != id => return other(),
            (Kind::Team(id), Read::Team { id: own, .. }) => {
                if own != id {
                    return other();
                }
                mentions.teams.insert(id, [0, 0]);
            }
            (Kind::Person(team, user), Read::Person(id, role)) => {
                if id != user {
                    return other();
                }
                mentions.people.push((team, user, role, position));
            }
            _ => {}
        }
        Ok(())
    }
}

const NOT_THERE: &str = "is in the index where it does not belong, or not where it does";

fn checked(number: u64) -> Result<u64, String> {
    match number {
        1..=MAX_NUMBER => Ok(number),
        _ => Err(format!("has the number {number}, which is never given out")),
    }
}
