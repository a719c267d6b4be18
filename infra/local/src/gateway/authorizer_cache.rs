//! The authorizer's answers, kept for as long as API Gateway keeps them.

use std::{
    collections::HashMap,
    sync::Mutex,
    time::{Duration, Instant},
};

use serde_json::Value;

/// Answers by identity source. None: refused.
#[derive(Debug)]
pub struct AuthorizerCache {
    time_to_live: Duration,
    answers: Mutex<HashMap<String, (Instant, Option<Value>)>>,
}

impl AuthorizerCache {
    /// A cache whose answers live this long; zero for none at all.
    #[must_use]
    pub fn new(time_to_live: Duration) -> Self {
        Self {
            time_to_live,
            answers: Mutex::default(),
        }
    }

    /// The answer to an identity, where one is kept.
    #[must_use]
    pub fn get(&self, identity: &str) -> Option<Option<Value>> {
        let answers = self.answers.lock().ok()?;
        let (since, answer) = answers.get(identity)?;
        (since.elapsed() < self.time_to_live).then(|| answer.clone())
    }

    /// Keeps an answer, and forgets those that are too old.
    pub fn put(&self, identity: &str, answer: Option<Value>) {
        if self.time_to_live.is_zero() {
            return;
        }
        if let Ok(mut answers) = self.answers.lock() {
            answers.retain(|_, (since, _)| since.elapsed() < self.time_to_live);
            answers.insert(identity.to_owned(), (Instant::now(), answer));
        }
    }
}
