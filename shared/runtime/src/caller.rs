//! Who calls: what the authorizer found behind the key.

use std::collections::HashMap;

use lambda_http::{Request, RequestExt, request::RequestContext};
use roster_domain::{
    Error, KeyId, OrganizationId, Place, Result, Violation,
    key::{ApiKey, Role},
};
use serde_json::Value;

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
}

impl Caller {
    /// The holder of a key.
    #[must_use]
    pub fn of(key: &ApiKey) -> Option<Self> {
        match (key.role, key.organization) {
            (Role::Operator, None) => Some(Self::Operator { key: key.id }),
            (Role::Organization, Some(organization)) => Some(Self::Organization {
                key: key.id,
                organization,
            }),
            _ => None,
        }
    }

    /// The context that the authorizer hands to the function: strings, under
    /// `requestContext.authorizer.lambda`.
    #[must_use]
    pub fn to_context(self) -> HashMap<&'static str, String> {
        let (role, key, organization) = match self {
            Self::Operator { key } => (Role::Operator, key, String::new()),
            Self::Organization { key, organization } => {
                (Role::Organization, key, organization.to_string())
            }
        };
        HashMap::from([
            ("role", role.kind().to_owned()),
            ("key_id", key.to_string()),
            ("organization", organization),
            // Keys that act for a user fill these two.
            ("user", String::new()),
            ("permissions", String::new()),
        ])
    }

    /// Reads the context back. None where no authorizer stood before the
    /// function, or it handed on something else.
    #[must_use]
    pub fn from_request(request: &Request) -> Option<Self> {
        let context = request.request_context_ref()?;
        let RequestContext::ApiGatewayV2(context) = context else {
            return None;
        };
        let fields = &context.authorizer.as_ref()?.fields;
        let field = |name: &str| fields.get(name).and_then(Value::as_str);
        let key = field("key_id")?.parse().ok()?;
        match field("role")?.parse().ok()? {
            Role::Operator => Some(Self::Operator { key }),
            Role::Organization => {
                let organization = field("organization")?.parse().ok()?;
                Some(Self::Organization { key, organization })
            }
        }
    }

    /// The key.
    #[must_use]
    pub fn key(self) -> KeyId {
        match self {
            Self::Operator { key } | Self::Organization { key, .. } => key,
        }
    }

    /// The organization whose items this request may touch, given the one that
    /// it names, if any: an organization's key reaches its own alone.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where an organization's key names another one;
    /// [`Error::Invalid`] where the operator names none.
    pub fn organization(self, named: Option<&str>) -> Result<OrganizationId> {
        match (self, named) {
            (Self::Organization { organization, .. }, None) => Ok(organization),
            (Self::Organization { organization, .. }, Some(named))
                if named == organization.to_string() =>
            {
                Ok(organization)
            }
            (Self::Organization { .. }, Some(_)) => Err(Error::Forbidden(
                "organization must be the one that the key is for".to_owned(),
            )),
            (Self::Operator { .. }, Some(named)) => named.parse().map_err(|_| {
                Error::Invalid(vec![Violation::malformed(
                    Place::query("organization"),
                    "must be the _id of an organization",
                )])
            }),
            (Self::Operator { .. }, None) => Err(Error::Invalid(vec![Violation::malformed(
                Place::query("organization"),
                "is required with an operator's key: the _id of an organization",
            )])),
        }
    }

    /// Only the operator may go on.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for everybody else.
    pub fn operator_only(self) -> Result<()> {
        match self {
            Self::Operator { .. } => Ok(()),
            Self::Organization { .. } => Err(Error::Forbidden(
                "this operation needs an operator's key (adm)".to_owned(),
            )),
        }
    }
}
