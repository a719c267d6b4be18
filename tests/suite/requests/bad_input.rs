//! What is wrong with a request is refused with a 4xx problem that names every
//! place, and never with a 5xx.

mod batches;
mod bodies;
mod event_lists;
mod event_rules;
mod events;
mod leaves;
mod queries;
mod rules;
mod syntax;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, ErrorStyle, fixtures::Fields};

/// An error that answers a request, or one item of a batch.
#[derive(Debug)]
struct ErrorAnswer {
    status: u16,
    problem: Value,
}

impl ErrorAnswer {
    /// Of a request for a path: everything that every error of the surface has
    /// is checked here.
    fn of(path: &str, answer: &Answer, what: &str) -> Self {
        let style = ErrorStyle::of(path);
        let status = answer.status.as_u16();
        assert!(
            answer.status.is_client_error(),
            "{what}: {status} {}",
            answer.text
        );
        assert_eq!(
            answer.header("content-type"),
            Some(style.media_type()),
            "{what}"
        );
        let problem = answer.json();
        if style != ErrorStyle::Problem {
            return Self::of_text(style, status, &problem, what);
        }
        assert_eq!(
            problem["request_id"].as_str(),
            answer.header("apigw-requestid"),
            "{what}"
        );
        Self::of_problem(status, problem, what)
    }

    /// On a surface whose errors are one text: told as a problem, so that the
    /// same is asked of both.
    fn of_text(style: ErrorStyle, status: u16, error: &Value, what: &str) -> Self {
        let (text, whole) = if style == ErrorStyle::Accounts {
            let text = &error["message"];
            let whole = json!({ "error": true, "message": text, "statusCode": status });
            (text, whole)
        } else {
            (&error["error"], json!({ "error": error["error"] }))
        };
        assert_eq!(*error, whole, "{what}");
        let text = text.as_str().unwrap_or_else(|| panic!("{what}: {error}"));
        let names_places = status == 400 || status == 422;
        let errors: Vec<_> = if names_places {
            text.split("; ").map(place_in_text).collect()
        } else {
            Vec::new()
        };
        let problem = json!({ "title": "?", "detail": text, "status": status, "errors": errors });
        Self::of_problem(status, problem, what)
    }

    /// Of the only item of a batch.
    fn of_item(answer: &Answer, what: &str) -> Self {
        assert_eq!(answer.status, 207, "{what}: {}", answer.text);
        let entries = answer.json();
        assert_eq!(entries.as_array().unwrap().len(), 1, "{what}");
        let status = entries[0].number("status");
        assert!((400..500).contains(&status), "{what}: {entries}");
        let status = u16::try_from(status).unwrap();
        Self::of_problem(status, entries[0]["error"].clone(), what)
    }

    fn of_problem(status: u16, problem: Value, what: &str) -> Self {
        assert_eq!(problem["status"], status, "{what}: {problem}");
        for name in ["title", "detail"] {
            let text = problem[name].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{what}: {name} of {problem}");
        }
        // 400 and 422 are about places in the request.
        if status == 400 || status == 422 {
            assert!(!errors(&problem).is_empty(), "{what}: {problem}");
        }
        for error in errors(&problem) {
            let detail = error["detail"].as_str().unwrap_or_default();
            assert!(!detail.is_empty(), "{what}: {problem}");
        }
        Self { status, problem }
    }

    /// The places that are named, in order.
    fn places(&self, kind: &str) -> Vec<String> {
        let mut places: Vec<_> = errors(&self.problem)
            .iter()
            .map(|error| {
                let location = error[kind].as_str();
                let wrong = || panic!("{kind} of {}", self.problem);
                location.unwrap_or_else(wrong).to_owned()
            })
            .collect();
        places.sort();
        places
    }

    /// The places in the body that are named, in order.
    fn pointers(&self) -> Vec<String> {
        self.places("pointer")
    }
}

/// A violation as a text tells it: the place, a blank, what is wrong.
fn place_in_text(text: &str) -> Value {
    for (kind, before) in [
        ("parameter", "the query parameter "),
        ("path_parameter", "the path parameter "),
        ("header", "the header "),
    ] {
        if let Some(rest) = text.strip_prefix(before) {
            let (name, detail) = rest.split_once(' ').expect("a name and a detail");
            return json!({ kind: name, "detail": detail });
        }
    }
    for (before, pointer) in [("the body ", ""), ("the field without a name ", "/")] {
        if let Some(detail) = text.strip_prefix(before) {
            return json!({ "pointer": pointer, "detail": detail });
        }
    }
    let (field, detail) = text.split_once(' ').expect("a field and a detail");
    let pointer = format!("/{}", field.replace('.', "/"));
    json!({ "pointer": pointer, "detail": detail })
}

fn errors(problem: &Value) -> &[Value] {
    problem["errors"].as_array().map_or(&[], Vec::as_slice)
}

/// A request that writes, with a body that uses every field it can have.
#[derive(Debug, Clone)]
struct Write {
    /// Which body this is, where a route has more than one.
    name: &'static str,
    method: Method,
    path: String,
    body: Value,
    /// Whether the body is an item of a batch.
    batch: bool,
    /// Whether the operator alone may send it.
    operator: bool,
    /// Whether the body may be missing.
    optional: bool,
    /// The status that the body gets.
    accepted: u16,
}

impl Write {
    fn what(&self) -> String {
        format!("{} {} ({})", self.method, self.path, self.name)
    }

    fn caller<'a>(&self, organization: &Client<'a>, operator: &Client<'a>) -> Client<'a> {
        if self.operator {
            operator
        } else {
            organization
        }
        .clone()
    }

    /// Sends a body in place of the valid one.
    async fn send(&self, caller: &Client<'_>, body: &Value) -> Answer {
        let body = if self.batch {
            json!([body])
        } else {
            body.clone()
        };
        let body = body.to_string();
        caller
            .send_json(self.method.clone(), &self.path, &body)
            .await
    }

    /// Sends a body that must be refused.
    async fn refusal(&self, caller: &Client<'_>, body: &Value, what: &str) -> ErrorAnswer {
        let answer = self.send(caller, body).await;
        let what = format!("{}: {what}", self.what());
        if self.batch {
            ErrorAnswer::of_item(&answer, &what)
        } else {
            ErrorAnswer::of(&self.path, &answer, &what)
        }
    }
}

/// A refusal of a request that does not come from a list of bodies.
async fn refused(
    caller: &Client<'_>,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> ErrorAnswer {
    let answer = match body {
        Some(body) => {
            caller
                .send_json(method.clone(), path, &body.to_string())
                .await
        }
        None => caller.send(method.clone(), path, None, &[]).await,
    };
    let what = format!("{method} {path} {}", json!(body));
    ErrorAnswer::of(path, &answer, &what)
}

/// Writes with every operation that takes a body, every field in it.
pub async fn write_everything(api: &Api) {
    for write in bodies::writes(api).await {
        let caller = write.caller(&api.organization(), &api.operator());
        let answer = write.send(&caller, &write.body).await;
        let what = write.what();
        assert_eq!(answer.status, write.accepted, "{what}: {}", answer.text);
        if write.batch {
            let done = answer.json()[0].number("status");
            assert!([200, 201].contains(&done), "{what}: {}", answer.text);
        }
    }
}
