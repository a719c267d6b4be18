//! One request, as a handler reads it.

use std::{collections::HashMap, net::IpAddr, str::FromStr};

use lambda_http::{
    Body, Request, RequestExt,
    http::{HeaderName, header},
};
use roster_domain::{Error, Place, Result, Violation, error::Unacceptable};
use roster_store::{Store, Tenant, users::invite::SignupLinks};
use serde_json::Value;

use crate::{
    Access, App, Route,
    function::route::Authority,
    json::read::{pointer_to, read_object},
    json::strict,
    request::caller::Caller,
    request::claim::{Admitted, named_user},
    request::gateway::context,
    request::oversized::at_largest_field,
};

/// Media type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// What is said of a text that would be right with a plus where it has a blank.
const LOST_PLUS: &str = "; it has a blank: a plus must be sent as %2B in a query";

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

    /// Holds the caller to what the operation asks for; and, where it needs the
    /// present, everything that it writes to what the caller may do by then.
    ///
    /// # Errors
    /// As [`Caller::may`].
    pub fn admitted(mut self, route: &Route) -> Result<Self> {
        if route.access == Access::Public {
            return Ok(self);
        }
        let caller = self.caller()?;
        caller.may(route.access, named_user(self.request))?;
        if route.authority == Authority::Present {
            let claim = Admitted::new(self.request, caller, route.access)?;
            self.store = self.store.claimed_by(Box::new(claim));
        }
        Ok(self)
    }

    /// The address that the request came from, as the gateway saw it. None
    /// where it did not say.
    #[must_use]
    pub fn source_address(&self) -> Option<IpAddr> {
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
    pub fn tenant_named(&self, in_body: Option<&str>) -> Result<Tenant<'_>> {
        let caller = self.caller()?;
        let in_query = self.query_parameter("organization")?;
        let organization = caller.organization(in_query.as_deref().or(in_body))?;
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
                    Place::Path(name.to_owned()),
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

    /// A query parameter; none where it is absent.
    ///
    /// # Errors
    /// [`Error::Invalid`] where it is given twice.
    pub fn query_parameter(&self, name: &str) -> Result<Option<String>> {
        let values = self
            .request
            .query_string_parameters_ref()
            .and_then(|query| query.all(name));
        match values.as_deref() {
            None | Some([]) => Ok(None),
            Some([value]) => Ok(Some((*value).to_owned())),
            Some(_) => Err(malformed_query(name, "must be given once")),
        }
    }

    /// A query parameter of some type; none where it is absent.
    ///
    /// # Errors
    /// [`Error::Invalid`] where it is not of the type.
    pub fn query_value<T: FromStr<Err = Unacceptable>>(&self, name: &str) -> Result<Option<T>> {
        let text = self.query_parameter(name)?;
        text.map(|text| {
            text.parse().map_err(|Unacceptable(detail)| {
                let has_lost_plus =
                    text.contains(' ') && text.replace(' ', "+").parse::<T>().is_ok();
                let hint = if has_lost_plus { LOST_PLUS } else { "" };
                malformed_query(name, format!("{detail}{hint}"))
            })
        })
        .transpose()
    }

    /// Every query parameter, as it was sent.
    #[must_use]
    pub fn query(&self) -> Vec<(String, String)> {
        let parameters = self.request.query_string_parameters_ref();
        parameters.map_or_else(Vec::new, |query| {
            query
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect()
        })
    }

    /// Refuses query parameters other than these and `organization`: a typo in
    /// a filter must not list everything.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names each.
    pub fn only_query(&self, known: &[&str]) -> Result<()> {
        self.exact_query(&[known, &["organization"]].concat())
    }

    /// As [`Call::only_query`], on a surface where a number says in which
    /// organization something is (`/api/v1`): `organization` is refused too.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names each.
    pub fn exact_query(&self, known: &[&str]) -> Result<()> {
        let unknown = self
            .query()
            .into_iter()
            .filter(|(name, _)| !known.contains(&name.as_str()));
        let violations: Vec<_> = unknown
            .map(|(name, _)| {
                Violation::malformed(Place::query(name), "is not a parameter of this operation")
            })
            .collect();
        if violations.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(violations))
        }
    }

    /// The JSON body, of at most `max` bytes.
    ///
    /// # Errors
    /// [`Error::UnsupportedMediaType`], [`Error::UnsupportedEncoding`],
    /// [`Error::TooLarge`], or [`Error::Invalid`] that says where the JSON
    /// breaks.
    pub fn json(&self, max: usize) -> Result<Value> {
        if !self.is_json() {
            return Err(Error::UnsupportedMediaType);
        }
        let bytes = self.body(max)?;
        strict::from_slice(bytes)
            .map_err(|detail| Error::Invalid(vec![Violation::malformed(Place::body(""), detail)]))
    }

    /// Holds the request of an operation that takes no fields to an empty body,
    /// or an empty object.
    ///
    /// # Errors
    /// As [`Call::json`]; [`Error::Invalid`] that names each field.
    pub fn no_fields(&self) -> Result<()> {
        if self.request.body().is_empty() {
            return Ok(());
        }
        read_object(&self.json(MAX_BODY)?, |_| Some(()))
    }

    /// The fields of a form of at most `max` bytes
    /// (`application/x-www-form-urlencoded`).
    ///
    /// # Errors
    /// [`Error::UnsupportedMediaType`], [`Error::TooLarge`], or
    /// [`Error::Invalid`] that names each field that is given twice or is not
    /// UTF-8.
    pub fn form(&self, max: usize) -> Result<HashMap<String, String>> {
        if self.media_type().as_deref() != Some(FORM) {
            return Err(Error::UnsupportedMediaType);
        }
        let mut fields = HashMap::new();
        let mut violations = Vec::new();
        let form = strict::without_mark(self.body(max)?);
        for (name, value) in url::form_urlencoded::parse(form) {
            let place = Place::body(pointer_to("", &name));
            // What stands in place of bytes that are not UTF-8: kept, it would
            // be another text than the one that was meant.
            if name.contains('\u{FFFD}') || value.contains('\u{FFFD}') {
                violations.push(Violation::malformed(place, "must be UTF-8"));
            } else if fields
                .insert(name.into_owned(), value.into_owned())
                .is_some()
            {
                violations.push(Violation::malformed(place, "must be given once"));
            }
        }
        if violations.is_empty() {
            Ok(fields)
        } else {
            Err(Error::Invalid(violations))
        }
    }

    /// The JSON body, or a form as an object of strings, so that one reader
    /// serves both (`/api/v1`). A body without a media type is taken for JSON.
    ///
    /// # Errors
    /// As [`Call::json`] and [`Call::form`].
    pub fn json_or_form(&self, max: usize) -> Result<Value> {
        if self.media_type().as_deref() != Some(FORM) {
            return self.json(max);
        }
        let fields = self.form(max)?.into_iter();
        Ok(fields
            .map(|(name, value)| (name, Value::String(value)))
            .collect())
    }

    /// An error that says that the request is too large to store, with the field
    /// that takes most of it.
    pub(crate) fn at_largest_field(&self, error: Error) -> Error {
        if !matches!(error, Error::Oversized { .. }) {
            return error;
        }
        match self.json_or_form(usize::MAX) {
            Ok(body) => at_largest_field(error, &body),
            Err(_) => error,
        }
    }

    fn body(&self, max: usize) -> Result<&[u8]> {
        if let Some(encoding) = self.only_header(&header::CONTENT_ENCODING)? {
            let is_plain = |name: &str| name.trim().eq_ignore_ascii_case("identity");
            if !encoding.split(',').all(is_plain) {
                return Err(Error::UnsupportedEncoding(encoding));
            }
        }
        let bytes: &[u8] = match self.request.body() {
            Body::Text(text) => text.as_bytes(),
            Body::Binary(bytes) => bytes,
            _ => &[],
        };
        if bytes.len() > max {
            let size = bytes.len();
            return Err(Error::TooLarge(format!(
                "the body has {size} bytes; the maximum is {max}"
            )));
        }
        Ok(bytes)
    }

    /// A body without a media type is taken for JSON.
    fn is_json(&self) -> bool {
        self.media_type().is_none_or(|media_type| {
            media_type == "application/json"
                || (media_type.starts_with("application/") && media_type.ends_with("+json"))
        })
    }

    /// The body's media type in lower case, without parameters.
    fn media_type(&self) -> Option<String> {
        // What was sent twice and differs is no media type.
        let text = self.only_header(&header::CONTENT_TYPE);
        let text = text.unwrap_or_else(|_| Some(String::new()))?;
        let media_type = text.split(';').next().unwrap_or_default();
        Some(media_type.trim().to_ascii_lowercase())
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
        let place = Place::Header(name.to_string());
        Err(Error::Invalid(vec![Violation::malformed(place, detail)]))
    }

    /// Where the API is, without a slash at the end: as it was configured, or the
    /// domain that it has of itself. Nothing that the request claims, `Host`
    /// neither, says where a link leads.
    #[must_use]
    pub fn base_url(&self) -> String {
        if let Some(url) = &self.app.public_url {
            return url.clone();
        }
        let domain = context(self.request)
            .and_then(|context| context.domain_name.as_deref())
            .unwrap_or("localhost");
        format!("https://{domain}{}", self.stage_prefix())
    }

    /// The path that the request is for, as it is behind [`Call::base_url`].
    #[must_use]
    pub fn path(&self) -> &str {
        let path = self.request.uri().path();
        let rest = path.strip_prefix(&self.stage_prefix());
        rest.filter(|rest| rest.starts_with('/')).unwrap_or(path)
    }

    /// What comes before every path of a stage that has a name.
    fn stage_prefix(&self) -> String {
        match context(self.request).and_then(|context| context.stage.as_deref()) {
            None | Some("" | "$default") => String::new(),
            Some(stage) => format!("/{stage}"),
        }
    }

    /// What the token is put behind in a link to finish a sign-up.
    #[must_use]
    pub fn signup_base(&self) -> String {
        format!("{}/signup/", self.base_url())
    }

    /// The links to finish a sign-up, as this deployment makes them.
    #[must_use]
    pub fn signup_links(&self) -> SignupLinks<'a> {
        SignupLinks {
            base: self.signup_base(),
            sealer: &self.app.sealer,
            are_mailed: self.app.sends_mail,
        }
    }

    /// Where users find their pages.
    #[must_use]
    pub fn app_url(&self) -> String {
        self.app.app_url.clone().unwrap_or_else(|| self.base_url())
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

fn malformed_query(name: &str, detail: impl Into<String>) -> Error {
    Error::Invalid(vec![Violation::malformed(Place::query(name), detail)])
}

#[cfg(test)]
pub(crate) mod tests {
    use roster_store::{Table, mail::seal::Sealer};
    use serde_json::json;

    use super::*;
    use crate::request::event::Event;

    pub(crate) fn app(public_url: Option<&str>) -> App {
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
            .http_client(crate::function::aws::https_client())
            .build();
        let client = aws_sdk_dynamodb::Client::from_conf(config);
        App {
            table: Table::new(client, "roster"),
            clock: crate::Clock::default(),
            sealer: Sealer::Local(secrecy::SecretBox::new(Box::new([0; 32]))),
            public_url: public_url.map(str::to_owned),
            app_url: None,
            reply_domain: String::new(),
            sends_mail: false,
            expose_cost: false,
        }
    }

    fn request(stage: &str, path: &str) -> Request {
        let event: Event = serde_json::from_value(json!({
            "rawPath": path,
            "headers": {
                "host": "evil.example",
                "forwarded": "host=evil.example;proto=http",
                "x-forwarded-host": "evil.example",
                "x-forwarded-proto": "http",
            },
            "requestContext": {
                "domainName": "api.example.com",
                "http": { "method": "GET" },
                "stage": stage,
            },
        }))
        .expect("an event");
        event.into_request()
    }

    #[test]
    fn a_link_leads_to_the_apis_own_address_whatever_the_request_claims() {
        for (public_url, stage, path, leads_to) in [
            (
                None,
                "$default",
                "/v2/users",
                "https://api.example.com/v2/users",
            ),
            (
                None,
                "prod",
                "/prod/v2/users",
                "https://api.example.com/prod/v2/users",
            ),
            (
                None,
                "prod",
                "/v2/users",
                "https://api.example.com/prod/v2/users",
            ),
            (
                None,
                "v2",
                "/v2/v2/users",
                "https://api.example.com/v2/v2/users",
            ),
            (
                Some("https://roster.example"),
                "$default",
                "/v2/users",
                "https://roster.example/v2/users",
            ),
            (
                Some("https://roster.example/a"),
                "prod",
                "/prod/v2/users",
                "https://roster.example/a/v2/users",
            ),
        ] {
            let (app, request) = (app(public_url), request(stage, path));
            let call = Call::new(&app, &request);
            assert_eq!(format!("{}{}", call.base_url(), call.path()), leads_to);
        }
    }
}
