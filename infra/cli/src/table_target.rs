//! Which table a command works on.

use std::{env, path::PathBuf};

use clap::Args;
use roster_local::{
    dynamodb::{
        data_folder::DataFolder,
        engine::{self, Engine},
    },
    setup,
};
use roster_runtime::function::aws;
use roster_store::{Table, dynamodb::schema};

/// Where the table is. Without `--data` and `--dynamodb-url`: on AWS, with the region
/// and credentials from the environment.
#[derive(Debug, Args)]
pub(crate) struct TableTarget {
    /// Name of the table. On AWS: the stack's output `TableName`. Locally: `roster`.
    #[arg(long)]
    table: Option<String>,
    /// Data folder of a local API that is not running.
    #[arg(long, conflicts_with = "dynamodb_url")]
    data: Option<PathBuf>,
    /// URL of another DynamoDB engine.
    #[arg(long)]
    dynamodb_url: Option<String>,
}

/// Why the table cannot be reached.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TargetError {
    #[error(
        "the environment has no {0}; `eval \"$(aws configure export-credentials --format env)\"` \
         and `export AWS_REGION=…` set what is needed. For a table that is not on AWS, name \
         --data or --dynamodb-url"
    )]
    NoAws(&'static str),
    #[error("name the table with --table: the stack's output TableName")]
    NoTable,
    #[error("{0} has no data of Roster")]
    NoData(PathBuf),
    #[error("the sealing key: {0}")]
    SealingKey(String),
}

/// The table, and what must live as long as it is used.
pub(crate) struct Opened {
    pub(crate) table: Table,
    local: Option<(Engine, DataFolder)>,
}

impl TableTarget {
    /// Opens the table; makes one in a data folder where that `is_target`.
    pub(crate) async fn open(&self, is_target: bool) -> Result<Opened, Box<dyn std::error::Error>> {
        let name = self.table.as_deref();
        if let Some(path) = &self.data {
            if !is_target && !DataFolder::has_data(path) {
                return Err(TargetError::NoData(path.clone()).into());
            }
            let folder = DataFolder::open(path)?;
            let engine = Engine::start(Some(&folder.database())).await?;
            let table = local_table(&engine.url(), name);
            if is_target {
                schema::create(table.client(), table.name()).await?;
            }
            return Ok(Opened {
                table,
                local: Some((engine, folder)),
            });
        }
        let table = match (&self.dynamodb_url, name) {
            (Some(url), name) => local_table(url, name),
            (None, Some(name)) => {
                needs_aws(None)?;
                let aws = aws::config(aws::https_client());
                Table::new(aws_sdk_dynamodb::Client::new(&aws), name)
            }
            (None, None) => return Err(TargetError::NoTable.into()),
        };
        Ok(Opened { table, local: None })
    }
}

/// A table of a local engine.
fn local_table(url: &str, name: Option<&str>) -> Table {
    let name = name.unwrap_or(setup::TABLE);
    Table::new(engine::client(url, name), name)
}

impl Opened {
    /// Lets what is under way finish.
    pub(crate) async fn close(self) {
        if let Some((engine, folder)) = self.local {
            engine.stop().await;
            drop(folder);
        }
    }
}

/// Holds the environment to what a call of AWS needs.
pub(crate) fn needs_aws(region: Option<&str>) -> Result<(), TargetError> {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        if !is_set(name) {
            return Err(TargetError::NoAws(name));
        }
    }
    if region.is_none() && !is_set("AWS_REGION") {
        return Err(TargetError::NoAws("AWS_REGION"));
    }
    Ok(())
}
