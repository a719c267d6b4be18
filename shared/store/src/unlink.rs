//! Taking a user out of its organization (S1's `DELETE`).

use roster_domain::{Error, Result, TeamId, UserId, user::User};

use crate::{
    Tenant,
    backoff::Backoff,
    condition::Condition,
    keys,
    organizations::guard,
    table::{Freshness, from_item, to_item},
    transaction::Write,
};

impl Tenant<'_> {
    /// Moves a user out of the organization and its teams: one read, one
    /// transaction. The user is kept, without what belonged to the
    /// organization: address guard, external id, nickname, login, calendar
    /// credentials, admin rights.
    pub async fn unlink_user(&self, id: UserId) -> Result<()> {
        let key = keys::user(self.organization_id(), id);
        let mut backoff = Backoff::default();
        loop {
            let item = self.store.table.get(&key, Freshness::Strong).await?;
            let user: User = from_item(item.ok_or(Error::NotFound("user"))?)?;
            match self.store.transact(self.unlink_writes(&user)?).await {
                Ok(()) => return Ok(()),
                Err(failure) => backoff.after(failure).await?,
            }
        }
    }

    fn unlink_writes(&self, user: &User) -> Result<Vec<Write>> {
        let organization = self.organization_id();
        let profile = &user.profile;
        let guards = [
            profile
                .email
                .as_ref()
                .map(|email| keys::email_guard(organization, email)),
            profile
                .extid
                .as_ref()
                .map(|extid| keys::user_extid_guard(organization, extid)),
            user.nickname()
                .map(|nickname| keys::nickname_guard(organization, nickname)),
            user.login
                .as_ref()
                .map(|login| keys::login_guard(&login.username)),
        ];
        let mine = Condition::held_by(&user.id.to_string());
        let mut writes: Vec<_> = guards
            .into_iter()
            .flatten()
            .map(|guard| Write::delete(&guard, mine.clone()))
            .collect();
        for team in user.teams.keys() {
            let team: TeamId = team.parse().map_err(Error::internal)?;
            writes.push(self.remove_person(team, user.id));
        }
        if let Some(token) = &user.signup_token {
            // It may have expired and be gone.
            writes.push(Write::delete(
                &keys::signup_token(token),
                mine_or_gone(user.id),
            ));
        }
        let number = keys::user_number_guard(user.number);
        writes.push(Write::put(&number, None, guard(user.id), mine));
        let key = keys::user(organization, user.id);
        writes.push(Write::delete(&key, Condition::version(user.version)));
        let kept = keys::user_without_organization(user.id);
        let item = to_item(&without_organization(user, self.store.now))?;
        writes.push(Write::put(&kept, None, item, Condition::absent()));
        Ok(writes)
    }
}

fn mine_or_gone(user: UserId) -> Condition {
    let mut condition = Condition::held_by(&user.to_string());
    condition.expression = format!("attribute_not_exists(#holder) OR {}", condition.expression);
    condition
}

fn without_organization(user: &User, now: jiff::Timestamp) -> User {
    let mut kept = user.clone();
    kept.profile.extid = None;
    kept.booking_page = kept
        .booking_page
        .map(|page| roster_domain::booking_page::BookingPage {
            nickname: None,
            ..page
        });
    kept.login = None;
    kept.signup_token = None;
    kept.sealed_calendars.clear();
    kept.permissions = roster_domain::user::Permissions::default();
    kept.teams.clear();
    kept.updated_at = now;
    kept.version += 1;
    kept
}
