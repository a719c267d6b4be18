//! Which route a request is for.

use std::collections::HashMap;

use hyper::Method;
use matchit::InsertError;
use percent_encoding::percent_decode_str;
use roster_runtime::{Access, Route};
use serde::Deserialize;

use super::functions::AUTHORIZER;
use crate::routes::routes;

/// A route as API Gateway has it: what a request has, and which functions answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayRoute {
    /// The method, in capitals.
    pub method: String,
    /// The path as API Gateway writes it: `/v2/users/{user_id}`. A last segment
    /// `{proxy+}` takes all that is left, also where that is nothing.
    pub path: String,
    /// The name of the function that answers.
    pub function: String,
    /// The name of the function that says who is let in. None: anybody.
    pub authorizer: Option<String>,
}

impl GatewayRoute {
    /// One for each method and path of an operation. Its functions are called as
    /// their binaries.
    pub fn of(route: &Route) -> impl Iterator<Item = Self> {
        let authorizer = (route.access != Access::Public).then(|| AUTHORIZER.to_owned());
        route.matches.iter().map(move |(method, path)| Self {
            method: method.to_string(),
            path: (*path).to_owned(),
            function: route.binary.to_owned(),
            authorizer: authorizer.clone(),
        })
    }

    /// What API Gateway calls it: `GET /v2/users/{user_id}`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// Finds the route of a request.
#[derive(Debug)]
pub struct Router {
    by_method: HashMap<String, Paths>,
}

/// The routes of one method. API Gateway takes one whose path ends where the
/// request's does before one that is greedy.
#[derive(Debug, Default)]
struct Paths {
    whole: matchit::Router<Entry>,
    greedy: matchit::Router<Entry>,
}

/// A route at one of the paths that it has in [`matchit`].
#[derive(Debug)]
struct Entry {
    route: GatewayRoute,
    /// A greedy parameter of which nothing is there.
    empty: Option<String>,
}

/// A route that was found.
#[derive(Debug)]
pub struct Found<'a> {
    /// The route.
    pub route: &'a GatewayRoute,
    /// What API Gateway calls it: `GET /v2/users/{user_id}`.
    pub key: String,
    /// The path's parameters, decoded.
    pub parameters: HashMap<String, String>,
}

impl Router {
    /// A router for these routes.
    ///
    /// # Errors
    /// When two of them are for the same method and path, or a path is none.
    pub fn new(routes: impl IntoIterator<Item = GatewayRoute>) -> Result<Self, InsertError> {
        let mut by_method: HashMap<String, Paths> = HashMap::new();
        for route in routes {
            let paths = by_method.entry(route.method.clone()).or_default();
            let path = route.path.clone();
            let Some((before, name)) = greedy(&path) else {
                paths.whole.insert(path, Entry { route, empty: None })?;
                continue;
            };
            let with_nothing = Entry {
                route: route.clone(),
                empty: Some(name.to_owned()),
            };
            paths.greedy.insert(before, with_nothing)?;
            let with_rest = Entry { route, empty: None };
            let path = format!("{before}{{*{name}}}");
            paths.greedy.insert(path, with_rest)?;
        }
        Ok(Self { by_method })
    }

    /// A router for every route of the API, as the packages declare them.
    ///
    /// # Errors
    /// As [`Router::new`].
    pub fn declared() -> Result<Self, InsertError> {
        Self::new(routes().into_iter().flat_map(GatewayRoute::of))
    }

    /// The route for a method and path, if there is one.
    #[must_use]
    pub fn find(&self, method: &Method, path: &str) -> Option<Found<'_>> {
        let paths = self.by_method.get(method.as_str())?;
        let found = paths.whole.at(path).or_else(|_| paths.greedy.at(path));
        let found = found.ok()?;
        let decode = |(name, value): (&str, &str)| {
            (
                name.to_owned(),
                percent_decode_str(value).decode_utf8_lossy().into_owned(),
            )
        };
        let mut parameters: HashMap<_, _> = found.params.iter().map(decode).collect();
        let Entry { route, empty } = found.value;
        parameters.extend(empty.iter().map(|name| (name.clone(), String::new())));
        Some(Found {
            route,
            key: route.key(),
            parameters,
        })
    }
}

/// A path that ends with a greedy parameter: what is before it, and its name.
fn greedy(path: &str) -> Option<(&str, &str)> {
    path.strip_suffix("+}")?.rsplit_once('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(path: &str) -> GatewayRoute {
        GatewayRoute {
            method: "GET".to_owned(),
            path: path.to_owned(),
            function: path.to_owned(),
            authorizer: None,
        }
    }

    #[test]
    fn the_route_that_says_most_is_found() {
        let paths = ["/users", "/users/{id}", "/users/batch", "/users/{proxy+}"];
        let router = Router::new(paths.map(route)).expect("a router");
        let found = |path: &str| {
            let found = router.find(&Method::GET, path)?;
            let mut parameters: Vec<_> = found.parameters.into_iter().collect();
            parameters.sort();
            Some((found.key, parameters))
        };
        for (path, key, parameters) in [
            ("/users", "GET /users", vec![]),
            ("/users/batch", "GET /users/batch", vec![]),
            ("/users/a%20b", "GET /users/{id}", vec![("id", "a b")]),
            ("/users/", "GET /users/{proxy+}", vec![("proxy", "")]),
            ("/users/1/2", "GET /users/{proxy+}", vec![("proxy", "1/2")]),
        ] {
            let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
            let parameters = parameters.into_iter().map(owned).collect();
            assert_eq!(found(path), Some((key.to_owned(), parameters)), "{path}");
        }
        assert_eq!(found("/teams"), None);
        assert!(router.find(&Method::POST, "/users").is_none());
    }

    #[test]
    fn two_routes_for_one_request_are_an_error() {
        assert!(Router::new(["/users/{id}", "/users/{name}"].map(route)).is_err());
        assert!(Router::new(["/users/{a+}", "/users/{b+}"].map(route)).is_err());
    }
}
