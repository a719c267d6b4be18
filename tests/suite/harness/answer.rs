//! What an API answers, and how it tells what is wrong.

use reqwest::{StatusCode, header::HeaderMap};
use serde_json::Value;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The body; where it came compressed, what was compressed.
    pub text: String,
    /// How many bytes of it came.
    pub received: usize,
    /// What it answers, for whoever reads why a test fails.
    pub request: String,
    /// Where the API is.
    pub(super) url: String,
}

/// What a request cost at DynamoDB.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    pub round_trips: u32,
    pub calls: u32,
    pub read: f64,
    pub write: f64,
}

/// How a surface tells what is wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorStyle {
    /// Problem details (`/v2`).
    Problem,
    /// `{"error": true, "message", "statusCode"}`.
    Accounts,
    /// `{"error"}`.
    Directory,
    /// A page for a browser.
    Page,
}

impl ErrorStyle {
    /// The style of the surface that a path belongs to.
    pub fn of(path: &str) -> Self {
        if path.starts_with("/api/v1/") {
            Self::Directory
        } else if path.starts_with("/api/v2/") {
            Self::Accounts
        } else if ["/v2/", "/hooks", "/docs", "/openapi.json"]
            .iter()
            .any(|api| path.starts_with(api))
        {
            Self::Problem
        } else {
            Self::Page
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Problem => "application/problem+json",
            Self::Accounts | Self::Directory => "application/json",
            Self::Page => "text/html; charset=utf-8",
        }
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{} is not JSON: {error}", self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The path and query that `Link` leads to, which is in the API.
    pub fn next_link(&self) -> Option<String> {
        let link = self.header("link")?;
        let target = link.strip_prefix('<')?.strip_suffix(">; rel=\"next\"")?;
        let path = target.strip_prefix(&self.url);
        Some(path.expect("a link leads to the API").to_owned())
    }

    /// The JSON pointers, parameters and the like that a problem names.
    pub fn places(&self) -> Vec<String> {
        let body = self.json();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        let place = |error: &Value| {
            let names = ["pointer", "parameter", "path_parameter", "header"];
            let place = names.iter().find_map(|name| error[*name].as_str());
            place.expect("an error names its place").to_owned()
        };
        errors.iter().map(place).collect()
    }

    pub fn cost(&self) -> Cost {
        self.known_cost().expect("the answer says what it cost")
    }

    /// The same; none where the API does not tell, as it does on this machine alone.
    pub fn known_cost(&self) -> Option<Cost> {
        let text = self.header("x-roster-cost")?;
        let value = |name: &str| {
            let mut parts = text.split(' ').filter_map(|part| part.split_once('='));
            parts.find(|(key, _)| *key == name).expect(name).1
        };
        Some(Cost {
            round_trips: value("round_trips").parse().unwrap(),
            calls: value("calls").parse().unwrap(),
            read: value("read").parse().unwrap(),
            write: value("write").parse().unwrap(),
        })
    }
}
