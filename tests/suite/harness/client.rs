//! Calling an API as different callers.

use std::{io::Read as _, net::IpAddr};

use flate2::read::GzDecoder;
use reqwest::Method;
use serde_json::Value;

use super::{Answer, Api, contract::Exchange};

/// Who calls.
#[derive(Clone)]
pub struct Client<'a> {
    pub(super) api: &'a Api,
    pub(super) key: Option<String>,
    pub(super) http: reqwest::Client,
}

impl Client<'_> {
    /// The same caller at another address: all of 127.0.0.0/8 is this machine.
    pub fn at_address(&self, address: &str) -> Self {
        let address: IpAddr = address.parse().expect("an address");
        let http = reqwest::Client::builder()
            .local_address(address)
            .redirect(reqwest::redirect::Policy::none());
        Self {
            api: self.api,
            key: self.key.clone(),
            http: http.build().expect("a client"),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, &[]).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, &[]).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send_json(Method::POST, path, &body.to_string()).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send_json(Method::PUT, path, &body.to_string()).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send_json(Method::PATCH, path, &body.to_string()).await
    }

    /// Posts nothing.
    pub async fn post_nothing(&self, path: &str) -> Answer {
        self.send(Method::POST, path, None, &[]).await
    }

    pub async fn send_json(&self, method: Method, path: &str, body: &str) -> Answer {
        let json = [("content-type", "application/json")];
        self.send(method, path, Some(body.as_bytes().to_vec()), &json)
            .await
    }

    pub async fn send_form(&self, method: Method, path: &str, form: &str) -> Answer {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.send(method, path, Some(form.as_bytes().to_vec()), &headers)
            .await
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let url = format!("{}{path}", self.api.url());
        let mut request = self.http.request(method.clone(), url);
        request = request.header("x-roster-cost", "1");
        if let Some(key) = &self.key {
            request = request.header("authorization", key);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = &body {
            request = request.body(body.clone());
        }
        let response = request.send().await.expect("the gateway answers");
        let (status, answered) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await.expect("the answer is whole");
        let received = bytes.len();
        let mut text = String::new();
        let read = match answered.get("content-encoding") {
            Some(_) => GzDecoder::new(&*bytes).read_to_string(&mut text),
            None => (&*bytes).read_to_string(&mut text),
        };
        read.expect("the answer is text");
        let url = self.api.url();
        let answer = Answer {
            status,
            headers: answered,
            text,
            received,
            request: format!("{method} {path}"),
            url,
        };
        // `sam local` has none, and the local mailbox is no operation.
        if self.api.runs_here() && !path.starts_with("/_local/") {
            assert!(answer.headers.contains_key("apigw-requestid"), "{path}");
        }
        let sent_type = headers.iter().find(|(name, _)| *name == "content-type");
        Exchange {
            method: &method,
            path,
            sent: body.as_deref(),
            sent_type: sent_type.map(|(_, value)| *value),
            status: answer.status,
            headers: &answer.headers,
            text: &answer.text,
        }
        .check();
        answer
    }

    /// Every page of a list, following `Link`, `limit` things at a time.
    pub async fn list_all(&self, path: &str, limit: usize) -> Vec<Value> {
        let mut all = Vec::new();
        let mut next = Some(format!(
            "{path}{}limit={limit}",
            if path.contains('?') { '&' } else { '?' }
        ));
        while let Some(path) = next {
            let page = self.get(&path).await.ok();
            all.extend(page.json().as_array().unwrap().clone());
            next = page.next_link();
        }
        all
    }
}
