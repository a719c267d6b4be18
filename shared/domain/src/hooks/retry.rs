//! When a delivery that did not arrive is tried again: ever later, over three days.

use jiff::SignedDuration;

use crate::access::secret;

/// The waits between tries, in seconds. With the least that chance leaves of each, they
/// come to more than three days.
const WAITS: [i64; 14] = [
    5,
    5 * 60,
    30 * 60,
    2 * HOUR,
    4 * HOUR,
    6 * HOUR,
    8 * HOUR,
    LONGEST,
    LONGEST,
    LONGEST,
    LONGEST,
    LONGEST,
    LONGEST,
    LONGEST,
];
const HOUR: i64 = 60 * 60;
/// The longest wait in seconds: a message of SQS can be hidden for 12 hours.
const LONGEST: i64 = 11 * HOUR;

/// Tries of a delivery, the first included.
pub const MAX_TRIES: usize = WAITS.len() + 1;

/// How long to wait after so many tries; none where there were enough. As long as the
/// receiver asks, where that is longer; up to a fifth less than planned by chance, so that
/// those who failed together do not come back together.
///
/// ```
/// # use roster_domain::hooks::retry::{MAX_TRIES, wait};
/// assert!(wait(1, None).is_some_and(|wait| (4..=5).contains(&wait.as_secs())));
/// assert_eq!(wait(MAX_TRIES, None), None);
/// ```
#[must_use]
pub fn wait(tries: usize, asked: Option<SignedDuration>) -> Option<SignedDuration> {
    let planned = *WAITS.get(tries.checked_sub(1)?)?;
    let chance = i64::from(u32::from_be_bytes(secret::random_bytes()));
    let milliseconds = planned * 1_000 - chance % (planned * 200);
    let wait = SignedDuration::from_millis(milliseconds);
    let longest = SignedDuration::from_secs(LONGEST);
    Some(asked.map_or(wait, |asked| asked.clamp(wait, longest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_go_on_for_more_than_three_days_whatever_chance_says() {
        let least: i64 = WAITS.iter().map(|wait| wait * 4 / 5).sum();
        assert!(least > 72 * HOUR, "{}", least / HOUR);
    }

    #[test]
    fn a_wait_is_within_a_fifth_of_the_plan_and_never_longer_than_a_queue_can_hide() {
        for (index, planned) in WAITS.iter().enumerate() {
            let wait = wait(index + 1, None).expect("another try");
            assert!(wait <= SignedDuration::from_secs(*planned));
            assert!(wait >= SignedDuration::from_secs(planned * 4 / 5 - 1));
        }
        let asked = |seconds| Some(SignedDuration::from_secs(seconds));
        let hour = wait(1, asked(3_600)).expect("another try");
        assert_eq!(hour.as_secs(), 3_600);
        let month = wait(1, asked(30 * 24 * 3_600)).expect("another try");
        assert_eq!(month.as_secs(), LONGEST);
        let at_once = wait(2, asked(0)).expect("another try");
        assert!(at_once.as_secs() >= 239);
    }
}
