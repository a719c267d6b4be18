//! Functions that run behind Lambda's API.

use roster_local::gateway::functions::{Functions, InvokeError};

/// Lambda's Invoke API at a URL that asks for no signature.
pub(crate) struct LambdaApi {
    url: String,
    http: reqwest::Client,
}

impl LambdaApi {
    pub(crate) fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            http: reqwest::Client::new(),
        }
    }
}

impl Functions for LambdaApi {
    async fn invoke(&self, function: &str, event: String) -> Result<String, InvokeError> {
        let url = format!("{}/2015-03-31/functions/{function}/invocations", self.url);
        let answer = self.http.post(url).body(event).send().await;
        let answer = answer.map_err(InvokeError::new)?;
        let status = answer.status();
        let failed = answer.headers().contains_key("x-amz-function-error");
        let payload = answer.text().await.map_err(InvokeError::new)?;
        if failed || !status.is_success() {
            return Err(InvokeError::new(format!("{function}: {status}: {payload}")));
        }
        Ok(payload)
    }
}
