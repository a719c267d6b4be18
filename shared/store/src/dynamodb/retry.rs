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

/// How often a transaction is sent again that a partition throttled: a few times, ever
/// later, and then the caller is told to come back.
const MOST_THROTTLED: u32 = 4;
/// Longest wait before the first of them, in milliseconds; each one doubles it.
const THROTTLED_MILLISECONDS: u32 = 200;

/// The waits of a transaction that is throttled: exponential, half of it jitter, so that
/// those who wait do not come back at once.
#[derive(Debug, Default)]
pub(crate) struct Throttled {
    waits: u32,
}

impl Throttled {
    /// Waits before the transaction is sent again. False where it has been sent often
    /// enough.
    pub(crate) async fn wait(&mut self) -> bool {
        if self.waits >= MOST_THROTTLED {
            return false;
        }
        let ceiling = THROTTLED_MILLISECONDS << self.waits;
        self.waits += 1;
        pause(ceiling / 2, ceiling / 2).await;
        true
    }
}

/// Waits some milliseconds, and up to as many more by chance.
#[expect(
    clippy::disallowed_methods,
    reason = "this is where waiting before another try is done"
)]
pub(crate) async fn pause(least: u32, jitter: u32) {
    let jitter = u32::from_be_bytes(secret::random_bytes()) % (jitter * 1000).max(1);
    let pause = u64::from(least) * 1000 + u64::from(jitter);
    tokio::time::sleep(Duration::from_micros(pause)).await;
}

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
    pub async fn wait(&mut self) -> Result<()> {
        self.tries += 1;
        if self.tries >= MAX_TRIES || self.started.elapsed() > LONGEST_TIME {
            return Err(Error::Busy(format!("lost {} races in a row", self.tries)));
        }
        let ceiling = LONGEST_WAIT_MILLISECONDS.min(4 << self.tries.min(8));
        pause(0, ceiling).await;
        Ok(())
    }
}
