//! Puts routes and descriptions together.

use std::collections::BTreeMap;

use roster_runtime::{Repeats, Route, function::route::Method};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, HttpMethod, InfoBuilder, LicenseBuilder, OpenApi,
    OpenApiBuilder, PathItem, PathsBuilder, Required, ResponseBuilder, ResponsesBuilder,
    example::ExampleBuilder,
    path::{OperationBuilder, Parameter},
    request_body::{RequestBody, RequestBodyBuilder},
    tag::TagBuilder,
};

use crate::{
    errors::{self, Responses},
    operation::{Answer, AnswerHeader, Body, Operation},
    parameters, security, surfaces, values,
};

const ABOUT: &str = "Users, teams and bookings of organizations that cannot see one another.\n\n\
There are three surfaces over the same users and organizations: `/v2` with teams and bookings, \
`/api/v2` with invitations, permissions and logins, and `/api/v1`, the operator's directory. A user \
made through one is there in the others.\n\n\
Bodies are JSON, and `/api/v1` takes forms too. Unknown fields and query parameters are refused by \
name. Wherever a body takes true, false or a whole number, it takes it as a string as well. \
`400` is malformed, `422` well-formed but not acceptable.";

const TAGS: [(&str, &str); 10] = [
    ("Users", "Users of an organization (`/v2`)."),
    (
        "Teams",
        "Teams of users, and how bookings are shared among them (`/v2`).",
    ),
    ("Events", "Events booked with a member of a team (`/v2`)."),
    ("Keys", "API keys (`/v2`)."),
    ("Organizations", "Organizations, for the operator (`/v2`)."),
    (
        "Accounts",
        "Users by number: invitations, permissions, logins (`/api/v2`).",
    ),
    ("Sign-up", "The page that an invitation leads to."),
    (
        "Event page",
        "The page where people see an event that they take part in.",
    ),
    (
        "Directory",
        "Users and organizations by number (`/api/v1`). Every value is a string.",
    ),
    ("Reference", "This document."),
];

/// What keeps routes and descriptions from making a document.
#[derive(Debug, thiserror::Error)]
pub enum Mismatch {
    /// A route is not described.
    #[error("{0} serves a route that infra/openapi does not describe")]
    Missing(&'static str),
    /// A description has no route.
    #[error("infra/openapi describes {0}, which serves no route")]
    Superfluous(&'static str),
    /// A path has a parameter that is not described.
    #[error("infra/openapi/src/parameters.rs does not describe {0}, which is in a path")]
    Parameter(String),
    /// A route has a method that OpenAPI does not know.
    #[error("OpenAPI has no method {0}")]
    Method(Method),
}

/// The document of these routes.
///
/// # Errors
/// Where a route is not described, or a description has no route.
pub fn document(routes: &[&'static Route]) -> Result<OpenApi, Mismatch> {
    let mut operations: BTreeMap<_, _> = surfaces::operations()
        .map(|operation| (operation.binary, operation))
        .collect();
    let mut paths = PathsBuilder::new().build();
    let mut responses = Responses::new();
    for route in routes {
        let operation = operations
            .remove(route.binary)
            .ok_or(Mismatch::Missing(route.binary))?;
        for (index, (method, path)) in route.matches.iter().enumerate() {
            let of_path = parameters_of(path, &operation)?;
            let built = build(route, &operation, index, of_path, &mut responses);
            let item = PathItem::new(http_method(method)?, built);
            match paths.paths.get_mut(*path) {
                Some(known) => known.merge_operations(item),
                None => {
                    paths.paths.insert((*path).to_owned(), item);
                }
            }
        }
    }
    if let Some(binary) = operations.into_keys().next() {
        return Err(Mismatch::Superfluous(binary));
    }
    Ok(OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Roster")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(ABOUT))
                .license(Some(
                    LicenseBuilder::new()
                        .name("Apache-2.0")
                        .identifier(Some("Apache-2.0"))
                        .build(),
                )),
        )
        .tags(Some(TAGS.map(|(name, about)| {
            TagBuilder::new()
                .name(name)
                .description(Some(about))
                .build()
        })))
        .paths(paths)
        .components(Some(components(responses)))
        .build())
}

fn components(responses: Responses) -> utoipa::openapi::Components {
    let mut components = ComponentsBuilder::new();
    for (name, scheme) in security::schemes() {
        components = components.security_scheme(name, scheme);
    }
    for (name, header) in errors::headers() {
        components = components.header(name, header);
    }
    for (name, response) in responses {
        components = components.response(name, response);
    }
    let common = [values::parts(), errors::parts()];
    components
        .schemas_from_iter(common.into_iter().chain(surfaces::parts()).flatten())
        .build()
}

fn parameters_of(path: &str, operation: &Operation) -> Result<Vec<Parameter>, Mismatch> {
    let names = path
        .split('/')
        .filter_map(|step| step.strip_prefix('{')?.strip_suffix('}'));
    names
        .map(|name| parameters::of_path(name, operation.style).map_err(Mismatch::Parameter))
        .collect()
}

fn build(
    route: &Route,
    operation: &Operation,
    index: usize,
    of_path: Vec<Parameter>,
    known: &mut Responses,
) -> OperationBuilder {
    let mut responses = ResponsesBuilder::new();
    let repeats = (route.repeats == Repeats::AnswerFirst).then_some(AnswerHeader::Replayed);
    for answer in &operation.answers {
        let answer_headers = answer.headers.iter().copied().chain(repeats);
        let response = answered(answer, answer_headers);
        responses = responses.response(answer.status.to_string(), response);
    }
    for status in errors::statuses(operation, route.access) {
        let response = errors::response(known, operation, route.access, status);
        responses = responses.response(status.to_string(), response);
    }
    let words = security::in_words(route);
    let is_post = route
        .matches
        .iter()
        .any(|(method, _)| *method == Method::POST);
    let refuses_key = is_post && repeats.is_none();
    let repeating = refuses_key.then_some("`Idempotency-Key` is refused.");
    let about = [operation.about.as_str(), &words]
        .into_iter()
        .filter(|text| !text.is_empty())
        .chain(repeating);
    let about = about.collect::<Vec<_>>().join("\n\n");
    // The first of several methods and paths has the operation's own name.
    let id = match index {
        0 => route.binary.to_owned(),
        more => format!("{}-{}", route.binary, more + 1),
    };
    let parameters = of_path
        .into_iter()
        .chain(operation.parameters.clone())
        .chain(repeats.map(|_| parameters::idempotency_key()));
    let built = OperationBuilder::new()
        .tag(operation.tag)
        .summary(Some(operation.summary))
        .description(Some(about))
        .operation_id(Some(id))
        .request_body(operation.body.as_ref().map(request_body))
        .responses(responses.build())
        .securities(Some(security::requirements(route.access)));
    parameters.fold(built, OperationBuilder::parameter)
}

fn answered(answer: &Answer, headers: impl Iterator<Item = AnswerHeader>) -> ResponseBuilder {
    let mut response = ResponseBuilder::new()
        .description(answer.about)
        .header_ref(errors::REQUEST_ID, errors::request_id());
    for header in headers {
        response = response.header(header.name(), header.header());
    }
    let Some((media_type, part)) = &answer.content else {
        return response;
    };
    let mut content = ContentBuilder::new().schema(Some(part.clone()));
    if let Some(value) = &answer.example {
        let example = ExampleBuilder::new().value(Some(value.clone())).build();
        content = content.examples_from_iter([("example", example)]);
    }
    response.content(*media_type, content.build())
}

fn request_body(body: &Body) -> RequestBody {
    let required = if body.required {
        Required::True
    } else {
        Required::False
    };
    let mut request = RequestBodyBuilder::new().required(Some(required));
    for (media_type, part) in &body.content {
        let examples = body.examples.iter().map(|(name, value)| {
            let example = ExampleBuilder::new().value(Some(value.clone())).build();
            (*name, example)
        });
        let content = ContentBuilder::new()
            .schema(Some(part.clone()))
            .examples_from_iter(examples)
            .build();
        request = request.content(*media_type, content);
    }
    request.build()
}

fn http_method(method: &Method) -> Result<HttpMethod, Mismatch> {
    match *method {
        Method::GET => Ok(HttpMethod::Get),
        Method::POST => Ok(HttpMethod::Post),
        Method::PUT => Ok(HttpMethod::Put),
        Method::PATCH => Ok(HttpMethod::Patch),
        Method::DELETE => Ok(HttpMethod::Delete),
        _ => Err(Mismatch::Method(method.clone())),
    }
}
