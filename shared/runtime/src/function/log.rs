//! The log: JSON lines, one per request. Never keys, passwords, tokens or
//! bodies; nor a path or a query as it was sent, since somebody may have put one
//! of them there.

use std::{
    io,
    panic::{self, PanicHookInfo},
};

use tracing::{Span, Subscriber};
use tracing_subscriber::{
    EnvFilter,
    fmt::{self, MakeWriter},
};

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For machines.
    Json,
    /// For people.
    Text,
}

/// Starts logging to standard output. `RUST_LOG` chooses what is logged;
/// `info` and worse when it is not set. Only the first call of a
/// process has an effect.
pub fn start(format: Format) {
    // An error means that the log was started before: nothing to do.
    if tracing::subscriber::set_global_default(to(format, io::stdout)).is_ok() {
        panic::set_hook(Box::new(log_panic));
    }
}

/// The span of one request or invocation. Whatever is logged in it has the id
/// that API Gateway or Lambda gave: a JSON line as `span.request_id`. It is there
/// whatever `RUST_LOG` chooses.
#[must_use]
pub fn request(request_id: &str) -> Span {
    tracing::error_span!("request", request_id)
}

/// What [`start`] logs with, to some other place.
pub fn to<W>(format: Format, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = fmt::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_writer(writer);
    match format {
        Format::Json => Box::new(
            builder
                .json()
                .flatten_event(true)
                .with_span_list(false)
                .finish(),
        ),
        Format::Text => Box::new(builder.compact().finish()),
    }
}

/// Says where a panic was, and no more than the code says itself: a message that
/// was made for the occasion may hold anything.
fn log_panic(panicked: &PanicHookInfo<'_>) {
    let place = panicked.location().map(ToString::to_string);
    let message = panicked.payload().downcast_ref::<&'static str>();
    tracing::error!(
        place = place.unwrap_or_default(),
        cause = message.copied().unwrap_or_default(),
        "panicked"
    );
}
