//! What a request costs at DynamoDB: round trips one after another, and
//! capacity units. Logged with every request, and held to the budget by a test.

use aws_sdk_dynamodb::types::ConsumedCapacity;
use std::{cell::RefCell, future::Future};

use futures_util::future;

/// What a request has cost.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Usage {
    /// Length of the longest chain of calls that waited for one another.
    pub round_trips: u32,
    /// Calls in all.
    pub calls: u32,
    /// Read capacity units consumed.
    pub read_units: f64,
    /// Write capacity units consumed.
    pub write_units: f64,
}

tokio::task_local! {
    static USAGE: RefCell<Usage>;
}

/// Runs a future and says what it cost. Calls that the future hands to another
/// task are not counted.
pub async fn counted<F: Future>(future: F) -> (F::Output, Usage) {
    USAGE
        .scope(RefCell::new(Usage::default()), async {
            let output = future.await;
            (output, USAGE.with(|usage| *usage.borrow()))
        })
        .await
}

/// Counts a future on its own, as one of several that run at once: what another
/// of them has waited for meanwhile does not lengthen its chain. Which of them
/// the executor happened to poll first would otherwise be counted.
pub(crate) fn branch<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let begun = USAGE
        .try_with(|usage| usage.borrow().round_trips)
        .unwrap_or_default();
    // A call's future takes kilobytes, and each that wraps it would hold it
    // twice: by value, a few levels of them overflow a thread's stack.
    let future = Box::pin(future);
    async move {
        let own = RefCell::new(Usage {
            round_trips: begun,
            ..Usage::default()
        });
        let (output, own) = USAGE
            .scope(own, async {
                let output = future.await;
                (output, USAGE.with(|usage| *usage.borrow()))
            })
            .await;
        with(|usage| {
            usage.round_trips = usage.round_trips.max(own.round_trips);
            usage.calls += own.calls;
            usage.read_units += own.read_units;
            usage.write_units += own.write_units;
        });
        output
    }
}

/// As [`future::join`], each counted on its own ([`branch`]).
#[expect(clippy::disallowed_methods, reason = "this is what counts")]
pub async fn join<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    future::join(branch(a), branch(b)).await
}

/// As [`future::try_join`], each counted on its own ([`branch`]).
///
/// # Errors
/// The first that one of them ends with.
#[expect(clippy::disallowed_methods, reason = "this is what counts")]
pub async fn try_join<A, B, E>(
    a: impl Future<Output = Result<A, E>>,
    b: impl Future<Output = Result<B, E>>,
) -> Result<(A, B), E> {
    future::try_join(branch(a), branch(b)).await
}

/// As [`future::try_join3`], each counted on its own ([`branch`]).
///
/// # Errors
/// The first that one of them ends with.
#[expect(clippy::disallowed_methods, reason = "this is what counts")]
pub async fn try_join3<A, B, C, E>(
    a: impl Future<Output = Result<A, E>>,
    b: impl Future<Output = Result<B, E>>,
    c: impl Future<Output = Result<C, E>>,
) -> Result<(A, B, C), E> {
    future::try_join3(branch(a), branch(b), branch(c)).await
}

/// As [`future::try_join_all`], each counted on its own ([`branch`]).
///
/// # Errors
/// The first that one of them ends with.
#[expect(clippy::disallowed_methods, reason = "this is what counts")]
pub async fn try_join_all<T, E, F>(all: impl IntoIterator<Item = F>) -> Result<Vec<T>, E>
where
    F: Future<Output = Result<T, E>>,
{
    future::try_join_all(all.into_iter().map(branch)).await
}

fn with(change: impl FnOnce(&mut Usage)) {
    // Outside of `counted` nobody asks what it costs.
    let _ = USAGE.try_with(|usage| change(&mut usage.borrow_mut()));
}

/// A call that is under way.
pub(crate) struct RoundTrip {
    depth: u32,
}

impl RoundTrip {
    /// Starts a call: one deeper than every call that has ended.
    pub(crate) fn start() -> Self {
        let mut depth = 1;
        with(|usage| {
            usage.calls += 1;
            depth += usage.round_trips;
        });
        Self { depth }
    }

    /// Ends a call, with what it consumed.
    pub(crate) fn end(self, read_units: f64, write_units: f64) {
        with(|usage| {
            usage.round_trips = usage.round_trips.max(self.depth);
            usage.read_units += read_units;
            usage.write_units += write_units;
        });
    }
}

/// What one call consumed, of every table it touched.
pub(crate) fn units<'a>(consumed: impl IntoIterator<Item = &'a ConsumedCapacity>) -> f64 {
    consumed
        .into_iter()
        .filter_map(|capacity| capacity.capacity_units())
        .sum()
}
