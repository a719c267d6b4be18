//! Inviting a user (`/api/v2`): found or made, with the link and the mail, in one
//! transaction.

use jiff::SignedDuration;
use roster_domain::{
    Conflict, Error, Field, Result, UserId,
    access::secret,
    mail::Invitation,
    organization::Organization,
    text::Email,
    users::signup::{INVITATION_INTERVAL_SECONDS, SignupTokens},
    users::user::{SignedUpWith, User},
};
use secrecy::SecretString;

use crate::{
    Tenant,
    dynamodb::{
        capacity::{try_join, try_join3},
        guard::holder,
        retry::retry,
        table::Freshness,
        transaction::Write,
        write_failure::Failure,
    },
    keys,
    mail::{
        limits::{Counted, Pace},
        seal::Sealer,
    },
    users::commit::Commit,
};

/// Characters of the token in a link to finish a sign-up: 32 of base 62, 190
/// bits.
const TOKEN_LENGTH: usize = 32;

/// A token for a link to finish a sign-up.
pub(crate) fn new_token() -> String {
    secret::random_base62(TOKEN_LENGTH)
}

/// How an invitation is made.
#[derive(Debug)]
pub struct Invite<'a> {
    /// Who is invited.
    pub email: &'a Email,
    /// The links.
    pub links: &'a SignupLinks<'a>,
}

/// The links to finish a sign-up.
#[derive(Debug)]
pub struct SignupLinks<'a> {
    /// What the token is put behind: `https://…/signup/`.
    pub base: String,
    /// Seals the mails that wait to be sent.
    pub sealer: &'a Sealer,
    /// Whether this deployment sends mail.
    pub are_mailed: bool,
}

impl Tenant<'_> {
    /// Invites whoever has this address: the guard of the address, the
    /// organization and a number at once; the user, where there is one; then
    /// one transaction. Who was invited before and has not signed up is mailed
    /// again, with a new link.
    ///
    /// # Errors
    /// A conflict where the address is a user's, or was invited within the last
    /// hour; [`Error::TooManyMails`].
    pub async fn invite(&self, invite: &Invite<'_>) -> Result<User> {
        if !invite.links.are_mailed {
            let detail =
                "this deployment cannot send invitations: it has no sender address (MailFrom)";
            return Err(Conflict::new(detail).into());
        }
        let token = new_token();
        let (mut number, mut counted) = (None, None);
        let invited = retry!(self.try_invite(invite, &token, &mut number, &mut counted));
        self.end_count(invited, counted.as_ref()).await
    }

    async fn try_invite(
        &self,
        invite: &Invite<'_>,
        token: &str,
        number: &mut Option<u64>,
        counted: &mut Option<Counted>,
    ) -> Result<User, Failure> {
        let guard_key = keys::email_guard(self.tenancy(), invite.email);
        let guard = self.store.table.get(&guard_key, Freshness::Strong);
        let organization = self.organization_to_join();
        let taken = async {
            match *number {
                Some(number) => Ok(number),
                None => self.take_user_numbers(1).await,
            }
        };
        let known = try_join3(guard, organization, taken);
        let (actor, (guard, organization, taken)) = self.store.with_actor(known).await?;
        *number = Some(taken);
        let holder = guard.as_ref().and_then(holder::<UserId>);
        let before = match holder {
            Some(id) => {
                let counter = keys::user_counter();
                let give_back = self.store.give_back(&counter, taken);
                *number = None;
                let member = self.member(id, Freshness::Strong);
                let (member, ()) = try_join(member, give_back).await.map_err(|error| {
                    match error {
                        // Gone since the guard was read.
                        Error::NotFound(_) => Failure::Stale,
                        other => other.into(),
                    }
                })?;
                Some(member.user)
            }
            None => None,
        };
        let mut after = if let Some(user) = &before {
            self.may_be_mailed(user)?;
            User {
                version: user.version + 1,
                updated_at: self.store.now,
                ..user.clone()
            }
        } else {
            let id = UserId::generate(self.store.now);
            let mut user = User::new(id, taken, self.store.now);
            user.profile.email = Some(invite.email.clone());
            user
        };
        let tokens = SignupTokens {
            answered: None,
            mailed: Some(token.to_owned()),
        };
        after.invite(&tokens, self.store.now);
        let mail = self.mail_link(invite.links, &organization, &after, token);
        let count = self.count_mail(invite.email, Pace::Hourly, counted);
        let (mail, ()) = try_join(mail, count).await?;
        self.commit(Commit {
            actor: &actor,
            before: before.as_ref(),
            after: &mut after,
            upsert: false,
            proof: None,
            writes: mail.into_iter().collect(),
        })
        .await?;
        Ok(after)
    }

    /// The write that has a link mailed to a user; none where no mail is sent.
    pub(crate) async fn mail_link(
        &self,
        links: &SignupLinks<'_>,
        organization: &Organization,
        user: &User,
        token: &str,
    ) -> Result<Option<Write>> {
        let Some(to) = user.profile.email.clone().filter(|_| links.are_mailed) else {
            return Ok(None);
        };
        let invitation = Invitation {
            user: user.id,
            to,
            full_name: Some(user.profile.full_name()).filter(|name| !name.is_empty()),
            language: user.profile.language.unwrap_or(organization.lang),
            organization: organization.name.clone(),
            link: SecretString::from(format!("{}{token}", links.base)),
        };
        let (_, write) = self.invitation_mail(links.sealer, &invitation).await?;
        Ok(Some(write))
    }

    fn may_be_mailed(&self, user: &User) -> Result<()> {
        let next = user.invited_at.map(|at| {
            at.saturating_add(SignedDuration::from_secs(INVITATION_INTERVAL_SECONDS))
                .unwrap_or(at)
        });
        let detail = if !user.is_active() {
            "is a deactivated user's address; activate the user first".to_owned()
        } else if user.login.is_some() || user.signedup_with != SignedUpWith::Email {
            "is a user's address already".to_owned()
        } else if let Some(next) = next.filter(|next| self.store.now < *next) {
            format!("was already invited; another mail can be sent after {next:.0}")
        } else {
            return Ok(());
        };
        Err(Conflict::new(detail).at(Field::Email).into())
    }
}
