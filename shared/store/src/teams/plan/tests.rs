use super::*;

const FIRST_NEW: i64 = 1_000;

fn user(number: u8) -> UserId {
    format!("5f0d7eb02003d0f6e32a96{number:02}")
        .parse()
        .expect("an id")
}

fn users(numbers: &[u8]) -> Vec<UserId> {
    numbers.iter().copied().map(user).collect()
}

/// The positions of a list that was in the positions 10, 20 and so on.
fn moved(now: &[u8], wanted: &[u8]) -> Vec<i64> {
    let (now, wanted) = (users(now), users(wanted));
    let places: HashMap<_, _> = now.iter().copied().zip((10..).step_by(10)).collect();
    let found = positions(&wanted, &now, FIRST_NEW, |id| places.get(&id).copied());
    wanted.iter().map(|id| found[id]).collect()
}

#[test]
fn who_stays_in_order_keeps_the_position() {
    assert_eq!(moved(&[1, 2, 3], &[1, 2, 3]), [10, 20, 30]);
    assert_eq!(moved(&[1, 2, 3], &[1, 3]), [10, 30], "the list shrank");
}

#[test]
fn who_is_added_at_the_end_comes_behind_all_others() {
    let positions = moved(&[1, 2], &[1, 2, 3, 4]);
    assert_eq!(positions[..2], [10, 20]);
    assert!(
        positions.is_sorted() && positions[2] >= FIRST_NEW,
        "{positions:?}"
    );
}

#[test]
fn a_list_in_another_order_gets_new_positions() {
    for wanted in [[2, 1], [3, 1]] {
        let positions = moved(&[1, 2], &wanted);
        assert!(
            positions.iter().all(|position| *position >= FIRST_NEW),
            "{positions:?}"
        );
        assert!(positions.is_sorted(), "{positions:?}");
    }
}

#[test]
fn an_empty_list_has_no_positions() {
    assert!(moved(&[1, 2], &[]).is_empty());
}
