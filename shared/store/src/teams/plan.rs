//! What an edit changes for each person of a team.

use std::collections::{BTreeSet, HashMap};

use roster_domain::{
    Error, Result, UserId,
    team::{MAX_TEAMS_PER_USER, TeamRole},
};

use crate::{
    Tenant,
    dynamodb::transaction::Write,
    teams::{
        items::{Positions, Stored, next_position},
        references::People,
    },
};

/// The lists as they will be, and the writes for each person that changes.
pub(crate) struct Plan {
    pub(crate) admins: Vec<UserId>,
    pub(crate) members: Vec<UserId>,
    pub(crate) changes: Vec<Vec<Write>>,
}

impl Tenant<'_> {
    /// Compares who is in the team with who is to be.
    pub(crate) fn plan(&self, stored: &Stored, people: &People) -> Result<Plan> {
        let now = stored.clone().into_team(self.organization_id()?);
        let before: HashMap<UserId, Positions> = stored
            .people
            .iter()
            .map(|person| (person.user, person.positions()))
            .collect();
        let admins = people.admins.clone().unwrap_or_else(|| now.admins.clone());
        let members = people
            .members
            .clone()
            .unwrap_or_else(|| now.members.clone());
        let first = next_position(self.store.now);
        let admin_of = |id| before.get(&id).and_then(|place: &Positions| place.admin);
        let member_of = |id| before.get(&id).and_then(|place: &Positions| place.member);
        let admin_positions = positions(&admins, &now.admins, first, admin_of);
        let member_positions = positions(&members, &now.members, first, member_of);

        let mut changes = Vec::new();
        // In a fixed order, so that a repeated transaction is the same one.
        let involved: BTreeSet<UserId> = before
            .keys()
            .chain(&admins)
            .chain(&members)
            .copied()
            .collect();
        for user in involved {
            let had = before.get(&user).copied();
            let will_have = Positions {
                admin: admin_positions.get(&user).copied(),
                member: member_positions.get(&user).copied(),
            };
            let writes = self.change_person(stored, people, user, had, will_have)?;
            if !writes.is_empty() {
                changes.push(writes);
            }
        }
        Ok(Plan {
            admins,
            members,
            changes,
        })
    }

    /// The writes for one person: in the team, and in the user's own `teams`
    /// where the role changes.
    fn change_person(
        &self,
        stored: &Stored,
        people: &People,
        user: UserId,
        had: Option<Positions>,
        will_have: Positions,
    ) -> Result<Vec<Write>> {
        let team = stored.team.id;
        let role = will_have.role();
        if had == Some(will_have) {
            return Ok(Vec::new());
        }
        if role == TeamRole::default() {
            return Ok(vec![
                self.remove_person(team, user),
                self.set_role(user, team, None, None)?,
            ]);
        }
        if let Some(had) = had {
            let mut writes = vec![self.put_person(team, user, will_have, None)];
            if had.role() != role {
                writes.push(self.set_role(user, team, Some(role), None)?);
            }
            return Ok(writes);
        }
        let newcomer = people.users.get(&user);
        let newcomer = newcomer.ok_or_else(|| Error::internal("a newcomer was not looked up"))?;
        if newcomer.teams.len() >= MAX_TEAMS_PER_USER {
            let pointer = people.pointers.get(&user).cloned().unwrap_or_default();
            let detail =
                format!("user {user} is in {MAX_TEAMS_PER_USER} teams, the most there can be");
            return Err(Error::at(pointer, detail));
        }
        Ok(vec![
            self.put_person(team, user, will_have, Some(newcomer)),
            // The name that is copied must be the one that was read.
            self.set_role(user, team, Some(role), Some(newcomer.version))?,
        ])
    }
}

/// Positions for a list: those that people have, where the list only grew at
/// its end or shrank; new ones for all otherwise.
fn positions(
    wanted: &[UserId],
    now: &[UserId],
    first_new: i64,
    place: impl Fn(UserId) -> Option<i64>,
) -> HashMap<UserId, i64> {
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

#[cfg(test)]
mod tests;
