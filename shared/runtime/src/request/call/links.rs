//! Where the API is, and the links that its answers and mails have.

use roster_store::users::invite::SignupLinks;

use super::Call;
use crate::request::gateway::context;

impl<'a> Call<'a> {
    /// Where the API is, without a slash at the end: as it was configured, or the
    /// domain that it has of itself. Nothing that the request claims, `Host`
    /// neither, says where a link leads.
    #[must_use]
    pub fn base_url(&self) -> String {
        if let Some(url) = &self.app.public_url {
            return url.clone();
        }
        let domain = context(self.request)
            .and_then(|context| context.domain_name.as_deref())
            .unwrap_or("localhost");
        format!("https://{domain}{}", self.stage_prefix())
    }

    /// The path that the request is for, as it is behind [`Call::base_url`].
    #[must_use]
    pub fn path(&self) -> &str {
        let path = self.request.uri().path();
        let rest = path.strip_prefix(&self.stage_prefix());
        rest.filter(|rest| rest.starts_with('/')).unwrap_or(path)
    }

    /// What comes before every path of a stage that has a name.
    fn stage_prefix(&self) -> String {
        match context(self.request).and_then(|context| context.stage.as_deref()) {
            None | Some("" | "$default") => String::new(),
            Some(stage) => format!("/{stage}"),
        }
    }

    /// What the token is put behind in a link to finish a sign-up.
    #[must_use]
    pub fn signup_base(&self) -> String {
        format!("{}/signup/", self.base_url())
    }

    /// The links to finish a sign-up, as this deployment makes them.
    #[must_use]
    pub fn signup_links(&self) -> SignupLinks<'a> {
        SignupLinks {
            base: self.signup_base(),
            sealer: &self.app.sealer,
            are_mailed: self.app.sends_mail,
        }
    }

    /// Where users find their pages.
    #[must_use]
    pub fn app_url(&self) -> String {
        self.app.app_url.clone().unwrap_or_else(|| self.base_url())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use roster_store::{Table, mail::seal::Sealer};
    use serde_json::json;

    use lambda_http::Request;

    use super::*;
    use crate::{App, request::event::Event};

    pub(crate) fn app(public_url: Option<&str>) -> App {
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
            .http_client(crate::function::aws::https_client())
            .build();
        let client = aws_sdk_dynamodb::Client::from_conf(config);
        App {
            table: Table::new(client, "roster"),
            clock: crate::Clock::default(),
            sealer: Sealer::Local(secrecy::SecretBox::new(Box::new([0; 32]))),
            public_url: public_url.map(str::to_owned),
            app_url: None,
            edge: None,
            reply_domain: String::new(),
            targets: roster_domain::hooks::target::Targets::Public,
            change_days: crate::function::app::CHANGE_DAYS,
            audit_days: crate::function::app::AUDIT_DAYS,
            calendar_age: None,
            calendar_reader: None,
            sends_mail: false,
            expose_cost: false,
        }
    }

    fn request(stage: &str, path: &str) -> Request {
        let event: Event = serde_json::from_value(json!({
            "rawPath": path,
            "headers": {
                "host": "evil.example",
                "forwarded": "host=evil.example;proto=http",
                "x-forwarded-host": "evil.example",
                "x-forwarded-proto": "http",
            },
            "requestContext": {
                "domainName": "api.example.com",
                "http": { "method": "GET" },
                "stage": stage,
            },
        }))
        .expect("an event");
        event.into_request()
    }

    #[test]
    fn a_link_leads_to_the_apis_own_address_whatever_the_request_claims() {
        for (public_url, stage, path, leads_to) in [
            (
                None,
                "$default",
                "/v2/users",
                "https://api.example.com/v2/users",
            ),
            (
                None,
                "prod",
                "/prod/v2/users",
                "https://api.example.com/prod/v2/users",
            ),
            (
                None,
                "prod",
                "/v2/users",
                "https://api.example.com/prod/v2/users",
            ),
            (
                None,
                "v2",
                "/v2/v2/users",
                "https://api.example.com/v2/v2/users",
            ),
            (
                Some("https://roster.example"),
                "$default",
                "/v2/users",
                "https://roster.example/v2/users",
            ),
            (
                Some("https://roster.example/a"),
                "prod",
                "/prod/v2/users",
                "https://roster.example/a/v2/users",
            ),
        ] {
            let (app, request) = (app(public_url), request(stage, path));
            let call = Call::new(&app, &request);
            assert_eq!(format!("{}{}", call.base_url(), call.path()), leads_to);
        }
    }
}
