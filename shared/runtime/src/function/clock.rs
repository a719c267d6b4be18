//! The time that handlers go by.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::{SignedDuration, Timestamp};

/// Tells what time it is. A process has one, in [`App`](crate::App), and every
/// request asks it once. A test puts it forward instead of waiting.
///
/// ```
/// use jiff::SignedDuration;
/// use roster_runtime::Clock;
///
/// let clock = Clock::default();
/// let before = clock.now();
/// clock.advance(SignedDuration::from_hours(1));
/// assert!(clock.now() >= before + SignedDuration::from_hours(1));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Milliseconds that it is ahead of the system's clock: 0 outside of tests.
    ahead: Arc<AtomicI64>,
}

impl Clock {
    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_millis(self.ahead.load(Ordering::Relaxed));
        #[expect(clippy::disallowed_methods, reason = "this is the clock")]
        let now = Timestamp::now();
        now.saturating_add(ahead).unwrap_or(now)
    }

    /// Puts the clock forward, and every copy of it.
    pub fn advance(&self, by: SignedDuration) {
        let milliseconds = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.ahead.fetch_add(milliseconds, Ordering::Relaxed);
    }
}
