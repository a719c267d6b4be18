//! Trying again after a lost race: a bounded number of times, with jitter.

use std::time::{Duration, Instant};

use roster_domain::{Error, Result, secret};

use crate::dynamodb::write_failure::Failure;

/// Tries in all. Fifty writers of one item, the case that a test holds, need
/// about a dozen each.
const MAX_TRIES: u32 = 60;
/// Longest time to go on trying: below the functions' own timeout, so that the
/// caller still gets an answer that says what to do.
const LONGEST_TIME: Duration = Duration::from_secs(7);
const LONGEST_WAIT_MILLISECONDS: u32 = 250;

/// The waits between the tries of one operation: exponential with full jitter.
#[derive(Debug)]
pub struct Backoff {
    tries: u32,
    started: Instant,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            tries: 0,
            started: Instant::now(),
        }
    }
}

impl Backoff {
    /// Waits before the next try, where there is to be one.
    ///
    /// # Errors
    /// What the try failed with, where it is final; else as [`Backoff::wait`].
    pub(crate) async fn after(&mut self, failure: Failure) -> Result<()> {
        match failure {
            Failure::Stale => self.wait().await,
            Failure::Error(error) => Err(error),
        }
    }

    /// Waits before the next try.
    ///
    /// # Errors
    /// [`Error::Busy`] once there have been enough.
    pub async fn wait(&mut self) -> Result<()> {
        self.tries += 1;
        if self.tries >= MAX_TRIES || self.started.elapsed() > LONGEST_TIME {
            return Err(Error::Busy(format!("lost {} races in a row", self.tries)));
        }
        let ceiling = LONGEST_WAIT_MILLISECONDS.min(4 << self.tries.min(8));
        let jitter = u32::from_be_bytes(secret::random_bytes()) % (ceiling * 1000);
        tokio::time::sleep(Duration::from_micros(u64::from(jitter))).await;
        Ok(())
    }
}
