//! What the authorizer admitted, held to the present.

use jiff::Timestamp;
use lambda_http::{Request, RequestExt};
use roster_domain::{
    Actor, Error, KeyId, Result,
    access::key::{ApiKey, HAS_LEFT, Role, SESSION_ENDED},
    users::user::User,
};
use roster_store::{access::standing::Claim, users::by_number::Located};

use crate::{Access, request::caller::Caller, request::gateway::authorized};

/// The context's field with the mark of the secret that was presented.
pub(crate) const MARK: &str = "secret";

/// Who calls, with which secret, and what for: everything that the authorizer
/// and the route look at, to be looked at again.
#[derive(Debug)]
pub struct Admitted {
    caller: Caller,
    mark: String,
    access: Access,
    named: Option<String>,
}

impl Admitted {
    /// For a caller that the authorizer admitted to a route.
    ///
    /// # Errors
    /// [`Error::Busy`] where the authorizer did not say with which secret: its
    /// answer is from before it did.
    pub fn new(request: &Request, caller: Caller, access: Access) -> Result<Self> {
        let mark = authorized(request, MARK)
            .ok_or_else(|| Error::Busy("the authorizer named no secret".to_owned()))?;
        Ok(Self {
            caller,
            mark: mark.to_owned(),
            access,
            named: named_user(request).map(str::to_owned),
        })
    }
}

/// The user that the path names.
pub(crate) fn named_user(request: &Request) -> Option<&str> {
    request.path_parameters_ref()?.first("user_id")
}

impl Claim for Admitted {
    fn key(&self) -> KeyId {
        self.caller.key()
    }

    fn role(&self) -> Role {
        match self.caller {
            Caller::Operator { .. } => Role::Operator,
            Caller::Organization { .. } => Role::Organization,
            Caller::User { session: false, .. } => Role::User,
            Caller::User { session: true, .. } => Role::Session,
        }
    }

    fn user(&self) -> Option<Located> {
        match self.caller {
            Caller::User {
                organization, user, ..
            } => Some(Located {
                tenancy: organization.into(),
                user,
            }),
            Caller::Operator { .. } | Caller::Organization { .. } => None,
        }
    }

    fn hold(&self, key: Option<&ApiKey>, user: Option<&User>, now: Timestamp) -> Result<Actor> {
        let refused = |detail: &str| Error::Forbidden(detail.to_owned());
        let gone = match self.caller {
            Caller::User { session: true, .. } => SESSION_ENDED,
            _ => "this key no longer exists",
        };
        let key = key.ok_or_else(|| refused(gone))?;
        key.still_admits(&self.mark, now)?;
        match user {
            Some(user) => key.still_acts_as(user)?,
            None if self.user().is_some() => return Err(refused(HAS_LEFT)),
            None => {}
        }
        let caller = Caller::of(key, user).ok_or_else(|| refused(gone))?;
        caller.may(self.access, self.named.as_deref())?;
        Ok(caller.actor())
    }
}
