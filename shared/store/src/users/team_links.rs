//! Putting a user in teams, within the user's own transaction (`/v2/users`'s `teams`).

use aws_sdk_dynamodb::types::AttributeValue;
use roster_domain::{
    Error, Result, TeamId,
    team::{MAX_TEAM_LINKS, MAX_TEAMS_PER_USER, TeamLink, TeamReference},
    users::user::User,
};

use crate::{
    Tenant,
    dynamodb::{condition::Condition, guard::guard, transaction::Write},
    keys,
    teams::items::{Positions, TeamItem, face_attributes, next_position, same_face},
    users::lookup::LinkedTeam,
};

impl Tenant<'_> {
    /// Puts the user in the teams that the request names, creating those that
    /// are missing, and copies a changed name or photo to the teams that the
    /// user is in already. A link that changes nothing writes nothing: the
    /// user's own item says that the team is there.
    pub(crate) fn link_teams(
        &self,
        links: &[TeamLink],
        known: &[Option<LinkedTeam>],
        before: Option<&User>,
        after: &mut User,
        writes: &mut Vec<Write>,
    ) -> Result<()> {
        let mut linked = Vec::with_capacity(links.len());
        let mut changes = 0;
        for (index, (link, known)) in links.iter().zip(known).enumerate() {
            if changes_nothing(link, known.as_ref(), before) {
                continue;
            }
            changes += 1;
            if changes > MAX_TEAM_LINKS {
                let detail = format!(
                    "changes too much: a request can change the user's place in \
                                      at most {MAX_TEAM_LINKS} teams"
                );
                return Err(Error::at(link.location.clone(), detail));
            }
            let team = match known {
                Some(team) => team.id,
                None => self.create_linked_team(link, writes)?,
            };
            let had = before.and_then(|user| user.role_in(team));
            if known.is_some() {
                writes.push(self.keep_team(team, link, had.is_none()));
            }
            let position = next_position(self.store.now) + i64::try_from(index).unwrap_or_default();
            let positions = Positions {
                admin: link.role.admin.then_some(position),
                member: link.role.member.then_some(position),
            };
            // The same role again keeps the person's place in the lists.
            if had != Some(link.role) {
                let newcomer = had.is_none().then_some(&*after);
                writes.push(self.put_person(team, after.id, positions, newcomer));
                linked.push(team);
            }
            after.teams.insert(team.to_string(), link.role);
            if after.teams.len() > MAX_TEAMS_PER_USER {
                return Err(Error::at(
                    link.location.clone(),
                    format!("a user can be in at most {MAX_TEAMS_PER_USER} teams"),
                ));
            }
        }
        if let Some(before) = before
            && !same_face(before, after)
        {
            self.copy_face(before, after, &linked, writes)?;
        }
        Ok(())
    }

    fn copy_face(
        &self,
        before: &User,
        after: &User,
        written: &[TeamId],
        writes: &mut Vec<Write>,
    ) -> Result<()> {
        for team in before.teams.keys() {
            let team: TeamId = team.parse().map_err(Error::internal)?;
            if !written.contains(&team) {
                let key = keys::person(self.tenancy(), team, after.id);
                let face = face_attributes(after);
                writes.push(Write::update(&key, face, false, Condition::present()));
            }
        }
        Ok(())
    }

    /// A team that is there stays there, and gets the name where one is given.
    fn keep_team(&self, team: TeamId, link: &TeamLink, joins: bool) -> Write {
        let key = keys::team(self.tenancy(), team);
        match &link.name {
            Some(name) => {
                let text = |value: String| Some(AttributeValue::S(value));
                let attributes = [
                    ("name".to_owned(), text(name.to_string())),
                    ("updated_at".to_owned(), text(self.store.now.to_string())),
                ];
                Write::update(&key, attributes, true, Condition::present())
            }
            None if joins => self.join_team(team, Condition::present()),
            None => Write::check(&key, Condition::present()),
        }
    }

    fn create_linked_team(&self, link: &TeamLink, writes: &mut Vec<Write>) -> Result<TeamId> {
        let TeamReference::External(extid) = &link.team else {
            return Err(Error::internal("a team linked by id is known"));
        };
        let id = TeamId::generate(self.store.now);
        let name = match &link.name {
            Some(name) => name.clone(),
            None => extid.as_str().parse().map_err(|_| {
                Error::at(
                    link.name_location.clone(),
                    "is required: no team has this extid, and the extid is too long to serve as a name",
                )
            })?,
        };
        let team = TeamItem {
            id,
            extid: extid.clone(),
            name,
            level_name: None,
            reminder_hours: None,
            public: false,
            assignment: None,
            admin_preferences: None,
            time_off: Vec::new(),
            feed: None,
            created_at: self.store.now,
            updated_at: self.store.now,
            version: 0,
            joins: 0,
        };
        writes.push(self.put_team(&team, Condition::absent())?);
        self.keep_open(writes);
        writes.push(Write::put(
            &keys::team_extid_guard(self.tenancy(), extid),
            None,
            guard(id),
            Condition::absent(),
        ));
        Ok(id)
    }
}

/// Whether the user is in the team like that already, under its name.
pub(crate) fn changes_nothing(
    link: &TeamLink,
    known: Option<&LinkedTeam>,
    before: Option<&User>,
) -> bool {
    known.is_some_and(|team| {
        has_role(link, team, before) && (link.name.is_none() || link.name == team.name)
    })
}

/// Whether the user is in the team like that already.
pub(crate) fn has_role(link: &TeamLink, team: &LinkedTeam, before: Option<&User>) -> bool {
    before.and_then(|user| user.role_in(team.id)) == Some(link.role)
}
