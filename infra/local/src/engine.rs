//! The embedded DynamoDB engine: dynoxide, spoken to over loopback HTTP by the
//! same SDK that speaks to AWS.

use std::{io, net::SocketAddr, path::Path};

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use dynoxide::{Database, server};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

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
        let database = match file {
            Some(file) => Database::new(&file.to_string_lossy()),
            None => Database::memory(),
        }
        .map_err(|error| io::Error::other(error.to_string()))?;
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

/// A client of a local engine: any credentials do.
#[must_use]
pub fn client(url: &str) -> aws_sdk_dynamodb::Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .http_client(roster_runtime::app::https_client())
        .endpoint_url(url)
        .build();
    aws_sdk_dynamodb::Client::from_conf(config)
}
