//! Who calls: what the authorizer found behind the key.

use std::collections::HashMap;

use lambda_http::Request;
use roster_domain::{
    Actor, Error, KeyId, Location, OrganizationId, Permissions, Result, UserId, Violation,
    access::ceiling::Ceiling,
    access::key::{ApiKey, Maker, Role},
    access::secret::SecretDigest,
    id::ObjectId,
    users::user::User,
};

use crate::{function::route::Access, request::claim, request::gateway::authorized};

/// Who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// The operator: every organization.
    Operator {
        /// The key.
        key: KeyId,
    },
    /// An organization.
    Organization {
        /// The key.
        key: KeyId,
        /// The organization that the key is for.
        organization: OrganizationId,
    },
    /// A user, with a key that acts as them or a session.
    User {
        /// The key, or the session.
        key: KeyId,
        /// Whether it is a session.
        session: bool,
        /// The user's organization.
        organization: OrganizationId,
        /// The user.
        user: UserId,
        /// The user's number.
        number: u64,
        /// What the user may do, with this key.
        permissions: Permissions,
        /// What this key can do at most.
        ceiling: Ceiling,
    },
}

impl Caller {
    /// The holder of a key, with the user that it acts as, where it acts as
    /// one.
    #[must_use]
    pub fn of(key: &ApiKey, user: Option<&User>) -> Option<Self> {
        match (key.role, key.organization, user) {
            (Role::Operator, None, None) => Some(Self::Operator { key: key.id }),
            (Role::Organization, Some(organization), None) => Some(Self::Organization {
                key: key.id,
                organization,
            }),
            (Role::User | Role::Session, Some(organization), Some(user)) => {
                let ceiling = key.ceiling_as(user);
                Some(Self::User {
                    key: key.id,
                    session: key.role == Role::Session,
                    organization,
                    user: user.id,
                    number: user.number,
                    permissions: ceiling.bound(user.permissions),
                    ceiling,
                })
            }
            _ => None,
        }
    }

    /// The context that the authorizer hands to the function: strings, under
    /// `requestContext.authorizer.lambda`. `secret` is what was presented.
    #[must_use]
    pub fn to_context(self, secret: &SecretDigest) -> HashMap<&'static str, String> {
        let role = match self {
            Self::Operator { .. } => Role::Operator,
            Self::Organization { .. } => Role::Organization,
            Self::User { session: false, .. } => Role::User,
            Self::User { session: true, .. } => Role::Session,
        };
        let organization = match self {
            Self::Operator { .. } => String::new(),
            Self::Organization { organization, .. } | Self::User { organization, .. } => {
                organization.to_string()
            }
        };
        let (user, number, permissions, ceiling) = match self {
            Self::User {
                user,
                number,
                permissions,
                ceiling,
                ..
            } => (
                user.to_string(),
                number.to_string(),
                permissions.to_string(),
                ceiling.to_string(),
            ),
            _ => Default::default(),
        };
        HashMap::from([
            ("role", role.kind().to_owned()),
            ("key_id", self.key().to_string()),
            ("organization", organization),
            ("user", user),
            ("user_number", number),
            ("permissions", permissions),
            ("ceiling", ceiling),
            (claim::MARK, secret.mark().to_owned()),
        ])
    }

    /// Reads the context back. None where no authorizer stood before the
    /// function, or it handed on something else.
    #[must_use]
    pub fn from_request(request: &Request) -> Option<Self> {
        let field = |name: &str| authorized(request, name);
        let key = field("key_id")?.parse().ok()?;
        let role: Role = field("role")?.parse().ok()?;
        if role == Role::Operator {
            return Some(Self::Operator { key });
        }
        let organization = field("organization")?.parse().ok()?;
        if role == Role::Organization {
            return Some(Self::Organization { key, organization });
        }
        Some(Self::User {
            key,
            session: role == Role::Session,
            organization,
            user: field("user")?.parse().ok()?,
            number: field("user_number")?.parse().ok()?,
            permissions: field("permissions")?.parse().ok()?,
            // An answer that was cached before there were ceilings has none.
            ceiling: field("ceiling").unwrap_or("all").parse().ok()?,
        })
    }

    /// The key.
    #[must_use]
    pub fn key(self) -> KeyId {
        match self {
            Self::Operator { key } | Self::Organization { key, .. } | Self::User { key, .. } => key,
        }
    }

    /// Who has made what this request makes.
    #[must_use]
    pub fn maker(self) -> Maker {
        let user = match self {
            Self::User { user, .. } => Some(user),
            Self::Operator { .. } | Self::Organization { .. } => None,
        };
        Maker {
            key: self.key(),
            user,
        }
    }

    /// In whose name changes are made.
    #[must_use]
    pub fn actor(self) -> Actor {
        match self {
            Self::Operator { .. } | Self::Organization { .. } => Actor::Owner,
            Self::User {
                user,
                permissions,
                ceiling,
                ..
            } => Actor::User {
                id: user,
                permissions,
                ceiling,
            },
        }
    }

    /// Holds the caller to what an operation asks for. `named` is the user that
    /// the path names, by id or by number.
    ///
    /// # Errors
    /// [`Error::Forbidden`] that says what is missing.
    pub fn may(self, access: Access, named: Option<&str>) -> Result<()> {
        let permission = match access {
            Access::Operator => return self.operator_only(),
            Access::Key | Access::Public => return Ok(()),
            Access::Permission(permission) | Access::OwnOr(permission) => permission,
        };
        let Self::User {
            user,
            number,
            permissions,
            ..
        } = self
        else {
            return Ok(());
        };
        let is_own = matches!(access, Access::OwnOr(_))
            && named.is_some_and(|named| named.parse() == Ok(user) || named.parse() == Ok(number));
        if is_own || permissions.has(permission) {
            Ok(())
        } else {
            Err(Error::Forbidden(format!(
                "this operation needs the permission {permission}"
            )))
        }
    }

    /// The organization whose items this request may touch, given the one that
    /// it names, if any: an organization's key reaches its own alone.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where an organization's key names another one;
    /// [`Error::Invalid`] where the operator names none.
    pub fn organization(self, named: Option<&str>) -> Result<OrganizationId> {
        let own = match self {
            Self::Organization { organization, .. } | Self::User { organization, .. } => {
                organization
            }
            Self::Operator { .. } => return named_by_operator(named),
        };
        if named.is_none_or(|named| named.parse() == Ok(own)) {
            Ok(own)
        } else {
            Err(Error::Forbidden(
                "organization must be the one that the key is for".to_owned(),
            ))
        }
    }

    /// Only the operator may go on.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for everybody else.
    pub fn operator_only(self) -> Result<()> {
        match self {
            Self::Operator { .. } => Ok(()),
            Self::Organization { .. } | Self::User { .. } => Err(Error::Forbidden(
                "this operation needs an operator's key (adm)".to_owned(),
            )),
        }
    }
}

fn named_by_operator(named: Option<&str>) -> Result<OrganizationId> {
    let detail = match named.map(str::parse) {
        Some(Ok(organization)) => return Ok(organization),
        // 24 zeros: an id, and no organization's.
        Some(Err(_)) if named.is_some_and(|named| named.parse::<ObjectId>().is_ok()) => {
            return Err(Error::NotFound("organization"));
        }
        Some(Err(_)) => "must be the _id of an organization",
        None => "is required with an operator's key: the _id of an organization",
    };
    Err(Error::Invalid(vec![Violation::malformed(
        Location::query("organization"),
        detail,
    )]))
}
