//! Changing what one person is in a team, without sending its lists.

use std::collections::HashMap;

use roster_domain::{Error, Field, Result, TeamId, UserId, team::Team, users::user::User};

use crate::{
    Tenant,
    dynamodb::{
        capacity::try_join, condition::Condition, item::from_item, retry::retry, table::Freshness,
        write_failure::Failure,
    },
    keys,
    teams::{items::Stored, references::People, write::drop_old_rules},
};

/// What becomes of a person in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonEdit {
    /// A member; an admin stays one.
    Join,
    /// Neither member nor admin.
    Leave,
    /// An admin; the person must be a member.
    MakeAdmin,
    /// No admin any more; the person must be a member.
    EndAdmin,
    /// An admin who is no member.
    MakeAdminOnly,
    /// Not in the team any more; the person must be an admin and no member.
    EndAdminOnly,
}

/// Who is in a team.
struct Lists {
    admins: Vec<UserId>,
    members: Vec<UserId>,
}

impl PersonEdit {
    /// Makes the change. Who comes last stands last.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the person is not what they must be.
    fn apply(self, lists: &mut Lists, user: UserId) -> Result<()> {
        let add = |list: &mut Vec<UserId>| {
            if !list.contains(&user) {
                list.push(user);
            }
        };
        let remove = |list: &mut Vec<UserId>| list.retain(|other| *other != user);
        let is_member = lists.members.contains(&user);
        let is_admin = lists.admins.contains(&user);
        let must_be = match self {
            Self::Join | Self::MakeAdminOnly => true,
            Self::Leave => is_member || is_admin,
            Self::MakeAdmin | Self::EndAdmin => is_member,
            Self::EndAdminOnly => is_admin && !is_member,
        };
        if !must_be {
            return Err(Error::NotFound("person in the team"));
        }
        match self {
            Self::Join => add(&mut lists.members),
            Self::MakeAdmin => add(&mut lists.admins),
            Self::EndAdmin | Self::EndAdminOnly => remove(&mut lists.admins),
            Self::MakeAdminOnly => {
                add(&mut lists.admins);
                remove(&mut lists.members);
            }
            Self::Leave => {
                remove(&mut lists.admins);
                remove(&mut lists.members);
            }
        }
        Ok(())
    }
}

impl Tenant<'_> {
    /// Changes what a person is in a team: two round trips. Of those who change different
    /// people at once, each change is made.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such team, or the person is not what they
    /// must be in it; a violation where there is no such user.
    pub async fn edit_person(&self, team: TeamId, user: UserId, edit: PersonEdit) -> Result<Team> {
        retry!(self.try_edit_person(team, user, edit))
    }

    async fn try_edit_person(
        &self,
        id: TeamId,
        user: UserId,
        edit: PersonEdit,
    ) -> Result<Team, Failure> {
        let key = keys::user(self.tenancy(), user);
        let (stored, item) = try_join(
            self.stored_team(id, Freshness::Strong),
            self.store.table.get(&key, Freshness::Strong),
        )
        .await?;
        let before = stored.clone().into_team(self.organization_id()?);
        let mut lists = Lists {
            admins: before.admins.clone(),
            members: before.members.clone(),
        };
        edit.apply(&mut lists, user)?;
        if (&lists.admins, &lists.members) == (&before.admins, &before.members) {
            return Ok(before);
        }
        let known: Option<User> = item.map(from_item).transpose()?;
        let Some(known) = known else {
            let detail = format!("no user with _id {user} in this organization");
            return Err(Error::at(Field::NewMember, detail).into());
        };
        let people = People {
            admins: Some(lists.admins),
            members: Some(lists.members),
            pointers: HashMap::new(),
            users: HashMap::from([(user, known)]),
        };
        let plan = self.plan(&stored, &people)?;
        let read = stored.team.version;
        let mut team = stored.team.clone();
        drop_old_rules(&mut team, &plan.members);
        team.updated_at = self.store.now;
        team.version += 1;
        let last = vec![
            self.put_team(&team, Condition::version(read))?,
            self.change_team(id, team.version),
        ];
        let unchanged = self.join_team(id, Condition::version(read));
        let stored = Stored {
            team,
            people: stored.people,
        };
        self.write_people(plan, &stored, last, Some(unchanged), |_: &Team| Ok(None))
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(number: u8) -> UserId {
        UserId::from_bytes([number; 12])
    }

    /// Edits a team with the members 1 and 2 and the admins 2 and 3: members and admins.
    fn edited(edit: PersonEdit, who: u8) -> Option<(Vec<u8>, Vec<u8>)> {
        let mut lists = Lists {
            admins: vec![user(2), user(3)],
            members: vec![user(1), user(2)],
        };
        edit.apply(&mut lists, user(who)).ok()?;
        let numbers = |list: Vec<UserId>| {
            let numbers = (1..=4).map(|number| (number, user(number)));
            let numbers: HashMap<UserId, u8> = numbers.map(|(n, user)| (user, n)).collect();
            list.iter()
                .filter_map(|user| numbers.get(user).copied())
                .collect()
        };
        Some((numbers(lists.members), numbers(lists.admins)))
    }

    #[test]
    fn each_edit_changes_what_it_names_and_asks_for_what_must_be() {
        for (edit, who, expected) in [
            (PersonEdit::Join, 4, Some((vec![1, 2, 4], vec![2, 3]))),
            (PersonEdit::Join, 3, Some((vec![1, 2, 3], vec![2, 3]))),
            (PersonEdit::Join, 1, Some((vec![1, 2], vec![2, 3]))),
            (PersonEdit::Leave, 2, Some((vec![1], vec![3]))),
            (PersonEdit::Leave, 4, None),
            (PersonEdit::MakeAdmin, 1, Some((vec![1, 2], vec![2, 3, 1]))),
            (PersonEdit::MakeAdmin, 3, None),
            (PersonEdit::EndAdmin, 2, Some((vec![1, 2], vec![3]))),
            (PersonEdit::EndAdmin, 1, Some((vec![1, 2], vec![2, 3]))),
            (PersonEdit::EndAdmin, 3, None),
            (
                PersonEdit::MakeAdminOnly,
                4,
                Some((vec![1, 2], vec![2, 3, 4])),
            ),
            (PersonEdit::MakeAdminOnly, 1, Some((vec![2], vec![2, 3, 1]))),
            (PersonEdit::EndAdminOnly, 3, Some((vec![1, 2], vec![2]))),
            (PersonEdit::EndAdminOnly, 2, None),
        ] {
            assert_eq!(edited(edit, who), expected, "{edit:?} of {who}");
        }
    }
}
