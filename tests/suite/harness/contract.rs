//! Holds whatever the tests send and get to the OpenAPI document: an answer
//! that is not described fails the test that got it, and so does a body that is
//! accepted and not described.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use jsonschema::Validator;
use reqwest::{
    Method, StatusCode,
    header::{CONTENT_TYPE, HeaderMap},
};
use roster_local::{gateway::router::Router, routes};
use serde_json::{Value, json};

/// The document that the code makes, and what was compiled of it.
struct Contract {
    root: Value,
    router: Router,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let document = roster_openapi::document(&routes()).expect("a document");
    Contract {
        root: serde_json::to_value(document).unwrap(),
        router: Router::declared().unwrap(),
        validators: Mutex::default(),
    }
});

/// The document.
pub fn document() -> &'static Value {
    &CONTRACT.root
}

/// What was sent and what came back.
pub struct Exchange<'a> {
    pub method: &'a Method,
    pub path: &'a str,
    pub sent: Option<&'a [u8]>,
    pub sent_type: Option<&'a str>,
    pub status: StatusCode,
    pub headers: &'a HeaderMap,
    pub text: &'a str,
}

impl Exchange<'_> {
    /// Fails where the document does not say this.
    pub fn check(&self) {
        let path = self.path.split('?').next().unwrap_or_default();
        // What only this machine has is no operation.
        if path.starts_with("/_local/") {
            return;
        }
        // API Gateway alone answers what is no route.
        let Some(found) = CONTRACT.router.find(self.method, path) else {
            return;
        };
        let (method, template) = found.key.split_once(' ').unwrap();
        let operation = &CONTRACT.root["paths"][template][method.to_lowercase()];
        let what = format!("{} {}: {}", found.key, self.status, self.text);
        assert!(operation.is_object(), "not described: {what}");
        let status = self.status.as_str();
        let response = resolve(&operation["responses"][status]);
        assert!(
            response.is_object(),
            "a status that is not described: {what}"
        );
        self.check_headers(response, &what);
        self.check_body(&format!("{} {status}", found.key), response, &what);
        // An item of a batch that is not acceptable is told in its entry.
        if self.status.is_success() && self.status != StatusCode::MULTI_STATUS {
            self.check_request(&found.key, operation, &what);
        }
    }

    fn check_headers(&self, response: &Value, what: &str) {
        let described: Vec<_> = response["headers"]
            .as_object()
            .into_iter()
            .flat_map(|headers| headers.keys().map(|name| name.to_lowercase()))
            .collect();
        for name in ["link", "etag", "retry-after", "idempotent-replayed"] {
            let is_described = described.iter().any(|one| one == name);
            let is_there = self.headers.contains_key(name);
            assert!(is_described || !is_there, "{name} is not described: {what}");
        }
    }

    fn check_body(&self, name: &str, response: &Value, what: &str) {
        if self.status == StatusCode::NO_CONTENT {
            // A gateway may say of what type the nothing is.
            assert!(self.text.is_empty(), "a body: {what}");
            assert!(response.get("content").is_none(), "no body: {what}");
            return;
        }
        let media_type = self.headers.get(CONTENT_TYPE);
        let Some(media_type) = media_type.and_then(|value| value.to_str().ok()) else {
            assert!(response.get("content").is_none(), "no body: {what}");
            return;
        };
        let content = &response["content"][media_type];
        assert!(content.is_object(), "{media_type} is not described: {what}");
        if media_type.starts_with("text/") {
            return;
        }
        let value: Value = serde_json::from_str(self.text).expect("JSON");
        let validator = validator(&format!("{name} {media_type}"), || {
            let mut schema = content["schema"].clone();
            close(&mut schema);
            schema
        });
        assert_valid(&validator, &value, what);
    }

    fn check_request(&self, key: &str, operation: &Value, what: &str) {
        let body = self.sent.unwrap_or_default();
        let described = &operation["requestBody"];
        if body.is_empty() {
            assert!(described["required"] != true, "without a body: {what}");
            return;
        }
        if described.is_null() {
            return;
        }
        let media_type = self.sent_type.unwrap_or("application/json");
        let media_type = media_type.split(';').next().unwrap_or_default();
        let schema = &described["content"][media_type]["schema"];
        if media_type != "application/json" || schema.is_null() {
            return;
        }
        let sent = serde_json::from_slice(body).expect("JSON was accepted");
        let validator = validator(&format!("{key} takes"), || schema.clone());
        assert_valid(&validator, &sent, what);
    }
}

fn resolve(value: &'static Value) -> &'static Value {
    let reference = value["$ref"]
        .as_str()
        .and_then(|text| text.strip_prefix('#'));
    reference.map_or(value, |pointer| CONTRACT.root.pointer(pointer).unwrap())
}

/// A schema compiled with the components that it refers to.
pub fn validator(name: &str, schema: impl FnOnce() -> Value) -> Arc<Validator> {
    let mut validators = CONTRACT.validators.lock().unwrap();
    if let Some(known) = validators.get(name) {
        return Arc::clone(known);
    }
    let is_answer = !name.ends_with(" takes");
    let mut components = CONTRACT.root["components"].clone();
    if is_answer {
        close(&mut components["schemas"]);
    }
    let whole = json!({ "allOf": [schema()], "components": components });
    let made =
        jsonschema::draft202012::new(&whole).unwrap_or_else(|error| panic!("{name}: {error}"));
    let made = Arc::new(made);
    validators.insert(name.to_owned(), Arc::clone(&made));
    made
}

/// Clients ignore members that they do not know, so the document allows more
/// in answers. Here nothing may be there that is not described.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.values_mut().for_each(close);
            if object.contains_key("properties") && !object.contains_key("additionalProperties") {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(close),
        _ => {}
    }
}

fn assert_valid(validator: &Validator, value: &Value, what: &str) {
    let errors: Vec<_> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{what}");
}
