//! The language of somebody whom we do not know yet.
//!
//! No crate does this: `accept-language` sorts weights as floating-point
//! numbers, where `q=nan` breaks the order that sorting relies on, and
//! `fluent-langneg` ignores the weights.

use std::cmp::Reverse;

use roster_domain::users::language::Language;

/// Every language, English first: it is taken where all are equal.
pub const LANGUAGES: [Language; 9] = [
    Language::En,
    Language::Da,
    Language::De,
    Language::Es,
    Language::Fr,
    Language::It,
    Language::Nl,
    Language::Pt,
    Language::Sv,
];

/// The language that an `Accept-Language` header asks for (RFC 9110, 12.5.4),
/// English if it asks for none that we have. A range stands for its primary
/// subtag, so that `pt-BR` gets Portuguese. Of equal weights the first wins. A
/// range that is not well-formed is passed over.
#[must_use]
pub fn negotiate(accept_language: Option<&str>) -> Language {
    let ranges: Vec<(&str, u16)> = accept_language
        .unwrap_or_default()
        .split(',')
        .filter_map(parse)
        .collect();
    let best = |subtag: &str| {
        ranges
            .iter()
            .enumerate()
            .filter(|(_, (range, _))| range.eq_ignore_ascii_case(subtag))
            .map(|(position, (_, weight))| (Reverse(*weight), position))
            .min()
    };
    LANGUAGES
        .into_iter()
        .filter_map(|language| {
            // `*` is about the languages that no other range names.
            let rank = best(language.code()).or_else(|| best("*"))?;
            // RFC 9110, 12.4.2: 0 means not acceptable.
            (rank.0 != Reverse(0)).then_some((rank, language))
        })
        .min_by_key(|(rank, _)| *rank)
        .map_or(Language::En, |(_, language)| language)
}

/// A range's primary subtag, and its weight in thousandths.
fn parse(member: &str) -> Option<(&str, u16)> {
    let (range, weight) = match member.split_once(';') {
        Some((range, weight)) => (range, parse_weight(weight)?),
        None => (member, 1_000),
    };
    let subtag = range.trim().split('-').next()?;
    Some((subtag, weight))
}

/// `q=` and 0 to 1 with at most three decimals.
fn parse_weight(text: &str) -> Option<u16> {
    let (name, value) = text.trim().split_once('=')?;
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    let well_formed = name.eq_ignore_ascii_case("q")
        && decimals.len() <= 3
        && decimals.bytes().all(|b| b.is_ascii_digit());
    if !well_formed {
        return None;
    }
    let thousandths = format!("{decimals:0<3}").parse().ok()?;
    match (whole, thousandths) {
        ("0", _) => Some(thousandths),
        ("1", 0) => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn negotiated(header: &str) -> &'static str {
        negotiate(Some(header)).code()
    }

    #[test]
    fn without_a_header_or_a_language_that_we_have_it_is_english() {
        assert_eq!(negotiate(None), Language::En);
        for header in ["", " , ,", "pl", "zh-Hant, ja;q=0.5", "fr;q=0", "*"] {
            assert_eq!(negotiated(header), "en", "{header:?}");
        }
    }

    #[test]
    fn every_language_can_be_asked_for_by_its_code() {
        for language in LANGUAGES {
            assert_eq!(negotiate(Some(language.code())), language);
        }
    }

    #[test]
    fn the_primary_subtag_decides_in_any_case() {
        for (header, language) in [
            ("pt-BR", "pt"),
            ("DE-at", "de"),
            ("sv-FI-x-private", "sv"),
            ("  nl-BE  ", "nl"),
            ("den", "en"),
        ] {
            assert_eq!(negotiated(header), language, "{header:?}");
        }
    }

    #[test]
    fn the_highest_weight_wins_and_of_equal_weights_the_first() {
        for (header, language) in [
            ("pl, fr;q=0.4, de;q=0.9, en;q=0.8", "de"),
            ("it, es", "it"),
            ("da;q=0.5,sv;q=0.500", "da"),
            ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr"),
            ("en;q=0.999, nl;Q=1.000", "nl"),
            ("fr;q=0.1, es;q=0.2, fr;q=0.3", "fr"),
        ] {
            assert_eq!(negotiated(header), language, "{header:?}");
        }
    }

    #[test]
    fn an_asterisk_stands_for_what_is_not_named_and_zero_refuses() {
        for (header, language) in [
            ("fr;q=0.5, *", "en"),
            ("fr, *;q=0.5", "fr"),
            ("en;q=0, *;q=0.1", "da"),
            ("en;q=0, it;q=0.001", "it"),
        ] {
            assert_eq!(negotiated(header), language, "{header:?}");
        }
    }

    #[test]
    fn a_range_that_is_not_well_formed_is_passed_over() {
        for malformed in [
            "fr;q=nan",
            "fr;q=2",
            "fr;q=1.001",
            "fr;q=0.1234",
            "fr;q=-1",
            "fr;q=+1",
            "fr;q=0.+5",
            "fr;q",
            "fr;",
            "fr;level=1",
            "fr;q=1;q=1",
        ] {
            assert_eq!(negotiated(malformed), "en", "{malformed:?}");
            let header = format!("{malformed}, es;q=0.1");
            assert_eq!(negotiated(&header), "es", "{header:?}");
        }
    }
}
