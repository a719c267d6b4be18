//! Lines of at most 75 octets (RFC 5545, 3.1). The crate that writes calendars counts
//! characters where it has to count octets: of texts that are not ASCII, its lines are too
//! long.

/// Most octets of a line, without its end.
const LONGEST: usize = 75;
/// Between the parts of a line that is folded.
const FOLD: &str = "\r\n ";

/// A calendar with its lines folded anew.
pub(crate) fn refold(calendar: &str) -> String {
    let mut out = String::with_capacity(calendar.len());
    for line in calendar.replace(FOLD, "").split_terminator("\r\n") {
        let mut length = 0;
        for c in line.chars() {
            if length + c.len_utf8() > LONGEST {
                out.push_str(FOLD);
                // The blank is in the line.
                length = 1;
            }
            out.push(c);
            length += c.len_utf8();
        }
        out.push_str("\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_at_most_75_octets_and_no_character_is_cut() {
        for text in [
            "x".repeat(75),
            "x".repeat(76),
            "é".repeat(400),
            "𝄞".repeat(99),
        ] {
            let line = format!("SUMMARY:{text}\r\nEND:VEVENT\r\n");
            let folded = refold(&line);
            assert!(
                folded.split("\r\n").all(|line| line.len() <= LONGEST),
                "{folded}"
            );
            assert_eq!(folded.replace(FOLD, ""), line);
            assert_eq!(refold(&folded), folded);
        }
        assert_eq!(refold(&format!("{}\r\n", "x".repeat(75))).len(), 77);
    }
}
