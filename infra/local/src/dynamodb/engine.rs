//! The embedded DynamoDB engine: dynoxide, spoken to over loopback HTTP by the
//! same SDK that speaks to AWS.

use std::{io, net::SocketAddr, path::Path};

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use dynoxide::{Database, server};
use roster_domain::access::secret;
use rusqlite::{Connection, params};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::recorder::Recorder;

/// How long a stream keeps its records on AWS: a day, in seconds.
const STREAM_SECONDS: i64 = 24 * 60 * 60;

/// A running engine. Stops when it is dropped or told to.
#[derive(Debug)]
pub struct Engine {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl Engine {
    /// Starts an engine whose data is in a file, or nowhere.
    ///
    /// # Errors
    /// When the file cannot be opened or no port is free.
    pub async fn start(file: Option<&Path>) -> io::Result<Self> {
        let path = match file {
            Some(file) => file.to_string_lossy().into_owned(),
            // In memory under a name, so that it can be opened twice.
            None => format!("file:/{}?vfs=memdb", secret::random_base62(22)),
        };
        let database = Database::new(&path).map_err(io::Error::other)?;
        tend_stream_records(&path).map_err(io::Error::other)?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let stopped = async {
                // An error means that the engine was dropped: stop as well.
                let _ = stopped.await;
            };
            if let Err(error) = server::serve_with_shutdown(listener, database, stopped).await {
                tracing::error!(cause = %error, "the DynamoDB engine stopped");
            }
        });
        Ok(Self {
            address,
            stop: Some(stop),
            task: Some(task),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lets running requests finish and stops.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Some(task) = self.task.take() {
            let _ = task.await;
        }
    }
}

/// The engine numbers each change to a table by looking at the numbers of all
/// changes before. With these indexes it looks at one. It forgets none of them
/// either, where AWS does after a day.
fn tend_stream_records(path: &str) -> rusqlite::Result<()> {
    let database = Connection::open(path)?;
    database.execute_batch(
        "CREATE INDEX IF NOT EXISTS roster_stream_table ON _stream_records
             (table_name, CAST(sequence_number AS INTEGER));
         CREATE INDEX IF NOT EXISTS roster_stream_shard ON _stream_records
             (table_name, shard_id, CAST(sequence_number AS INTEGER));",
    )?;
    #[expect(
        clippy::disallowed_methods,
        reason = "the engine's own clock wrote what is compared"
    )]
    let yesterday = jiff::Timestamp::now().as_second() - STREAM_SECONDS;
    database.execute(
        "DELETE FROM _stream_records WHERE created_at < ?1",
        params![yesterday],
    )?;
    Ok(())
}

/// Credentials for a local engine, where any do. DynamoDB Local keeps a database
/// for each access key, and everything in one database waits for everything
/// else: so each table gets a key of its own.
fn credentials(table: &str) -> Credentials {
    let letters_and_digits = |c: &char| c.is_ascii_alphanumeric();
    let access_key: String = table.chars().filter(letters_and_digits).collect();
    Credentials::new(access_key, "local", None, None, "local")
}

/// A client of the streams of a local engine, for one of its tables.
#[must_use]
pub fn streams_client(url: &str, table: &str) -> aws_sdk_dynamodbstreams::Client {
    let config = aws_sdk_dynamodbstreams::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(credentials(table))
        .http_client(roster_runtime::function::aws::https_client())
        .endpoint_url(url)
        .build();
    aws_sdk_dynamodbstreams::Client::from_conf(config)
}

/// A client of a local engine, for one of its tables.
#[must_use]
pub fn client(url: &str, table: &str) -> aws_sdk_dynamodb::Client {
    let mut config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(credentials(table))
        .http_client(roster_runtime::function::aws::https_client())
        .endpoint_url(url);
    if let Some(recorder) = Recorder::from_env() {
        config = config.interceptor(recorder);
    }
    aws_sdk_dynamodb::Client::from_conf(config.build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_numbered_by_an_index_and_forgotten_after_a_day() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("dynamodb.sqlite");
        let path = path.to_string_lossy();
        let _engine = Database::new(&path).expect("an engine");
        tend_stream_records(&path).expect("tends");

        let database = Connection::open(&*path).expect("opens");
        // The engine's own query.
        let plan =
            "EXPLAIN QUERY PLAN SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1
                    FROM _stream_records WHERE table_name = ?1";
        let plan = database.query_row(plan, ["roster"], |row| row.get::<_, String>(3));
        assert!(
            plan.expect("a plan")
                .contains("COVERING INDEX roster_stream_table")
        );

        #[expect(clippy::disallowed_methods, reason = "the engine's own clock is meant")]
        let now = jiff::Timestamp::now().as_second();
        for (number, age) in [(1, STREAM_SECONDS + 10), (2, STREAM_SECONDS - 10), (3, 0)] {
            let insert = "INSERT INTO _stream_records
                (table_name, event_name, keys_json, sequence_number, shard_id, created_at)
                VALUES ('roster', 'INSERT', '{}', ?1, 'shard', ?2)";
            let inserted = database.execute(insert, params![number.to_string(), now - age]);
            inserted.expect("inserts");
        }
        tend_stream_records(&path).expect("tends again");
        let left = "SELECT GROUP_CONCAT(sequence_number) FROM _stream_records";
        let left = database.query_row(left, [], |row| row.get::<_, String>(0));
        assert_eq!(left.expect("records"), "2,3");
    }
}
