//! Trying again after a lost race: a bounded number of times, with jitter.

use std::time::{Duration, Instant};

use roster_domain::{Error, Result, access::secret};

use crate::dynamodb::write_failure::Failure;

/// Tries in all. Fifty writers of one item, the case that a test holds, need
/// about a dozen each.
const MAX_TRIES: u32 = 60;
/// Longest time to go on trying: below the functions' own timeout, so that the
/// caller still gets an answer that says what to do.
const LONGEST_TIME: Duration = Duration::from_secs(7);
const LONGEST_WAIT_MILLISECONDS: u32 = 250;

/// Makes an attempt, a future that the expression makes anew each time, until it is
/// not stale: each one reads again, decides again and writes only where what it read
/// is still so. A transaction that lost a race is the one thing that is tried again.
/// Answers as [`Backoff::next`].
///
/// A macro, as the future of an `AsyncFnMut` that borrows cannot be shown to be
/// `Send` (rust-lang/rust#110338), which Lambda's runtime asks of a handler.
macro_rules! retry {
    ($attempt:expr) => {{
        let mut backoff = $crate::dynamodb::retry::Backoff::default();
        loop {
            if let Some(ended) = backoff.next($attempt.await).await {
                break ended;
            }
        }
    }};
}
pub(crate) use retry;

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
    /// What an attempt came to in the end; none where another one is to be made,
    /// after the wait that this made.
    ///
    /// # Errors
    /// What the attempt failed with for good; as [`Backoff::wait`] where it was
    /// stale once too often.
    pub(crate) async fn next<T>(&mut self, attempt: Result<T, Failure>) -> Option<Result<T>> {
        match attempt {
            Ok(done) => Some(Ok(done)),
            Err(Failure::Error(error)) => Some(Err(error)),
            Err(Failure::Stale) => self.wait().await.err().map(Err),
        }
    }

    /// Waits before the next try.
    ///
    /// # Errors
    /// [`Error::Busy`] once there have been enough.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where waiting before another try is done"
    )]
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
