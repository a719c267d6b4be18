//! Leaving: unlinked (`/v2/users`), deleted (`/api/v1`), or moved to another organization (`/api/v1`).

use roster_domain::{
    Conflict, Error, Result, TeamId, Tenancy, UserId, access::password::PasswordHashed,
    organization::Organization, users::booking_page::BookingPage, users::login::Login,
    users::user::User, whose::Whose,
};

use crate::{
    Tenant,
    dynamodb::{
        capacity,
        condition::Condition,
        item::{from_item, to_item},
        retry::retry,
        table::Freshness,
        transaction::Write,
        write_failure::Failure,
    },
    keys,
    users::{
        commit::{Leaving, end_signup},
        edit::Member,
        guards::ORGANIZATION,
    },
};

impl Tenant<'_> {
    /// Takes a user out of the organization and its teams (`/v2/users`'s `DELETE`): one
    /// read, one transaction. The user is kept, without what belonged to the
    /// organization: address guard, external id, nickname, login, calendar
    /// credentials, permissions.
    pub async fn unlink_user(&self, id: UserId) -> Result<()> {
        self.leave(id, |user, writes| {
            let none = self.store.tenant(roster_domain::Tenancy::None);
            let kept = none.stripped(user);
            let number = keys::user_number_guard(user.number);
            let mine = Condition::held_by(&user.id.to_string());
            writes.push(Write::put(&number, None, none.global_guard(user.id), mine));
            let key = keys::user(none.tenancy(), user.id);
            writes.push(Write::put(&key, None, to_item(&kept)?, Condition::absent()));
            Ok(())
        })
        .await
    }

    /// Deletes a user (`/api/v1`): as unlinking does, but the user is only found by its
    /// number from then on, and shown as deleted. Deleting again changes
    /// nothing.
    pub async fn delete_user(&self, id: UserId) -> Result<()> {
        let deleted = self
            .leave(id, |user, writes| {
                let mut kept = self.stripped(user);
                // `/api/v1` shows who it was; the password is gone.
                kept.login = user
                    .login
                    .as_ref()
                    .map(|login| Login::new(login.username.clone(), PasswordHashed::of_nobody()));
                kept.deleted_at = Some(self.store.now);
                let key = keys::deleted_user(self.tenancy(), user.id);
                writes.push(Write::put(&key, None, to_item(&kept)?, Condition::absent()));
                Ok(())
            })
            .await;
        match deleted {
            Err(Error::NotFound(_)) => self.member_or_deleted(id).await.map(|_| ()),
            other => other,
        }
    }

    async fn leave(
        &self,
        id: UserId,
        keep: impl Fn(&User, &mut Vec<Write>) -> Result<()>,
    ) -> Result<()> {
        let key = keys::user(self.tenancy(), id);
        retry!(async {
            let read = self.store.table.get(&key, Freshness::Strong);
            let read = capacity::try_join(read, self.leave_calendars(id));
            let (actor, (item, calendars)) = self.store.with_actor(read).await?;
            let user: User = from_item(item.ok_or(Error::NotFound("user"))?)?;
            actor.may_act_as(&user)?;
            let mut writes = self.leave_writes(&user, Leaving::by(&actor), false)?;
            writes.extend(calendars.map(|(write, _)| write));
            keep(&user, &mut writes)?;
            self.store.transact_by(&actor, writes).await
        })
    }

    /// What takes a user out of here.
    fn leave_writes(&self, user: &User, leaving: Leaving, keep_login: bool) -> Result<Vec<Write>> {
        let mut writes = Vec::new();
        self.release_guards(user, keep_login, &mut writes);
        for team in user.teams.keys() {
            let team: TeamId = team.parse().map_err(Error::internal)?;
            writes.push(self.remove_person(team, user.id));
        }
        writes.extend(self.tell_ledgers(user, None)?);
        let signup = user.signup.iter();
        writes.extend(signup.flat_map(|signup| end_signup(signup, user.id)));
        writes.extend(self.count_manager(Some(user), None, leaving));
        let key = keys::user(self.tenancy(), user.id);
        writes.push(Write::delete(&key, Condition::version(user.version)));
        Ok(writes)
    }

    /// A user without what belongs to the organization that it leaves.
    fn stripped(&self, user: &User) -> User {
        let mut kept = user.clone();
        kept.profile.extid = None;
        kept.booking_page = kept.booking_page.map(|page| BookingPage {
            nickname: None,
            ..page
        });
        kept.login = None;
        kept.signup = None;
        kept.sealed_calendars.clear();
        kept.calendar_sources.clear();
        kept.time_off.clear();
        kept.feed = None;
        kept.permissions = roster_domain::Permissions::default();
        kept.teams.clear();
        kept.end_sessions();
        kept.updated_at = self.store.now;
        kept.version += 1;
        kept
    }

    /// Moves a user to another organization, or to none, and changes it on the
    /// way (`/api/v1`'s `org_id`): one read, one transaction. The login goes along;
    /// teams, permissions, external id and nickname stay behind. `edit` is told
    /// the organizations that the user leaves and joins.
    ///
    /// # Errors
    /// What `edit` answers; a conflict where the address is taken there.
    pub async fn move_user(
        &self,
        id: UserId,
        to: &Tenant<'_>,
        edit: impl Fn(&mut User, [Option<&Organization>; 2]) -> Result<()>,
    ) -> Result<Member> {
        retry!(self.try_move(id, to, &edit))
    }

    async fn try_move(
        &self,
        id: UserId,
        to: &Tenant<'_>,
        edit: &impl Fn(&mut User, [Option<&Organization>; 2]) -> Result<()>,
    ) -> Result<Member, Failure> {
        let read = self.member(id, Freshness::Strong);
        let join = async {
            if to.tenancy() == Tenancy::None {
                return Ok(None);
            }
            to.organization_to_join().await.map(Some)
        };
        let all = capacity::try_join3(read, join, self.leave_calendars(id));
        let (actor, (left, organization, calendars)) = self.store.with_actor(all).await?;
        let before = left.user;
        let mut after = self.stripped(&before);
        after.joined_at = Some(self.store.now);
        after.login.clone_from(&before.login);
        if to.tenancy() != Tenancy::None {
            after.sealed_calendars.clone_from(&before.sealed_calendars);
            after.calendar_sources.clone_from(&before.calendar_sources);
        }
        edit(
            &mut after,
            [left.organization.as_ref(), organization.as_ref()],
        )?;
        let renamed = before.login.as_ref().map(|login| login.username.folded())
            != after.login.as_ref().map(|login| login.username.folded());

        let mut writes = self.leave_writes(&before, Leaving::Allowed, !renamed)?;
        if let Some((leave, of)) = calendars {
            writes.push(leave);
            if to.tenancy() != Tenancy::None && !of.calendars.is_empty() {
                let there = to
                    .calendars_if_any(Whose::User(id), Freshness::Strong)
                    .await?;
                writes.push(to.bring_calendars(there.as_ref(), of)?);
            }
        }
        // Not guarded anew where it is kept: one transaction writes an item once.
        let arrives = User {
            login: after.login.clone().filter(|_| renamed),
            ..after.clone()
        };
        to.move_guards(None, &arrives, false, None, &mut writes);
        let mine = Condition::held_by(&after.id.to_string());
        let number = keys::user_number_guard(after.number);
        let item = to.global_guard(after.id);
        writes.push(Write::put(&number, None, item, mine.clone()));
        if let Some(login) = after.login.as_ref().filter(|_| !renamed) {
            // What was proven of the name stays proven.
            let organization = to.global_guard(after.id).remove(ORGANIZATION);
            let attributes = [(ORGANIZATION.to_owned(), organization)];
            let guard = keys::login_guard(&login.username);
            writes.push(Write::update(&guard, attributes, false, mine));
        }
        let key = keys::user(to.tenancy(), after.id);
        writes.push(Write::put(
            &key,
            None,
            to_item(&after)?,
            Condition::absent(),
        ));
        to.keep_open(&mut writes);
        self.store.transact_by(&actor, writes).await?;
        Ok(Member {
            user: after,
            organization,
        })
    }
}

/// What a change of a deleted user is refused with.
#[must_use]
pub fn is_deleted(number: u64) -> Error {
    Conflict::new(format!("user {number} is deleted")).into()
}
