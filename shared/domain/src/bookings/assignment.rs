//! Which member of a team gets a booking, and the ledger that keeps it fair.
//!
//! The heart is the carpool rule of Fagin and Williams (*A fair carpool
//! scheduling algorithm*, IBM Journal of Research and Development 27(2), 1983):
//! a booking is a unit of work that is shared, by weight, among those who could
//! have taken it; who takes it pays one whole unit; who is owed most is next.
//! Who could not take it neither gains nor loses.
//!
//! # The bound
//!
//! Let `N` be the most members the team ever had at once and `c` the number of
//! *exceptions*: bookings that were taken back, and bookings whose assigned
//! member did not have the largest balance of those who shared them (that is
//! up to round robin, to whoever hands a booking to a member by name, and to holds). Then every balance stays within
//!
//! > `((N - 1) / 2 + c) * BOOKING`
//!
//! of zero, however many bookings there are, whoever is eligible for them, and
//! whatever the weights. For equal weights it is the known bound of the greedy
//! rule (Ajtai, Aspnes, Naor, Rabani, Schulman and Waarts, *Fairness in
//! scheduling*, Journal of Algorithms 29, 1998). The argument, in bookings, for
//! any weights, joins and leaves:
//!
//! Let `P(k)` be the sum of the `k` largest of `N` balances, places that nobody
//! holds counting as zero; `P(0) = P(N) = 0`. Claim: `P(k) <= f(k)` with
//! `f(k) = k (N - k) / 2 + c`. Look at a booking after which some `P(k) - f(k)`
//! is positive, take the `k` for which it is largest, and a set `T` of `k`
//! largest balances.
//! - The assigned member `j` is not in `T`, else `T` gained at most nothing;
//!   some `i` in `T` shared the booking, else `T` gained nothing at all.
//! - Before `j` paid, `j` had at least as much as `i`; so after it, `i` has at
//!   most one more than `j`.
//! - Hence twice the sum of `T`, which is the sum of `T` without `i`, plus the
//!   sum of `T` with `j`, plus what `i` has more than `j`, is at most
//!   `P(k-1) + P(k+1) + 1`. As `2 f(k) = f(k-1) + f(k+1) + 1`, the neighbours of
//!   `k` exceed `f` by as much as `k` does, then theirs, down to `P(0) = 0`,
//!   which does not exceed `f(0) = c`: a contradiction.
//!
//! An exception raises no `P(k)` by more than one, and `f` with it. So does each booking's
//! worth of units, or part of one, that somebody gives or takes ([`Credit`]): it counts as
//! an exception, too. A newcomer
//! takes a place that counted as zero, so changes nothing. What a leaver leaves
//! only moves balances towards zero ([`Ledger::retain`]), so raises no `P(k)`.
//! The claim for `k = 1` is the bound above, for `k = N - 1` the one below. It
//! is tight: the tests drive a ledger to within a hundredth of it.

mod credit;
mod decide;
mod hand_over;
mod ledger;
mod rules;
mod share;

#[cfg(test)]
mod bound;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod simulation;

pub use credit::{Credit, MAX_CREDIT};
pub use decide::{Candidate, Considered, Decision, decide, refused};
pub use hand_over::{give_held, hand_over};
pub use ledger::{Account, Ledger, MOST_FORMER};
pub use rules::{MAX_WEIGHT, MemberRules, Outcome, Rules, StaleCalendars, Strategy};
pub use share::BOOKING;
