//! Sending through Amazon SES (API v2).

use std::{error::Error as _, time::Duration};

use aws_sdk_sesv2::{
    Client,
    config::{retry::RetryConfig, timeout::TimeoutConfig},
    error::{BuildError, ConnectorError, ProvideErrorMetadata, SdkError},
    operation::send_email::SendEmailError,
    primitives::Blob,
    types::{Body, Content, Destination, EmailContent, Message, RawMessage},
};
use aws_types::SdkConfig;
use hyper_util::client::legacy;
use roster_runtime::function::{app::ConfigError, aws, variable::Variable};

use crate::{render::Rendered, sender::Verdict};

/// Longest time until a connection is open.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Longest time that one call takes. After it nobody knows what came of it, so
/// it is long.
const CALL_TIMEOUT: Duration = Duration::from_secs(20);

/// Amazon SES, and the address that mails come from.
#[derive(Debug)]
pub struct Ses {
    client: Client,
    from: String,
}

impl Ses {
    /// From the function's environment: `MAIL_FROM`, the address that mails
    /// come from, and what [`aws::config`] reads.
    ///
    /// # Errors
    /// When `MAIL_FROM` is not set.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self::new(
            Variable::MailFrom.require()?,
            &aws::config(aws::https_client_without_reuse()),
        ))
    }

    /// SES, as `aws` says where it is and who calls.
    #[must_use]
    pub fn new(from: String, aws: &SdkConfig) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_timeout(CALL_TIMEOUT)
            .build();
        let config = aws_sdk_sesv2::config::Builder::from(aws)
            .timeout_config(timeouts)
            // Whether a call is made again is decided by what its outcome says
            // about the mail, not by what it says about the call.
            .retry_config(RetryConfig::disabled())
            .build();
        Self {
            client: Client::from_conf(config),
            from,
        }
    }

    /// Sends a mail, with one call.
    pub async fn send(&self, mail: &Rendered) -> Verdict {
        match self.call(mail).await {
            Ok(message_id) => Verdict::Accepted { message_id },
            Err(error) => verdict(&error),
        }
    }

    async fn call(&self, mail: &Rendered) -> Result<String, SdkError<SendEmailError>> {
        let content = match &mail.threaded {
            None => simple(mail).map_err(SdkError::construction_failure)?,
            Some(threaded) => {
                let message = mail.to_message(&self.from, threaded);
                let message = message.map_err(SdkError::construction_failure)?;
                let raw = RawMessage::builder().data(Blob::new(message)).build();
                let raw = raw.map_err(SdkError::construction_failure)?;
                EmailContent::builder().raw(raw).build()
            }
        };
        let sent = self
            .client
            .send_email()
            .from_email_address(&self.from)
            .destination(
                Destination::builder()
                    .to_addresses(mail.to.as_str())
                    .build(),
            )
            .content(content)
            .send()
            .await?;
        Ok(sent.message_id.unwrap_or_default())
    }
}

/// A mail of which SES makes the message.
fn simple(mail: &Rendered) -> Result<EmailContent, BuildError> {
    let content = |text: &str| Content::builder().charset("UTF-8").data(text).build();
    let body = Body::builder()
        .text(content(&mail.text)?)
        .html(content(&mail.html)?)
        .build();
    let message = Message::builder()
        .subject(content(&mail.subject)?)
        .body(body)
        .build();
    Ok(EmailContent::builder().simple(message).build())
}

/// What a failed call says about its mail. Only codes are kept: SES names
/// addresses in its messages.
fn verdict(error: &SdkError<SendEmailError>) -> Verdict {
    let named = |code: &str| code.to_owned();
    match error {
        SdkError::ConstructionFailure(_) => Verdict::Refused {
            code: named("not-a-request"),
        },
        SdkError::DispatchFailure(failure)
            if failure.as_connector_error().is_some_and(never_connected) =>
        {
            Verdict::Later {
                code: named("no-connection"),
            }
        }
        SdkError::DispatchFailure(_) => Verdict::Unknown {
            code: named("connection-lost"),
        },
        SdkError::TimeoutError(_) => Verdict::Unknown {
            code: named("timeout"),
        },
        SdkError::ServiceError(service) => {
            let status = service.raw().status().as_u16();
            let code = service.err().code();
            let code = code.map_or_else(|| format!("status-{status}"), str::to_owned);
            verdict_of(status, code)
        }
        _ => Verdict::Unknown {
            code: named("not-an-answer"),
        },
    }
}

/// What SES's answer says about the mail.
fn verdict_of(status: u16, code: String) -> Verdict {
    const LATER: [&str; 11] = [
        "TooManyRequestsException",
        "LimitExceededException",
        "ThrottlingException",
        "Throttling",
        "ServiceUnavailable",
        // Another request finds new credentials in the environment.
        "ExpiredTokenException",
        "ExpiredToken",
        // Of the account, and no word about the mail: whoever runs it can mend that.
        "AccessDeniedException",
        "AccountSuspendedException",
        "MailFromDomainNotVerifiedException",
        "SendingPausedException",
    ];
    match status {
        _ if LATER.contains(&code.as_str()) => Verdict::Later { code },
        408 | 429 | 500 | 503 => Verdict::Later { code },
        400..=499 => Verdict::Refused { code },
        // Something between here and SES answered, such as 502 or 504: it does
        // not know what SES made of the call.
        _ => Verdict::Unknown { code },
    }
}

/// Whether the connection was never open, so that nothing can have been sent.
fn never_connected(error: &ConnectorError) -> bool {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<legacy::Error>() {
            return error.is_connect();
        }
        source = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_later_never_or_nothing() {
        let verdict = |status, code: &str| verdict_of(status, code.to_owned());
        for (status, code) in [
            (429, "TooManyRequestsException"),
            (400, "LimitExceededException"),
            (400, "ThrottlingException"),
            (403, "ExpiredTokenException"),
            (403, "AccessDeniedException"),
            (400, "AccountSuspendedException"),
            (400, "MailFromDomainNotVerifiedException"),
            (400, "SendingPausedException"),
            (500, "InternalFailure"),
            (503, "status-503"),
        ] {
            let code = code.to_owned();
            assert_eq!(verdict(status, &code), Verdict::Later { code });
        }
        for (status, code) in [
            (400, "MessageRejected"),
            (400, "BadRequestException"),
            (404, "NotFoundException"),
            (413, "status-413"),
        ] {
            let code = code.to_owned();
            assert_eq!(verdict(status, &code), Verdict::Refused { code });
        }
        for (status, code) in [
            (502, "status-502"),
            (504, "status-504"),
            (200, "status-200"),
        ] {
            let code = code.to_owned();
            assert_eq!(verdict(status, &code), Verdict::Unknown { code });
        }
    }
}
