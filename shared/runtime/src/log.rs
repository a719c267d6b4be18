//! The log: JSON lines, one per request. Never keys, passwords, tokens or
//! bodies.

use tracing_subscriber::{EnvFilter, fmt};

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
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = fmt().with_env_filter(filter).with_target(false);
    // An error means that the log was started before: nothing to do.
    let _ = match format {
        Format::Json => builder
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .try_init(),
        Format::Text => builder.compact().try_init(),
    };
}
