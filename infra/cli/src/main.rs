//! `cargo run`: the whole API on this machine; and the commands that work
//! on a table: moving an organization to another one, migrating what an earlier build
//! wrote, and printing an audit log.

mod audit;
mod migrate;
mod progress;
mod sealing_key;
mod serve;
mod table_target;
mod transfer;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Run Roster's API locally, with an embedded DynamoDB engine.
#[derive(Debug, Parser)]
#[command(name = "roster", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::Serve,
}

#[derive(Debug, Subcommand)]
enum Command {
    Audit(audit::Audit),
    Export(transfer::Export),
    Import(transfer::Import),
    Migrate(migrate::Migrate),
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let ended = match &arguments.command {
        None => serve::run(&arguments.serve).await,
        Some(Command::Audit(audit)) => audit.run().await,
        Some(Command::Export(export)) => export.run().await,
        Some(Command::Import(import)) => import.run().await,
        Some(Command::Migrate(migrate)) => migrate.run().await,
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("roster: {error}");
            ExitCode::FAILURE
        }
    }
}
