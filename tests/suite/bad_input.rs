//! What is wrong with a request is refused with a 4xx problem that names every
//! place, and never with a 5xx.

mod batches;
mod bodies;
mod events;
mod leaves;
mod queries;
mod rules;
mod syntax;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Client};

/// A refusal: of a request, or of one item of a batch.
#[derive(Debug)]
struct Refusal {
    status: u16,
    problem: Value,
}

impl Refusal {
    /// Of a request: everything that every problem has is checked here.
    fn of(answer: &Answer, what: &str) -> Self {
        let status = answer.status.as_u16();
        assert!(
            answer.status.is_client_error(),
            "{what}: {status} {}",
            answer.text
        );
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json"),
            "{what}"
        );
        let problem = answer.json();
        assert_eq!(
            problem["request_id"].as_str(),
            answer.header("apigw-requestid"),
            "{what}"
        );
        Self::of_problem(status, problem, what)
    }

    /// Of the only item of a batch.
    fn of_item(answer: &Answer, what: &str) -> Self {
        assert_eq!(answer.status, 207, "{what}: {}", answer.text);
        let entries = answer.json();
        assert_eq!(entries.as_array().unwrap().len(), 1, "{what}");
        let status = entries[0]["status"].as_u64().unwrap();
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
                let place = error[kind].as_str();
                let wrong = || panic!("{kind} of {}", self.problem);
                place.unwrap_or_else(wrong).to_owned()
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
    async fn refusal(&self, caller: &Client<'_>, body: &Value, what: &str) -> Refusal {
        let answer = self.send(caller, body).await;
        let what = format!("{}: {what}", self.what());
        if self.batch {
            Refusal::of_item(&answer, &what)
        } else {
            Refusal::of(&answer, &what)
        }
    }
}

/// A problem without places, such as a 404.
async fn refused(caller: &Client<'_>, method: Method, path: &str, body: Option<&Value>) -> Refusal {
    let answer = match body {
        Some(body) => {
            caller
                .send_json(method.clone(), path, &body.to_string())
                .await
        }
        None => caller.send(method.clone(), path, None, &[]).await,
    };
    Refusal::of(&answer, &format!("{method} {path} {}", json!(body)))
}
