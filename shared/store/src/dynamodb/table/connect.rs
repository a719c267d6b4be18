//! Opening a connection before there is a request for it.

use aws_sdk_dynamodb::config::{Builder, retry::RetryConfig};

use crate::Table;

/// Where DynamoDB says that it is well. It asks for no right, costs nothing and is in no
/// trail.
const HEALTH: &str = "/ping";

impl Table {
    /// Opens the connection that the first request then finds: address, TCP, TLS. While a
    /// function begins, that costs no caller anything. Where it fails, the first request
    /// opens its own.
    pub async fn connect(&self) {
        let once = Builder::new().retry_config(RetryConfig::disabled());
        let asked = self.client.describe_endpoints().customize();
        let asked = asked.config_override(once).mutate_request(|request| {
            let uri = request.uri();
            let origin = match uri.strip_suffix('/') {
                Some(origin) => origin.to_owned(),
                None => uri.to_owned(),
            };
            // What cannot be asked like this is asked as it is, and refused.
            if request.set_uri(format!("{origin}{HEALTH}")).is_ok() {
                let _ = request.set_method("GET");
                request.headers_mut().remove("x-amz-target");
            }
        });
        // Whatever it is that it answers: it has answered.
        let _ = asked.send().await;
    }
}
