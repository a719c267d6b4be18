//! Characters: which may stand in a text, and the one form that it is kept in.

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};

use crate::error::Unacceptable;

/// A text in NFC (UAX 15): `é` is one character, however it was typed.
#[must_use]
pub fn nfc(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc()
        .normalize(text)
        .into_owned()
}

/// The form that a text is kept and compared in: NFC, without blanks at its
/// ends.
pub(super) fn canonical(text: &str) -> String {
    trim(&nfc(text)).to_owned()
}

/// A text without blanks at its ends.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// A blank of any script, and what text that was pasted has at its ends instead
/// of one: blanks without a width, and the byte order mark.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

/// How many lines a text may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// One: what is shown among other texts, in lists and headings.
    One,
    /// Any number.
    Many,
}

/// Holds a text to what every text that is shown is held to.
pub(super) fn check(text: &str, max: usize, lines: Lines) -> Result<(), Unacceptable> {
    if text.is_empty() {
        return Err(Unacceptable::new("must not be empty"));
    }
    check_length(text, max)?;
    check_characters(text, lines)?;
    if text.chars().any(is_visible) {
        Ok(())
    } else {
        Err(Unacceptable::new("must contain a visible character"))
    }
}

/// Refuses a text that is too long. Also asked of what was sent, before it is
/// brought into its canonical form: the API description says how long a value may
/// be, and a client counts what it sends.
pub(super) fn check_length(text: &str, max: usize) -> Result<(), Unacceptable> {
    let length = text.chars().count();
    if length > max {
        return Err(Unacceptable::new(format!(
            "must have at most {max} characters, has {length}"
        )));
    }
    Ok(())
}

/// Refuses characters that make a text look like another one.
pub(super) fn check_characters(text: &str, lines: Lines) -> Result<(), Unacceptable> {
    let refuse = |what: &str, c: char| {
        Err(Unacceptable::new(format!(
            "must not contain the {what} character U+{:04X}",
            u32::from(c)
        )))
    };
    for c in text.chars() {
        if c.is_control() && !(lines == Lines::Many && matches!(c, '\n' | '\r' | '\t')) {
            return refuse("control", c);
        }
        if lines == Lines::One && matches!(c, '\u{2028}' | '\u{2029}') {
            return refuse("line-breaking", c);
        }
        if turns_direction(c, lines) {
            return refuse("direction-changing", c);
        }
    }
    Ok(())
}

/// Whether a character turns the direction of text beside it (UAX 9). An
/// override turns letters round; an embedding or isolate that does not end
/// within a line turns whatever stands behind it there. Marks (U+200E, U+200F,
/// U+061C) turn nothing but themselves.
fn turns_direction(c: char, lines: Lines) -> bool {
    match c {
        '\u{202D}' | '\u{202E}' => true,
        '\u{202A}'..='\u{202C}' | '\u{2066}'..='\u{2069}' => lines == Lines::One,
        _ => false,
    }
}

/// Whether a reader would see something of a character.
fn is_visible(c: char) -> bool {
    // Blank in every font, and not among the default-ignorable ones.
    const BLANKS: [char; 4] = ['\u{2800}', '\u{1D159}', '\u{16FE4}', '\u{FFFC}'];
    let annotates = matches!(c, '\u{FFF9}'..='\u{FFFB}');
    !(c.is_whitespace() || c.is_control() || annotates || BLANKS.contains(&c) || is_ignorable(c))
}

/// Whether a character has no look of its own (`Default_Ignorable_Code_Point`):
/// joiners, fillers, tags, variation selectors.
fn is_ignorable(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// Refuses what cannot be seen in a text that tells one account from another,
/// except for joiners, which scripts such as Persian spell with.
pub(super) fn check_all_visible(text: &str) -> Result<(), Unacceptable> {
    let joins = |c: char| matches!(c, '\u{200C}' | '\u{200D}');
    match text.chars().find(|c| is_ignorable(*c) && !joins(*c)) {
        Some(c) => Err(Unacceptable::new(format!(
            "must not contain the invisible character U+{:04X}",
            u32::from(c)
        ))),
        None => Ok(()),
    }
}
