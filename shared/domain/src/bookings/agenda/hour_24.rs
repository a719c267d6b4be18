//! 24:00, the name that ISO 8601 has for the midnight that ends a day.

use crate::error::Unacceptable;

/// Reads a time of day that has the hour 24: answers it with the hour 0, which
/// is that of the next day. None where the hour is another.
pub(crate) fn read(time: &str) -> Result<Option<String>, Unacceptable> {
    let Some(rest) = time.strip_prefix("24") else {
        return Ok(None);
    };
    let mut clock = rest
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | ','));
    if clock.any(|c| matches!(c, '1'..='9')) {
        return Err(Unacceptable::new(
            "must not be after 24:00: 24:00 is the end of the day, and the next begins at 00:00",
        ));
    }
    Ok(Some(format!("00{rest}")))
}
