//! Which route a request is for.

use std::collections::HashMap;

use hyper::Method;
use percent_encoding::percent_decode_str;
use roster_runtime::Route;

/// The routes of every package, by method and path.
#[derive(Debug)]
pub struct Router {
    by_method: HashMap<Method, matchit::Router<Matched>>,
}

#[derive(Debug, Clone, Copy)]
struct Matched {
    route: &'static Route,
    template: &'static str,
}

/// A route that was found.
#[derive(Debug)]
pub struct Found {
    /// The route.
    pub route: &'static Route,
    /// What API Gateway calls it: `GET /v2/users/{user_id}`.
    pub key: String,
    /// The path's parameters, decoded.
    pub parameters: HashMap<String, String>,
}

/// Every route of the API.
#[must_use]
pub fn routes() -> Vec<&'static Route> {
    [
        roster_scheduling::routes::ROUTES,
        roster_accounts::routes::ROUTES,
        roster_directory::routes::ROUTES,
        roster_reference::routes::ROUTES,
    ]
    .concat()
}

impl Router {
    /// A router for these routes.
    ///
    /// # Errors
    /// When two of them are for the same method and path.
    pub fn new(routes: &[&'static Route]) -> Result<Self, matchit::InsertError> {
        let mut by_method: HashMap<Method, matchit::Router<Matched>> = HashMap::new();
        for route in routes {
            for (method, template) in route.matches {
                by_method
                    .entry(method.clone())
                    .or_default()
                    .insert(*template, Matched { route, template })?;
            }
        }
        Ok(Self { by_method })
    }

    /// The route for a method and path, if there is one.
    #[must_use]
    pub fn find(&self, method: &Method, path: &str) -> Option<Found> {
        let found = self.by_method.get(method)?.at(path).ok()?;
        let decode = |(name, value): (&str, &str)| {
            (
                name.to_owned(),
                percent_decode_str(value).decode_utf8_lossy().into_owned(),
            )
        };
        Some(Found {
            route: found.value.route,
            key: format!("{method} {}", found.value.template),
            parameters: found.params.iter().map(decode).collect(),
        })
    }
}
