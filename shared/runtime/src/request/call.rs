//! One request, as a handler reads it.

use std::{net::IpAddr, str::FromStr};

use lambda_http::{Request, RequestExt, http::HeaderName};
use roster_domain::{Error, Location, OrganizationId, Result, Violation, error::Unacceptable};
use roster_store::{Store, Tenant};

use crate::{
    Access, App, Route,
    function::route::Authority,
    request::{
        caller::Caller,
        claim::{Admitted, named_user},
        edge::Edge,
        gateway::context,
    },
};

mod body;
pub(crate) mod links;
mod query;
mod version;

/// Most bytes of a body that describes one thing.
pub const MAX_BODY: usize = 512 * 1024;

/// One request.
#[derive(Debug)]
pub struct Call<'a> {
    /// Configuration and clients.
    pub app: &'a App,
    /// The table, as this request sees it.
    pub store: Store<'a>,
    request: &'a Request,
    caller: Option<Caller>,
}

impl<'a> Call<'a> {
    /// For a request that came in now.
    #[must_use]
    pub fn new(app: &'a App, request: &'a Request) -> Self {
        Self {
            app,
            store: app.store(),
            request,
            caller: Caller::from_request(request),
        }
    }

    /// The request's headers and the like.
    #[must_use]
    pub fn request(&self) -> &Request {
        self.request
    }

    /// Who calls.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where no authorizer said who: the route was wired
    /// without one.
    pub fn caller(&self) -> Result<Caller> {
        self.caller
            .ok_or_else(|| Error::Forbidden("this operation needs a key".to_owned()))
    }

    /// As [`Call::new`], for a route: what is done is noted in the audit log.
    #[must_use]
    pub(crate) fn of_route(app: &'a App, request: &'a Request, route: &Route) -> Self {
        let mut call = Self::new(app, request);
        if route.access != Access::Public || route.changes_something() {
            let audited = call.to_audited(route.binary, app.audit_days);
            call.store.audit(audited);
        }
        call
    }

    /// Holds the caller to what the operation asks for; and, where it needs the
    /// present, everything that it writes to what the caller may do by then.
    ///
    /// # Errors
    /// As [`Caller::may`].
    pub(crate) fn admit(&mut self, route: &Route) -> Result<()> {
        if route.access == Access::Public {
            return Ok(());
        }
        let caller = self.caller()?;
        caller.may(route.access, named_user(self.request))?;
        if route.authority == Authority::Present {
            let claim = Admitted::new(self.request, caller, route.access)?;
            self.store.claim_by(Box::new(claim));
        }
        Ok(())
    }

    /// The address that the request came from: as the edge says, where there is one, else
    /// as the gateway saw it. None where that does not say.
    #[must_use]
    pub fn source_address(&self) -> Option<IpAddr> {
        if self.app.edge.is_some() {
            return Edge::viewer(self.request.headers());
        }
        context(self.request)?
            .http
            .source_ip
            .as_deref()?
            .parse()
            .ok()
    }

    /// The items of the caller's organization, or of the one that the operator
    /// names in the query.
    ///
    /// # Errors
    /// As [`Caller::organization`].
    pub fn tenant(&self) -> Result<Tenant<'_>> {
        self.tenant_named(None)
    }

    /// As [`Call::tenant`], where the body may name the organization too.
    ///
    /// # Errors
    /// As [`Caller::organization`]; both names are held to it.
    pub fn tenant_named(&self, in_body: Option<OrganizationId>) -> Result<Tenant<'_>> {
        let caller = self.caller()?;
        let in_query = self.query_parameter("organization")?;
        let in_body = in_body.map(|id| id.to_string());
        let named = in_query.as_deref().or(in_body.as_deref());
        let organization = caller.organization(named)?;
        if in_body.is_some_and(|named| named != organization.to_string()) {
            return Err(Error::Forbidden(
                "organization must be the one that the request is made for".to_owned(),
            ));
        }
        Ok(self.store.tenant(organization))
    }

    /// An id in the path.
    ///
    /// # Errors
    /// [`Error::Invalid`] where it has the wrong shape.
    pub fn path_id<Id: FromStr<Err = Unacceptable>>(&self, name: &'static str) -> Result<Id> {
        self.path_text(name)
            .parse()
            .map_err(|Unacceptable(detail)| {
                Error::Invalid(vec![Violation::malformed(
                    Location::Path(name.to_owned()),
                    detail,
                )])
            })
    }

    /// A text in the path; empty where the route has none of this name.
    #[must_use]
    pub fn path_text(&self, name: &str) -> &str {
        let parameters = self.request.path_parameters_ref();
        parameters
            .and_then(|parameters| parameters.first(name))
            .unwrap_or_default()
    }

    /// A number in the path: of a user or an organization (`/api/v2`, `/api/v1`).
    ///
    /// # Errors
    /// [`Error::Invalid`] where it is not a whole number from 1 up.
    pub fn path_number(&self, name: &'static str) -> Result<u64> {
        self.path_id::<Number>(name).map(|Number(number)| number)
    }

    /// A header that has one value; none where it is absent. One that was sent
    /// again with the same value counts once: API Gateway joins the values of a
    /// name with commas. A comma within quotes joins nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] where its values differ.
    pub fn only_header(&self, name: &HeaderName) -> Result<Option<String>> {
        let sent = self.request.headers().get_all(name).iter();
        let mut values = sent.flat_map(|value| joined(&String::from_utf8_lossy(value.as_bytes())));
        let Some(first) = values.next() else {
            return Ok(None);
        };
        if values.all(|value| value == first) {
            return Ok(Some(first));
        }
        let detail = "must be given once, or each time with the same value";
        let location = Location::Header(name.to_string());
        Err(Error::Invalid(vec![Violation::malformed(location, detail)]))
    }
}

/// The values that commas join, without those within quotes.
fn joined(text: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut is_quoted = false;
    for c in text.chars() {
        is_quoted ^= c == '"';
        match values.last_mut() {
            Some(value) if c != ',' || is_quoted => value.push(c),
            _ => values.push(String::new()),
        }
    }
    values.iter().map(|value| value.trim().to_owned()).collect()
}

/// A number that a user or an organization can have.
struct Number(u64);

impl FromStr for Number {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
        text.parse()
            .ok()
            .filter(|_| digits)
            .map(Self)
            .ok_or_else(|| Unacceptable::new("must be a whole number of at least 1"))
    }
}
