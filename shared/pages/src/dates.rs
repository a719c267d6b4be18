//! Dates as people read them (Unicode CLDR).

use icu_calendar::{Gregorian, Iso};
use icu_datetime::{
    FixedCalendarDateTimeFormatter, NoCalendarFormatter, fieldsets,
    input::{Date, Time},
};
use icu_locale_core::{Locale, locale};
use jiff::{Timestamp, civil, tz::TimeZone};
use jiff_icu::ConvertInto as _;
use roster_domain::{
    bookings::agenda::TimeSpan,
    users::language::{ByLanguage, Language},
};

/// Between two times of a day: no line ends there (U+2060).
const DASH: &str = "\u{2060}–\u{2060}";

/// A day, as it is written out.
///
/// ```
/// # use roster_pages::dates::day;
/// # use roster_domain::users::language::Language;
/// let date = jiff::civil::date(2027, 1, 5);
/// assert_eq!(day(date, Language::Fr), "mardi 5 janvier 2027");
/// assert_eq!(day(date, Language::En), "Tuesday, January 5, 2027");
/// ```
#[must_use]
pub fn day(date: civil::Date, language: Language) -> String {
    // Of the one calendar: with all others, a function is a twentieth larger.
    let fields = fieldsets::YMDE::long();
    let locale = LOCALES.of(language).into();
    let formatter = FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(locale, fields);
    let Ok(formatter) = formatter else {
        return date.to_string();
    };
    let date: Date<Iso> = date.convert_into();
    formatter.format(&date.to_calendar(Gregorian)).to_string()
}

/// A time of day.
#[must_use]
pub fn time(time: civil::Time, language: Language) -> String {
    let fields = fieldsets::T::hm();
    let Ok(formatter) = NoCalendarFormatter::try_new(LOCALES.of(language).into(), fields) else {
        return time.to_string();
    };
    let time: Time = time.convert_into();
    formatter.format(&time).to_string()
}

/// An instant: the day and the time.
#[must_use]
pub fn instant(instant: Timestamp, zone: &TimeZone, language: Language) -> String {
    let local = instant.to_zoned(zone.clone()).datetime();
    moment(local, language)
}

fn moment(local: civil::DateTime, language: Language) -> String {
    format!(
        "{}, {}",
        day(local.date(), language),
        time(local.time(), language)
    )
}

/// A span of time: the day once where it starts and ends on one, and no times where it
/// lasts all day.
#[must_use]
pub fn span(span: &TimeSpan, all_day: bool, zone: &TimeZone, language: Language) -> String {
    let local = |instant: Timestamp| instant.to_zoned(zone.clone()).datetime();
    let (start, end) = (local(span.start), local(span.end));
    if all_day {
        // It ends when the day after its last one begins.
        let last = end.date().yesterday().unwrap_or(end.date());
        let (first, last) = (start.date(), last.max(start.date()));
        return if first == last {
            day(first, language)
        } else {
            format!("{} – {}", day(first, language), day(last, language))
        };
    }
    if start.date() == end.date() {
        format!(
            "{}{DASH}{}",
            moment(start, language),
            time(end.time(), language)
        )
    } else {
        format!("{} – {}", moment(start, language), moment(end, language))
    }
}

/// The locale of each language: the one that CLDR takes it for without a region.
static LOCALES: ByLanguage<Locale> = ByLanguage::new([
    locale!("da"),
    locale!("de"),
    locale!("en"),
    locale!("es"),
    locale!("fr"),
    locale!("it"),
    locale!("nl"),
    locale!("pt"),
    locale!("sv"),
]);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accept_language::LANGUAGES;

    fn spanning(start: &str, end: &str) -> TimeSpan {
        TimeSpan {
            start: start.parse().expect("an instant"),
            end: end.parse().expect("an instant"),
        }
    }

    #[test]
    fn every_language_writes_a_date_in_its_own_way() {
        let date = civil::date(2027, 1, 5);
        let mut days: Vec<_> = LANGUAGES.iter().map(|one| day(date, *one)).collect();
        assert!(days.contains(&"Dienstag, 5. Januar 2027".to_owned()));
        days.sort();
        days.dedup();
        assert_eq!(days.len(), LANGUAGES.len());
    }

    #[test]
    fn a_span_names_its_day_once_and_is_in_the_readers_zone() {
        let zone = TimeZone::get("Europe/Paris").expect("a zone");
        // Across the change to winter time: three hours by the clock, four in all.
        let night = spanning("2027-10-30T23:00:00Z", "2027-10-31T03:00:00Z");
        let shown = span(&night, false, &zone, Language::De);
        assert_eq!(
            shown,
            format!("Sonntag, 31. Oktober 2027, 01:00{DASH}04:00")
        );
        let long = spanning("2027-01-05T20:00:00Z", "2027-01-06T01:00:00Z");
        let shown = span(&long, false, &zone, Language::Fr);
        let expected = "mardi 5 janvier 2027, 21:00 – mercredi 6 janvier 2027, 02:00";
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_lasts_all_day_has_no_times() {
        let zone = TimeZone::get("Europe/Paris").expect("a zone");
        let one = spanning("2027-01-04T23:00:00Z", "2027-01-05T23:00:00Z");
        assert_eq!(
            span(&one, true, &zone, Language::Nl),
            "dinsdag 5 januari 2027"
        );
        let two = spanning("2027-01-04T23:00:00Z", "2027-01-06T23:00:00Z");
        let shown = span(&two, true, &zone, Language::Nl);
        assert_eq!(shown, "dinsdag 5 januari 2027 – woensdag 6 januari 2027");
    }
}
