//! Creating and changing teams.

use std::collections::{BTreeMap, HashMap, HashSet};

use roster_domain::{
    Conflict, Error, Place, Result, TeamId, UserId, Violation,
    team::{MAX_TEAMS_PER_USER, References, Team, TeamChange, TeamRole, UserReference},
    text::ExternalId,
    user::User,
};

use crate::{
    Tenant,
    backoff::Backoff,
    condition::Condition,
    keys::{self, Key},
    organizations::{guard, holder},
    table::{Freshness, Item, from_item},
    team_items::{Positions, Stored, TeamItem, next_position},
    teams::PEOPLE_PER_TRANSACTION,
    transaction::{Failure, Write},
};

/// The people that a request names, found.
struct People {
    /// Replace the admins.
    admins: Option<Vec<UserId>>,
    /// Replace the members.
    members: Option<Vec<UserId>>,
    /// Where in the body each of them stands first.
    pointers: HashMap<UserId, String>,
    users: HashMap<UserId, User>,
}

impl Tenant<'_> {
    /// Creates a team: references and guard, then the transaction that makes it
    /// visible. People beyond what fits one transaction are written before it,
    /// where nobody sees them.
    pub async fn create_team(&self, change: &TeamChange) -> Result<Team> {
        let required =
            |value: &str| Violation::unacceptable(Place::body(format!("/{value}")), "is required");
        let (Some(extid), Some(name)) = (&change.extid, &change.name) else {
            let missing = [
                ("extid", change.extid.is_none()),
                ("name", change.name.is_none()),
            ];
            let missing = missing
                .into_iter()
                .filter(|(_, is)| *is)
                .map(|(name, _)| required(name));
            return Err(Error::Invalid(missing.collect()));
        };
        let mut team = TeamItem {
            id: TeamId::generate(self.store.now),
            extid: extid.clone(),
            name: name.clone(),
            level_name: None,
            public: change.public.unwrap_or(false),
            created_at: self.store.now,
            updated_at: self.store.now,
            version: 0,
        };
        change.level_name.clone().apply(&mut team.level_name);
        let mut backoff = Backoff::default();
        loop {
            match self.try_create(&team, change).await {
                Ok(stored) => return Ok(stored),
                Err(Failure::Stale) => backoff.wait().await?,
                Err(Failure::Error(error)) => {
                    // People that were written ahead of a team that does not
                    // come to be.
                    self.forget_people(team.id).await?;
                    return Err(error);
                }
            }
        }
    }

    async fn try_create(&self, team: &TeamItem, change: &TeamChange) -> Result<Team, Failure> {
        let people = self.find_people(change, Some(&team.extid)).await?;
        // Only a large team has people written ahead of it.
        let ahead = if people.users.len() > PEOPLE_PER_TRANSACTION {
            let range = keys::team_with_people(self.organization_id(), team.id);
            self.store
                .table
                .query_all(&range, Freshness::Strong)
                .await?
        } else {
            Vec::new()
        };
        let stored = Stored {
            team: team.clone(),
            people: ahead.into_iter().map(from_item).collect::<Result<_>>()?,
        };
        let mut last = vec![
            self.put_team(team, Condition::absent())?,
            self.take_extid(&team.extid, team.id),
        ];
        let organization = keys::organization(self.organization_id());
        last.push(
            Write::check(&organization, Condition::present())
                .or_refuse(|_| Error::NotFound("organization")),
        );
        self.write_people(&stored, &people, last, None).await
    }

    /// Changes a team: the team with its people and the references at once,
    /// then one transaction; more than one where more people come and go than
    /// fit it.
    pub async fn update_team(&self, id: TeamId, change: &TeamChange) -> Result<Team> {
        let mut backoff = Backoff::default();
        loop {
            match self.try_update(id, change).await {
                Ok(team) => return Ok(team),
                Err(Failure::Stale) => backoff.wait().await?,
                Err(Failure::Error(error)) => return Err(error),
            }
        }
    }

    async fn try_update(&self, id: TeamId, change: &TeamChange) -> Result<Team, Failure> {
        let (stored, people) = futures_util::future::try_join(
            self.stored_team(id, Freshness::Strong),
            self.find_people(change, None),
        )
        .await?;
        let mut team = stored.team.clone();
        if let Some(extid) = &change.extid {
            team.extid = extid.clone();
        }
        if let Some(name) = &change.name {
            team.name = name.clone();
        }
        change.level_name.clone().apply(&mut team.level_name);
        team.public = change.public.unwrap_or(team.public);
        team.updated_at = self.store.now;
        team.version += 1;
        let read = stored.team.version;
        let mut last = vec![self.put_team(&team, Condition::version(read))?];
        if team.extid != stored.team.extid {
            let old = keys::team_extid_guard(self.organization_id(), &stored.team.extid);
            last.push(Write::delete(&old, Condition::held_by(&id.to_string())));
            last.push(self.take_extid(&team.extid, id));
        }
        let unchanged = Write::check(
            &keys::team(self.organization_id(), id),
            Condition::version(read),
        );
        let stored = Stored {
            team,
            people: stored.people,
        };
        self.write_people(&stored, &people, last, Some(unchanged))
            .await
    }

    fn take_extid(&self, extid: &ExternalId, team: TeamId) -> Write {
        let key = keys::team_extid_guard(self.organization_id(), extid);
        Write::put(&key, None, guard(team), Condition::absent()).or_refuse(extid_taken)
    }

    /// Writes who comes, who goes and who moves, `last` with the last of them.
    /// Earlier transactions are each held to `unchanged`, where given.
    async fn write_people(
        &self,
        stored: &Stored,
        people: &People,
        last: Vec<Write>,
        unchanged: Option<Write>,
    ) -> Result<Team, Failure> {
        let team = stored.team.id;
        let (after, mut changes) = self.plan(stored, people)?;
        while changes.len() > PEOPLE_PER_TRANSACTION {
            let rest = changes.split_off(PEOPLE_PER_TRANSACTION);
            let mut writes: Vec<_> = changes.into_iter().flatten().collect();
            writes.extend(unchanged.as_ref().map(Write::again));
            self.store.transact(writes).await?;
            changes = rest;
        }
        let mut writes = last;
        writes.extend(changes.into_iter().flatten());
        self.store.transact(writes).await?;
        let mut written = Stored {
            team: stored.team.clone(),
            people: Vec::new(),
        }
        .into_team(self.organization_id());
        debug_assert_eq!(written.id, team);
        (written.admins, written.members) = after;
        Ok(written)
    }

    /// Compares who is in the team with who is to be: the lists as they will
    /// be, and the writes for each person that changes.
    #[expect(
        clippy::type_complexity,
        reason = "a pair of lists and a list of writes"
    )]
    fn plan(
        &self,
        stored: &Stored,
        people: &People,
    ) -> Result<((Vec<UserId>, Vec<UserId>), Vec<Vec<Write>>)> {
        let team = stored.team.id;
        let now = stored.clone().into_team(self.organization_id());
        let before = stored.roles();
        let place: HashMap<UserId, Positions> = stored
            .people
            .iter()
            .map(|p| {
                (
                    p.user,
                    Positions {
                        admin: p.admin_position,
                        member: p.member_position,
                    },
                )
            })
            .collect();
        let admins = people.admins.clone().unwrap_or_else(|| now.admins.clone());
        let members = people
            .members
            .clone()
            .unwrap_or_else(|| now.members.clone());
        let first = next_position(self.store.now);
        let admin_positions = positions(&admins, &now.admins, first, |id| {
            place.get(&id).and_then(|p| p.admin)
        });
        let member_positions = positions(&members, &now.members, first, |id| {
            place.get(&id).and_then(|p| p.member)
        });

        let mut writes = Vec::new();
        let involved: HashSet<UserId> = before
            .keys()
            .chain(&admins)
            .chain(&members)
            .copied()
            .collect();
        // In a fixed order, so that a repeated transaction is the same one.
        let mut involved: Vec<_> = involved.into_iter().collect();
        involved.sort_unstable();
        for user in involved {
            let had = before.get(&user).copied();
            let positions = Positions {
                admin: admin_positions.get(&user).copied(),
                member: member_positions.get(&user).copied(),
            };
            let role = TeamRole {
                admin: positions.admin.is_some(),
                member: positions.member.is_some(),
            };
            if role == TeamRole::default() {
                writes.push(vec![
                    self.remove_person(team, user),
                    self.set_role(user, team, None, None)?,
                ]);
            } else if had != Some(role) {
                let known = people.users.get(&user);
                writes.push(self.change_role(team, user, role, positions, had, known, people)?);
            } else if place.get(&user) != Some(&positions)
                && let Some(known) = people.users.get(&user)
            {
                // Moves within a list. The name that is copied must not be
                // older than what is there.
                let unchanged = Write::check(
                    &keys::user(self.organization_id(), user),
                    Condition::version(known.version),
                );
                let put = self.put_person(team, user, &known.profile, positions, true);
                writes.push(vec![put, unchanged]);
            }
        }
        Ok(((admins, members), writes))
    }

    #[expect(clippy::too_many_arguments, reason = "private, called once")]
    fn change_role(
        &self,
        team: TeamId,
        user: UserId,
        role: TeamRole,
        positions: Positions,
        had: Option<TeamRole>,
        known: Option<&User>,
        people: &People,
    ) -> Result<Vec<Write>> {
        // Somebody who loses one of two roles may not be named in the request.
        let Some(known) = known else {
            let key = keys::person(self.organization_id(), team, user);
            let number = |p: i64| aws_sdk_dynamodb::types::AttributeValue::N(p.to_string());
            let page = positions.member.map(|_| keys::page_member(team, user));
            let text = aws_sdk_dynamodb::types::AttributeValue::S;
            let attributes = [
                ("admin_position".to_owned(), positions.admin.map(number)),
                ("member_position".to_owned(), positions.member.map(number)),
                (
                    keys::INDEX_PK.to_owned(),
                    page.as_ref().map(|page| text(page.pk.clone())),
                ),
                (
                    keys::INDEX_SK.to_owned(),
                    page.as_ref().map(|page| text(page.sk.clone())),
                ),
            ];
            return Ok(vec![
                Write::update(&key, attributes, false, Condition::present()),
                self.set_role(user, team, Some(role), None)?,
            ]);
        };
        if had.is_none() && known.teams.len() >= MAX_TEAMS_PER_USER {
            let pointer = people.pointers.get(&user).cloned().unwrap_or_default();
            let detail =
                format!("user {user} is in {MAX_TEAMS_PER_USER} teams, the most there can be");
            return Err(Error::at(pointer, detail));
        }
        Ok(vec![
            self.put_person(team, user, &known.profile, positions, had.is_some()),
            self.set_role(user, team, Some(role), Some(known.version))?,
        ])
    }

    /// Finds the people that a request names: one round trip for ids, a second
    /// for those named by address or external id.
    async fn find_people(
        &self,
        change: &TeamChange,
        free_extid: Option<&ExternalId>,
    ) -> Result<People> {
        let organization = self.organization_id();
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
            .map(|(pointer, _)| {
                Violation::unacceptable(Place::body(pointer), "no user of the organization is this")
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

/// Positions for a list: those that people have, where the list only grew at
/// its end or shrank; new ones for all otherwise.
fn positions(
    wanted: &[UserId],
    now: &[UserId],
    first_new: i64,
    place: impl Fn(UserId) -> Option<i64>,
) -> BTreeMap<UserId, i64> {
    let staying: Vec<_> = now.iter().filter(|id| wanted.contains(id)).collect();
    let keep = wanted
        .iter()
        .take(staying.len())
        .eq(staying.iter().copied());
    wanted
        .iter()
        .zip(first_new..)
        .map(|(id, new)| (*id, place(*id).filter(|_| keep).unwrap_or(new)))
        .collect()
}

fn extid_taken(guard: Option<&Item>) -> Error {
    let existing = guard.and_then(holder::<TeamId>).map(|id| id.to_string());
    let detail = match &existing {
        Some(id) => format!("team {id} has this extid"),
        None => "another team has this extid".to_owned(),
    };
    Error::Conflict(Conflict {
        pointer: Some("/extid".to_owned()),
        detail,
        existing,
    })
}
