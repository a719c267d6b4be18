//! What a journey was answered, with what differs from one to the next masked.

use regex::Regex;
use reqwest::{Method, StatusCode};
use roster_domain::access::secret;
use serde_json::{Value, json};

use crate::harness::{Answer, Client};

/// The steps of a journey.
pub struct Journal {
    /// A step: what was asked and what was answered, masked.
    pub steps: Vec<String>,
    /// Every method and path that was called.
    pub calls: Vec<(Method, String)>,
    /// The round trips to DynamoDB of each call, where the API tells.
    pub round_trips: Vec<(Method, String, u32)>,
    url: String,
    domain: String,
    masks: Vec<(Regex, &'static str)>,
}

impl Journal {
    pub fn new(url: String) -> Self {
        let mask = |(pattern, name)| (Regex::new(pattern).unwrap(), name);
        let masks = [
            (r"rstr_[a-z]{3}_[0-9a-f]{24}_\w+", "<key>"),
            (r#""request_id":"[^"]*""#, r#""request_id":"<id>""#),
            // Where a schedule asks for calendars, one may have been asked for meanwhile.
            (
                r#""access_broken":true,"access_broken_since":"[^"]*","access_error":"[^"]*""#,
                r#""access_broken":false"#,
            ),
            (r#""password":"[^"]*""#, r#""password":"<password>""#),
            (r"/signup/[0-9A-Za-z]+", "/signup/<token>"),
            (r"alias_web_\w+", "<alias>"),
            (r"reply-to-participants-to-[\w.@-]+", "<reply address>"),
            (r"\b[0-9a-f]{24}\b", "<id>"),
            // In calendars: at the domain that answers go to.
            (r"UID:<id>@[\w.-]+", "UID:<id>@<domain>"),
            // The keys of an event's key_store.
            (r#""<id>":"\w{46}""#, r#""<id>":"<secret>""#),
            (r#""key":"\w{46}""#, r#""key":"<secret>""#),
            (r"k=\w{46,}", "k=<secret>"),
            (r"whsec_[\w+/=]+", "<secret>"),
            // What makes a form the one that it is.
            (
                r#"name="token" value="\w+""#,
                r#"name="token" value="<token>""#,
            ),
            (r"msg_[0-9a-f]{24}", "<message>"),
            // As calendars have it.
            (r"\b202\d{5}T\d{6}Z", "<time>"),
            // Bookings lie beyond, and are compared.
            (
                r"\b202\d-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\.\d+)?Z?)?",
                "<time>",
            ),
            (
                r#""(_?id|org_id|number)":("?)\d+("?)"#,
                r#""$1":$2<number>$3"#,
            ),
            (r"/(user|users|org|resetUserPassword)/\d+", "/$1/<number>"),
            (r"org_id=\d+", "org_id=<number>"),
        ];
        Self {
            steps: Vec::new(),
            calls: Vec::new(),
            round_trips: Vec::new(),
            url,
            domain: format!(
                "{}.journey.example",
                secret::random_base62(12).to_lowercase()
            ),
            masks: masks.map(mask).into(),
        }
    }

    /// An address, and a name to log in with, that no other journey has taken.
    pub fn address(&self, name: &str) -> String {
        format!("{name}@{}", self.domain)
    }

    /// A call that is not compared, because the answer shows what others made.
    pub fn called(&mut self, method: &Method, path: &str, answer: &Answer) {
        let path = path.split('?').next().unwrap_or_default();
        self.calls.push((method.clone(), path.to_owned()));
        // That somebody was refused is noted besides.
        let is_refused = answer.status == StatusCode::FORBIDDEN;
        if let Some(cost) = answer.known_cost().filter(|_| !is_refused) {
            let call = (method.clone(), path.to_owned(), cost.round_trips);
            self.round_trips.push(call);
        }
    }

    fn mask(&self, text: &str) -> String {
        let text = text.replace(&self.url, "<url>");
        let text = text.replace(&self.domain, "<domain>");
        self.masks.iter().fold(text, |text, (mask, name)| {
            mask.replace_all(&text, *name).into_owned()
        })
    }

    /// Holds an answer to its status and writes the step down.
    pub fn note(&mut self, method: Method, path: &str, answer: &Answer, status: u16) -> Value {
        let what = format!("{method} {path}");
        assert_eq!(answer.status, status, "{what}: {}", answer.text);
        // A gateway may say of what type the nothing of a 204 is.
        let media_type = answer.header("content-type").filter(|_| status != 204);
        let media_type = media_type.unwrap_or("none");
        // `sam local` ends what it answers by itself with a line break.
        let body = answer.text.trim_end();
        let step = format!("{what} -> {status} {media_type} {body}");
        let step = self.mask(&step);
        self.steps.push(step);
        self.called(&method, path, answer);
        serde_json::from_str(&answer.text).unwrap_or(Value::Null)
    }

    pub async fn get(&mut self, client: &Client<'_>, path: &str, status: u16) -> Value {
        let answer = client.get(path).await;
        self.note(Method::GET, path, &answer, status)
    }

    /// Calls with a key that the authorizer refuses. The body is not compared:
    /// `sam local` has a text of its own for it.
    pub async fn forbidden(&mut self, client: &Client<'_>, path: &str) {
        let answer = client.get(path).await;
        assert_eq!(answer.status, 403, "{path}: {}", answer.text);
        let message = answer.json()["message"].clone();
        assert!(message.is_string(), "{path}: {}", answer.text);
        self.steps.push(format!("GET {path} -> 403"));
    }

    /// Calls what is no operation. The body is not compared: the answer is the
    /// gateway's own, or of the function whose list the path begins with.
    pub async fn not_found(&mut self, client: &Client<'_>, path: &str) {
        let answer = client.get(path).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text);
        self.steps.push(format!("GET {path} -> 404"));
    }

    pub async fn delete(&mut self, client: &Client<'_>, path: &str, status: u16) -> Value {
        let answer = client.delete(path).await;
        self.note(Method::DELETE, path, &answer, status)
    }

    pub async fn post(
        &mut self,
        client: &Client<'_>,
        path: &str,
        body: &Value,
        status: u16,
    ) -> Value {
        self.send(client, Method::POST, path, body, status).await
    }

    pub async fn put(
        &mut self,
        client: &Client<'_>,
        path: &str,
        body: &Value,
        status: u16,
    ) -> Value {
        self.send(client, Method::PUT, path, body, status).await
    }

    pub async fn patch(&mut self, client: &Client<'_>, path: &str, body: &Value) -> Value {
        self.send(client, Method::PATCH, path, body, 200).await
    }

    async fn send(
        &mut self,
        client: &Client<'_>,
        method: Method,
        path: &str,
        body: &Value,
        status: u16,
    ) -> Value {
        let body = body.to_string();
        let answer = client.send_json(method.clone(), path, &body).await;
        self.note(method, path, &answer, status)
    }

    /// Posts an empty object.
    pub async fn post_nothing(&mut self, client: &Client<'_>, path: &str) -> Value {
        self.post(client, path, &json!({}), 200).await
    }
}
