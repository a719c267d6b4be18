//! The patterns of texts, as the code takes them.

/// Blanks at an end of a text: they are taken away.
macro_rules! blanks {
    () => {
        r"[\s\x85\u200b\u2060]*"
    };
}
/// What no line may have in it: it does not print, or turns the text beside it.
macro_rules! no_line {
    () => {
        r"\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069"
    };
}
/// And what no text of several lines may have.
macro_rules! no_lines {
    () => {
        r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e"
    };
}
/// What cannot be seen.
macro_rules! unseen {
    () => {
        r"\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc"
    };
}
/// A letter or a digit of a domain, in ASCII or not.
macro_rules! letter {
    () => {
        r"[^\x00-/:-@\[-\x60{-\x7f\s]"
    };
}
/// A label of a domain.
macro_rules! label {
    () => {
        concat!(
            letter!(),
            r"([^\x00-,./:-@\[-\x60{-\x7f\s]{0,61}",
            letter!(),
            ")?"
        )
    };
}

/// One line with something to see in it.
pub(super) const LINE: &str = concat!(
    "^",
    blanks!(),
    "[^",
    no_line!(),
    "]*[^",
    unseen!(),
    "][^",
    no_line!(),
    "]*",
    blanks!(),
    "$"
);
/// The same, kept to the byte.
pub(super) const EXACT_LINE: &str = concat!(
    "^[^",
    no_line!(),
    "]*[^",
    unseen!(),
    "][^",
    no_line!(),
    "]*$"
);
/// Lines with something to see in them.
pub(super) const LINES: &str = concat!(
    "^",
    blanks!(),
    "[^",
    no_lines!(),
    "]*[^",
    unseen!(),
    "][^",
    no_lines!(),
    "]*",
    blanks!(),
    "$"
);
/// The last part of a booking page's address.
pub(super) const NICKNAME: &str = concat!("^", blanks!(), "[A-Za-z0-9._-]{2,100}", blanks!(), "$");
/// HTML's valid email address, with labels of at most 63 characters, which may
/// be in Unicode.
pub(super) const EMAIL: &str = concat!(
    "^",
    blanks!(),
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@",
    label!(),
    r"(\.",
    label!(),
    ")*",
    blanks!(),
    "$"
);
/// A telephone number.
pub(super) const MOBILE: &str = concat!(
    "^",
    blanks!(),
    "[0-9 .()+-]*[0-9][0-9 .()+-]*",
    blanks!(),
    "$"
);

/// The origin of a website.
pub(super) const ORIGIN: &str = r"^https?://[a-z0-9.-]+(:[0-9]{1,5})?$";
/// An `http` or `https` URL.
pub(super) const URL: &str = concat!("^", blanks!(), r"[Hh][Tt][Tt][Pp][Ss]?:\S+", blanks!(), "$");
/// A time as `/api/v1` shows it.
pub(super) const TIME: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$";
/// A date and time, or a date alone, as an event takes it: with the days that
/// each month has in every year.
pub(super) const EVENT_DATE: &str = concat!(
    r"^[0-9]{4}(-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))",
    r"|(0[13578]|1[02])(0[1-9]|[12][0-9]|3[01])|(0[469]|11)(0[1-9]|[12][0-9]|30)|02(0[1-9]|[12][0-9]))",
    r"([Tt ](([01][0-9]|2[0-3])(:?[0-5][0-9](:?[0-5][0-9]([.,][0-9]{1,9})?)?)?|24(:?00(:?00([.,]0{1,9})?)?)?)",
    r"([Zz]|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)?)?$"
);

/// Digits that make a number of at most 18 of them.
pub(super) const MANY_DIGITS: &str = "^[0-9]{1,18}$";
/// Digits that make a number of at most 32 bits.
pub(super) const DIGITS_OF_32_BITS: &str = "^([0-9]{1,9}|[1-3][0-9]{9}|4[01][0-9]{8}|42[0-8][0-9]{7}|429[0-3][0-9]{6}|4294[0-8][0-9]{5}|42949[0-5][0-9]{4}|429496[0-6][0-9]{3}|4294967[01][0-9]{2}|42949672[0-8][0-9]|429496729[0-5])$";
