//! What is broken, large or endless hides nothing else, and ends.

use std::fmt::Write as _;

use super::read_in;
use crate::{Busy, Unreadable};

fn busy(text: &[u8]) -> Result<Busy, Unreadable> {
    read_in("Europe/Paris", text)
}

fn calendar(events: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
}

fn event(lines: &str) -> String {
    let lines = lines.replace('\n', "\r\n");
    format!("BEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\n")
}

fn starts(text: &[u8]) -> Vec<String> {
    let busy = busy(text).expect("a calendar");
    let spans = busy.kinds().flat_map(|(_, spans)| spans.to_vec());
    spans.map(|span| span.start.to_string()).collect()
}

const GOOD: &str = "UID:good\nDTSTART:20260105T100000Z\nDTEND:20260105T110000Z";
const AT: &str = "2026-01-05T10:00:00Z";

#[test]
fn what_is_broken_is_left_out_and_the_rest_is_read() {
    for broken in [
        "UID:x\nDTSTART:20261345T996060Z\nDTEND:2026",
        "UID:x\nDTSTART:soon\nDURATION:long",
        "UID:x\nDTSTART:20260106T100000Z\nDURATION:-PT1H",
        "UID:x\nDTSTART:20260106T100000Z\nDTEND:20260106T090000Z",
        "UID:x\nthis is no line of a calendar\n:::\n;;;=\n\n",
        "UID:x\nRRULE:FREQ=NEVER;COUNT=many\nEXDATE:x\nRECURRENCE-ID:y",
        "SUMMARY:no start",
        "UID:x\nDTSTART;TZID=:99999999T000000\nRDATE;VALUE=PERIOD:x/y",
    ] {
        for events in [event(broken) + &event(GOOD), event(GOOD) + &event(broken)] {
            let text = calendar(&events);
            assert!(starts(text.as_bytes()).contains(&AT.to_owned()), "{text}");
        }
    }
}

#[test]
fn a_text_that_breaks_off_says_what_it_has_said() {
    let text = calendar(&(event(GOOD) + &event("UID:x\nDTSTART:20260106T100000Z\nDTE")));
    let cut = text.find("DTE\r").expect("the end");
    assert_eq!(starts(&text.as_bytes()[..cut]), [AT]);
}

#[test]
fn a_text_comes_in_any_encoding_and_with_any_ends_of_lines() {
    let text = calendar(&event(&format!("SUMMARY:Ärger 🗓\n{GOOD}")));
    let utf_16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(order).collect()
    };
    let byte = |it: char| u8::try_from(u32::from(it)).expect("a byte");
    let latin_1: Vec<u8> = text.replace('🗓', "").chars().map(byte).collect();
    for (name, bytes) in [
        ("UTF-8", text.clone().into_bytes()),
        ("a byte order mark", format!("\u{feff}{text}").into_bytes()),
        ("UTF-16, little end first", utf_16(u16::to_le_bytes)),
        ("UTF-16, big end first", utf_16(u16::to_be_bytes)),
        ("Latin 1", latin_1),
        ("line feeds", text.replace("\r\n", "\n").into_bytes()),
        ("lines before it", format!("\r\n\r\n{text}").into_bytes()),
    ] {
        assert_eq!(starts(&bytes), [AT], "{name}");
    }
}

#[test]
fn a_day_that_ends_on_itself_is_that_day() {
    let text = calendar(&event(
        "UID:x\nDTSTART;VALUE=DATE:20260714\nDTEND;VALUE=DATE:20260714",
    ));
    assert_eq!(starts(text.as_bytes()), ["2026-07-13T22:00:00Z"]);
}

#[test]
fn what_is_no_calendar_is_an_error() {
    for text in ["", "<html><body>Sign in</body></html>", "{}", "\0\0\0\0"] {
        assert_eq!(busy(text.as_bytes()), Err(Unreadable::NoCalendar), "{text}");
    }
}

#[test]
fn a_calendar_without_events_is_never_busy() {
    assert_eq!(busy(calendar("").as_bytes()), Ok(Busy::default()));
}

#[test]
fn a_calendar_that_takes_its_events_back_is_never_busy() {
    let text = calendar(&format!("METHOD:CANCEL\r\n{}", event(GOOD)));
    assert_eq!(busy(text.as_bytes()), Ok(Busy::default()));
}

#[test]
fn free_and_busy_times_are_read() {
    let text = calendar(
        "BEGIN:VFREEBUSY\r\nFREEBUSY:20260105T100000Z/PT1H,20260106T100000Z/20260106T110000Z\r\n\
         FREEBUSY;FBTYPE=FREE:20260107T100000Z/PT1H\r\n\
         FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260108T100000Z/PT1H\r\nEND:VFREEBUSY\r\n",
    );
    let busy = busy(text.as_bytes()).expect("a calendar");
    let counts: Vec<_> = busy
        .kinds()
        .map(|(kind, spans)| (kind.tentative, spans.len()))
        .collect();
    assert_eq!(counts, [(false, 2), (true, 1)]);
}

#[test]
fn a_million_occurrences_are_read_and_more_than_a_calendar_may_have_are_an_error() {
    let series = |rule: &str| {
        let lines = format!("UID:x\nDTSTART:20240101T000000Z\nDURATION:PT1M\nRRULE:{rule}");
        calendar(&(event(&lines) + &event(GOOD)))
    };
    let million = busy(series("FREQ=MINUTELY;COUNT=1100000").as_bytes()).expect("a calendar");
    let spans: Vec<_> = million
        .kinds()
        .flat_map(|(_, spans)| spans.to_vec())
        .collect();
    assert_eq!(spans.len(), 1, "two years without a minute between");
    let endless = series("FREQ=SECONDLY");
    assert_eq!(busy(endless.as_bytes()), Err(Unreadable::TooMany));
}

#[test]
fn ten_megabytes_are_read() {
    let mut events = String::new();
    let title = "x".repeat(1_000);
    for number in 0..10_000 {
        let (month, day) = (number % 12 + 1, number % 28 + 1);
        let lines = format!(
            "UID:{number}\nSUMMARY:{title}\nDTSTART:2026{month:02}{day:02}T100000Z\nDURATION:PT1H"
        );
        events.write_str(&event(&lines)).expect("an event");
    }
    let text = calendar(&events);
    assert!(text.len() > 10_000_000);
    assert_eq!(starts(text.as_bytes()).len(), 84);
}
