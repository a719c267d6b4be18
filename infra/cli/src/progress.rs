//! How far it is, on standard error: a line a second at most.

use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

use roster_store::transfer::Progress;

/// Least time between two lines.
const INTERVAL: Duration = Duration::from_secs(1);

/// Shows progress.
#[derive(Debug)]
pub(crate) struct Shown {
    since: Instant,
    last: Instant,
}

impl Shown {
    pub(crate) fn new() -> Self {
        let since = Instant::now();
        Self { since, last: since }
    }

    /// Shows how far it is, unless that was shown a moment ago.
    pub(crate) fn show(&mut self, progress: Progress) -> ControlFlow<()> {
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
            } => format!("pass {pass}: {items} items read, {changed} of them new or changed"),
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
