use super::*;

#[test]
fn a_receiver_says_how_long_to_wait_in_seconds_or_with_a_date() {
    let now: Timestamp = "2026-07-16T09:00:00Z".parse().expect("an instant");
    let seconds = |value| wait(value, now).map(|wait| wait.as_secs());
    assert_eq!(seconds("120"), Some(120));
    assert_eq!(seconds("Thu, 16 Jul 2026 09:01:00 GMT"), Some(60));
    assert_eq!(seconds("Thu, 16 Jul 2026 08:00:00 GMT"), Some(0));
    assert_eq!(seconds("soon"), None);
    assert_eq!(seconds("-5"), None);
}

#[test]
fn what_is_kept_of_an_answer_is_short_and_has_no_control_characters() {
    assert_eq!(head(b"no\r\n\x1b[31mway"), "no   [31mway");
    assert_eq!(head(&vec![b'x'; 10_000]).len(), MAX_HEAD);
    assert_eq!(head(b"\xff"), "\u{fffd}");
}
