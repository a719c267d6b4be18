//! What writing a user must know first: one round trip to create a user or to
//! change one by id, a second to change one by its external id.

use std::collections::HashMap;

use roster_domain::{
    Error, Result, TeamId, UserId,
    organization::Organization,
    team::{TeamLink, TeamReference, UserReference},
    text::Name,
    users::change::UserChange,
    users::user::User,
};

use crate::{
    Tenant,
    dynamodb::{
        capacity::try_join,
        guard::holder,
        item::{Item, from_item},
        table::Freshness,
        write_failure::Failure,
    },
    keys::{self, Key},
    teams::items::TeamItem,
    users::intent::{Intent, Prepared},
};

/// What was read.
pub(crate) struct Known {
    pub(crate) organization: Organization,
    /// The user to change; none to create one.
    pub(crate) user: Option<User>,
    /// For each team that the user is put in: what is known of it, and none
    /// where the team must be created.
    pub(crate) teams: Vec<Option<LinkedTeam>>,
}

/// A team that a user is put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LinkedTeam {
    pub(crate) id: TeamId,
    /// Its name, where it was read.
    pub(crate) name: Option<Name>,
}

impl Tenant<'_> {
    pub(crate) async fn look_up(
        &self,
        change: &UserChange,
        intent: Intent,
        prepared: &mut Prepared,
    ) -> Result<Known, Failure> {
        let organization_key = keys::organization(self.tenancy());
        let named = match intent {
            Intent::Update(Some(id)) => Some(id),
            Intent::Update(None) | Intent::Upsert => change.id,
        };
        let user_key = named.map(|id| keys::user(self.tenancy(), id));
        let guard_key = change
            .profile
            .extid
            .set()
            .filter(|_| named.is_none())
            .map(|extid| keys::user_extid_guard(self.tenancy(), extid));
        let team_keys: Vec<_> = change
            .teams
            .iter()
            .map(|link| self.link_key(link))
            .collect();

        let wanted = [
            Some(&organization_key),
            user_key.as_ref(),
            guard_key.as_ref(),
        ]
        .into_iter()
        .flatten()
        .chain(&team_keys)
        .cloned();
        let may_create = matches!(intent, Intent::Upsert) && named.is_none();
        let numbered = async {
            match prepared.number {
                None if may_create && prepared.number_at_once => self
                    .store
                    .take_numbers(&keys::user_counter(), 1)
                    .await
                    .map(Some),
                number => Ok(number),
            }
        };
        let read = self.store.table.batch_get(wanted, Freshness::Strong);
        let (mut found, number) = try_join(read, numbered).await?;
        prepared.number = number;

        let organization = found.remove(&organization_key).map(from_item).transpose()?;
        let organization: Organization = organization.ok_or(Error::NotFound("organization"))?;
        let teams = known_teams(&change.teams, &team_keys, &found)?;
        let user = match (user_key, guard_key) {
            (Some(key), _) => {
                let user = found.remove(&key);
                Some(from_item(user.ok_or_else(|| unknown(change, intent))?)?)
            }
            (None, Some(guard)) => match found.get(&guard).and_then(holder) {
                Some(id) => Some(self.user_found_by_extid(id, prepared).await?),
                None => None,
            },
            (None, None) => None,
        };
        if user.is_none() {
            if matches!(intent, Intent::Update(_)) {
                return Err(unknown(change, intent).into());
            }
            organization.can_be_joined()?;
            if prepared.number.is_none() {
                prepared.number = Some(self.take_user_numbers(1).await?);
            }
        }
        Ok(Known {
            organization,
            user,
            teams,
        })
    }

    async fn user_found_by_extid(
        &self,
        id: UserId,
        prepared: &mut Prepared,
    ) -> Result<User, Failure> {
        let key = keys::user(self.tenancy(), id);
        let read = self.store.table.get(&key, Freshness::Strong);
        let unused = prepared.number.take();
        let give_back = async {
            match unused {
                Some(number) => self.store.give_back(&keys::user_counter(), number).await,
                None => Ok(()),
            }
        };
        let (item, ()) = try_join(read, give_back).await?;
        // The guard was read before the user: gone in between means a race.
        Ok(from_item(item.ok_or(Failure::Stale)?)?)
    }

    /// Reads the names of the teams that a request names and may rename: to tell
    /// a request that changes something from one that does not.
    pub(crate) async fn read_team_names(
        &self,
        links: &[TeamLink],
        teams: &mut [Option<LinkedTeam>],
    ) -> Result<()> {
        let named = links
            .iter()
            .zip(teams)
            .filter(|(link, _)| link.name.is_some());
        let unread = named.filter_map(|(_, team)| team.as_mut().filter(|team| team.name.is_none()));
        let unread: Vec<_> = unread.collect();
        let key = |team: &LinkedTeam| keys::team(self.tenancy(), team.id);
        let wanted: Vec<_> = unread.iter().map(|team| key(team)).collect();
        let mut found = self
            .store
            .table
            .batch_get(wanted, Freshness::Strong)
            .await?;
        for team in unread {
            let item = found.remove(&key(team)).map(from_item::<TeamItem>);
            team.name = item.transpose()?.map(|item| item.name);
        }
        Ok(())
    }

    fn link_key(&self, link: &TeamLink) -> Key {
        match &link.team {
            TeamReference::Id(id) => keys::team(self.tenancy(), *id),
            TeamReference::External(extid) => keys::team_extid_guard(self.tenancy(), extid),
        }
    }
}

/// That nobody is whom the request names: in its path, or in its body, where it
/// is named as it was there.
fn unknown(change: &UserChange, intent: Intent) -> Error {
    let named = match (intent, change.id, change.profile.extid.set()) {
        (Intent::Update(Some(_)), ..) | (_, None, None) => return Error::NotFound("user"),
        (_, Some(id), _) => UserReference::Id(id),
        (_, None, Some(extid)) => UserReference::External(extid.clone()),
    };
    Error::Unknown(format!("no user with {named} in this organization"))
}

fn known_teams(
    links: &[TeamLink],
    link_keys: &[Key],
    found: &HashMap<Key, Item>,
) -> Result<Vec<Option<LinkedTeam>>> {
    let mut teams: Vec<Option<LinkedTeam>> = Vec::with_capacity(links.len());
    for (link, key) in links.iter().zip(link_keys) {
        let item = found.get(key);
        let team = match (&link.team, item) {
            (TeamReference::Id(id), Some(item)) => Some(LinkedTeam {
                id: *id,
                name: Some(from_item::<TeamItem>(item.clone())?.name),
            }),
            (TeamReference::Id(id), None) => {
                return Err(Error::at(
                    link.id_location.clone(),
                    format!("no team with _id {id} in this organization"),
                ));
            }
            (TeamReference::External(_), item) => {
                let id = item.and_then(holder);
                id.map(|id| LinkedTeam { id, name: None })
            }
        };
        let mut others = teams.iter().flatten();
        if team
            .as_ref()
            .is_some_and(|team| others.any(|other| other.id == team.id))
        {
            return Err(Error::at(
                link.location.clone(),
                "names the same team as another entry",
            ));
        }
        teams.push(team);
    }
    Ok(teams)
}
