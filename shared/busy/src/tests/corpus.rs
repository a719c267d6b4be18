//! Each calendar of the corpus takes its owner's time as a library says that is not ours.
//!
//! What it says, `tests/proofs/calendars/corpus.py` wrote beside the calendars: how many
//! spans, and a checksum of them. CI asks it again.

use std::{fmt::Write as _, fs, path::Path};

use roster_domain::bookings::agenda::TimeSpan;

use super::read_in;
use crate::Kind;

/// The name of a case, its zone and its text, as `cases` of corpus.py reads them.
fn cases(text: &str) -> impl Iterator<Item = (&str, &str, String)> {
    text.split("== ").skip(1).map(|block| {
        let (head, body) = block.split_once('\n').expect("a head and a body");
        let (name, zone) = head
            .split_once(" | zone=")
            .unwrap_or((head, "Europe/Paris"));
        let mut body = body.to_owned();
        if !body.starts_with("BEGIN:") {
            body = format!("BEGIN:VEVENT\nUID:case\nDTSTAMP:20260101T000000Z\n{body}END:VEVENT\n");
        }
        if !body.starts_with("BEGIN:VCALENDAR") {
            body = format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:corpus\n{body}END:VCALENDAR\n");
        }
        (name, zone, body.replace('\n', "\r\n"))
    })
}

fn spans(text: &str, zone: &str) -> String {
    let busy = read_in(zone, text.as_bytes()).expect("a calendar");
    let mut kinds: Vec<_> = busy
        .kinds()
        .map(|(kind, spans)| (name(kind), spans))
        .collect();
    kinds.sort();
    let mut lines = String::new();
    for (name, spans) in kinds {
        for TimeSpan { start, end } in spans {
            writeln!(lines, "{name} {start} {end}").expect("a line");
        }
    }
    lines
}

fn name(kind: Kind) -> String {
    let time = if kind.all_day { "day" } else { "time" };
    let tentative = if kind.tentative { " tentative" } else { "" };
    format!("{time}{tentative}")
}

#[test]
fn each_calendar_takes_the_time_that_another_library_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let (mut count, mut wrong) = (0, Vec::new());
    for file in fs::read_dir(&folder).expect("the corpus") {
        let file = file.expect("a file").path();
        if file.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a text");
        let expected = fs::read_to_string(file.with_extension("expected")).expect("a text");
        let mut expected = expected.lines();
        for (name, zone, text) in cases(&text) {
            count += 1;
            let lines = spans(&text, zone);
            let digest = crc32fast::hash(lines.as_bytes());
            let found = format!("{} {digest:08x} {name}", lines.lines().count());
            if Some(found.as_str()) != expected.next() {
                let some: Vec<_> = lines.lines().take(12).collect();
                wrong.push(format!("{found}\n  {}", some.join("\n  ")));
            }
        }
        assert_eq!(expected.next(), None, "each case has its line");
    }
    assert!(count >= 100, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
