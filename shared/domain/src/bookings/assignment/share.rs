//! Cutting a number of units into parts that add up to it.

use std::cmp::Reverse;

/// One booking's unit of work, in ledger units: the least common multiple of 1
/// to 22, so that the shares of up to 22 members of equal weight are exact.
/// What does not divide is given out one unit at a time, so that shares always
/// add up to one booking. An `i64` holds some 4 * 10^10 bookings.
pub const BOOKING: i64 = 232_792_560;

/// Cuts `amount` into parts proportional to `weights`, in their order, by
/// largest remainder; of equal remainders the earlier weight gets the unit. The
/// parts add up to `amount`, and no part is more than its exact share rounded
/// up. Nothing is given out when all weights are zero.
pub(super) fn split(amount: u64, weights: &[u64]) -> Vec<u64> {
    struct Part {
        units: u64,
        remainder: u128,
    }
    let total: u128 = weights.iter().copied().map(u128::from).sum();
    let mut parts: Vec<Part> = weights
        .iter()
        .map(|&weight| {
            let product = u128::from(amount) * u128::from(weight);
            Part {
                // A part is at most the amount, so it always fits.
                units: u64::try_from(product.checked_div(total).unwrap_or(0)).unwrap_or(amount),
                remainder: product.checked_rem(total).unwrap_or(0),
            }
        })
        .collect();
    if total > 0 {
        let given: u64 = parts.iter().map(|part| part.units).sum();
        // Less than one unit each is missing, so `take` hands out all of it.
        let missing = usize::try_from(amount.saturating_sub(given)).unwrap_or(usize::MAX);
        let mut by_remainder: Vec<&mut Part> = parts.iter_mut().collect();
        by_remainder.sort_by_key(|part| Reverse(part.remainder));
        for part in by_remainder.into_iter().take(missing) {
            part.units += 1;
        }
    }
    parts.into_iter().map(|part| part.units).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_booking_divides_exactly_among_up_to_22() {
        for members in 1..=22 {
            assert_eq!(BOOKING % members, 0, "{members}");
        }
    }

    #[test]
    fn what_does_not_divide_goes_out_by_largest_remainder_then_by_order() {
        assert_eq!(split(7, &[1, 1, 1]), [3, 2, 2]);
        assert_eq!(split(10, &[1, 2, 4]), [1, 3, 6]);
        assert_eq!(split(5, &[0, 1, 0]), [0, 5, 0]);
        assert_eq!(split(5, &[0, 0]), [0, 0]);
        assert_eq!(split(5, &[]), Vec::<u64>::new());
    }

    proptest! {
        #[test]
        fn parts_add_up_and_none_is_over_its_exact_share_rounded_up(
            amount in any::<u64>(),
            weights in proptest::collection::vec(0..=u64::MAX / 64, 1..40),
        ) {
            let total: u128 = weights.iter().copied().map(u128::from).sum();
            prop_assume!(total > 0);
            let parts = split(amount, &weights);
            prop_assert_eq!(parts.iter().sum::<u64>(), amount);
            for (part, weight) in parts.iter().zip(&weights) {
                let exact = u128::from(amount) * u128::from(*weight);
                prop_assert!(u128::from(*part) <= exact.div_ceil(total));
                prop_assert!(u128::from(*part) >= exact / total);
            }
        }
    }
}
