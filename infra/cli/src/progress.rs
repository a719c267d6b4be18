//! How far it is, on standard error: a line a second at most.

use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

use roster_transfer::Progress;

/// Least time between two lines.
const INTERVAL: Duration = Duration::from_secs(1);

/// Shows progress.
#[derive(Debug)]
pub(crate) struct Shown {
    last: Instant,
    /// When the present pass began, or writing; and which pass it is.
    since: Instant,
    pass: u32,
}

impl Shown {
    pub(crate) fn new() -> Self {
        let now = Instant::now();
        Self {
            last: now,
            since: now,
            pass: 0,
        }
    }

    /// Shows how far it is, unless that was shown a moment ago.
    pub(crate) fn show(&mut self, progress: Progress) -> ControlFlow<()> {
        let pass = match progress {
            Progress::Reading { pass, .. } => pass,
            Progress::Writing { .. } => 1,
            _ => 0,
        };
        if pass != self.pass {
            self.pass = pass;
            self.since = Instant::now();
        }
        if self.last.elapsed() >= INTERVAL {
            self.last = Instant::now();
            eprintln!("{}", self.text(progress));
        }
        ControlFlow::Continue(())
    }

    fn text(&self, progress: Progress) -> String {
        let rate = |items: u64| {
            let milliseconds = self.since.elapsed().as_millis().max(1);
            format!("{} a second", u128::from(items) * 1_000 / milliseconds)
        };
        match progress {
            Progress::Reading {
                pass,
                items,
                changed,
            } => format!(
                "pass {pass}: {items} items read, {changed} of them new or changed, {}",
                rate(items)
            ),
            Progress::Validating { lines } => format!("validating: {lines} lines"),
            Progress::Comparing { items, of } => {
                format!("looking for conflicts: {items} of {of} items")
            }
            Progress::Removing { items } => format!("removing: {items} items"),
            Progress::Writing { items, of } => {
                format!("writing: {items} of {of} items, {}", rate(items))
            }
        }
    }
}
