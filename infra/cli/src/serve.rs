//! `roster` without a command: the whole API on this machine.

use std::{fs, path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};
use jiff::SignedDuration;
use roster_domain::hooks::target::Targets;
use roster_local::{Follows, Options, Running, Storage, hooks_page, mail_page, setup, start};
use roster_runtime::function::log;
use serde_json::json;

/// How to serve.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Folder for the data. The data survives a restart.
    #[arg(long, default_value = "target/roster-data")]
    data: PathBuf,
    /// Keep the data in memory only.
    #[arg(long, conflicts_with = "data")]
    memory: bool,
    /// Port on 127.0.0.1. 0 for any free port.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// File to write when the API is ready: JSON with `url`, `admin_key`,
    /// `organization`, `organization_key`, `dynamodb_url` and `table`.
    #[arg(long)]
    ready_file: Option<PathBuf>,
    /// Seconds to cache the authorizer's responses.
    #[arg(long, default_value_t = 0)]
    authorizer_ttl: u64,
    /// Where webhooks and the addresses of calendars may lead: `public` as a deployment has it, or `any`.
    #[arg(long, value_enum, default_value_t = HookTargets::Any)]
    hook_targets: HookTargets,
    /// Read people's calendars before offering or booking times, where they were read longer than
    /// so many minutes ago.
    #[arg(long)]
    calendar_age: Option<u32>,
    /// Format of log lines.
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    log: LogFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum HookTargets {
    Public,
    Any,
}

/// Serves until it is asked to stop.
pub(crate) async fn run(arguments: &Serve) -> Result<(), Box<dyn std::error::Error>> {
    log::start(match arguments.log {
        LogFormat::Text => log::Format::Text,
        LogFormat::Json => log::Format::Json,
    });
    let options = Options {
        storage: if arguments.memory {
            Storage::Memory
        } else {
            Storage::Folder(arguments.data.clone())
        },
        port: arguments.port,
        authorizer_ttl: Duration::from_secs(arguments.authorizer_ttl),
        table: setup::TABLE.to_owned(),
        edge_secret_digest: None,
        follows: Follows::AtOnce,
        targets: match arguments.hook_targets {
            HookTargets::Public => Targets::Public,
            HookTargets::Any => Targets::Any,
        },
        calendar_age: arguments
            .calendar_age
            .map(|minutes| SignedDuration::from_mins(minutes.into())),
    };
    let running = start(&options).await?;
    greet(&running);
    if let Some(file) = &arguments.ready_file {
        let ready = json!({
            "url": running.url(),
            "admin_key": setup::ADMIN_KEY,
            "organization": setup::ORGANIZATION,
            "organization_key": setup::ORGANIZATION_KEY,
            "dynamodb_url": running.dynamodb_url,
            "table": options.table,
        });
        // Whoever waits for the file must never see half of it.
        let partial = file.with_extension("partial");
        fs::write(&partial, ready.to_string())?;
        fs::rename(&partial, file)?;
    }
    asked_to_stop().await?;
    eprintln!("Stopping.");
    running.stop().await;
    Ok(())
}

fn greet(running: &Running) {
    let (url, key) = (running.url(), setup::ORGANIZATION_KEY);
    eprintln!(
        "Roster serves {url}

  demo organization  {organization}
  its key            {key}
  operator's key     {admin}
  mail that it sends {url}{mail}
  webhook deliveries {url}{hooks}

Try:
  curl {url}/v2/users -H 'Authorization: {key}'
  curl {url}/v2/users -H 'Authorization: {key}' -H 'Content-Type: application/json' \\
    --data '{{\"user\": {{\"email\": \"jean.dupont@example.com\", \"first_name\": \"Jean\"}}}}'
  curl {url}/v2/teams -H 'Authorization: {key}' -H 'Content-Type: application/json' \\
    --data '{{\"extid\": \"2\", \"name\": \"sales\", \"members\": [{{\"email\": \"jean.dupont@example.com\"}}], \"public\": true}}'
",
        organization = setup::ORGANIZATION,
        admin = setup::ADMIN_KEY,
        mail = mail_page::PAGE,
        hooks = hooks_page::PAGE,
    );
}

/// Ctrl-C or SIGTERM.
async fn asked_to_stop() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
