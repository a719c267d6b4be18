//! What holds of every page and its texts in nine languages, for tests.

use std::collections::BTreeMap;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use lambda_http::http::header;
use roster_domain::users::language::Language;
use sha2::{Digest as _, Sha256};

use crate::{accept_language::LANGUAGES, headers};

/// Every text by its name.
pub type Named = BTreeMap<String, String>;

/// Holds texts to what is true of all: each is there in each language and is not English,
/// but for `same`, and each is typeset.
///
/// # Panics
/// Where one is not.
pub fn texts(all: impl Fn(Language) -> Named, same: &[(Language, &str)]) {
    let english = all(Language::En);
    for language in LANGUAGES {
        for (name, text) in all(language) {
            assert!(!text.trim().is_empty(), "{language} {name}");
            if language != Language::En {
                let is_same = english.get(&name) == Some(&text);
                let may_be = same.contains(&(language, &name));
                assert_eq!(is_same, may_be, "{language} {name}: {text}");
            }
            let typed = text.contains(['\'', '"']) || text.contains("  ");
            assert!(!typed, "{language} {name}: {text}");
            // French has a no-break space before these, the others none.
            for mark in [":", "?", "!"] {
                let spaced = text.contains(&format!("\u{a0}{mark}"));
                let french = language == Language::Fr && text.contains(mark);
                assert_eq!(spaced, french, "{language} {name}: {text}");
            }
        }
    }
}

/// What stands between two texts, each time.
#[must_use]
pub fn between<'a>(page: &'a str, start: &'a str, end: &'a str) -> Vec<&'a str> {
    let rests = page.split(start).skip(1);
    rests
        .filter_map(|rest| Some(rest.split_once(end)?.0))
        .collect()
}

/// Holds a page to what all keep to: it is a document in its language with one heading, it
/// runs no script and loads nothing, its policy allows its style and no other, and whatever
/// names an id finds it once.
///
/// # Panics
/// Where it does not.
pub fn page(page: &str, language: Language) {
    let start = format!("<!DOCTYPE html>\n<html lang=\"{language}\">");
    assert!(
        page.starts_with(&start) && page.ends_with("</html>"),
        "{page}"
    );
    for once in ["</h1>", "<main ", "<title>", "<style>"] {
        assert_eq!(page.matches(once).count(), 1, "{once} {page}");
    }
    let titles = between(page, "<title>", "</title>");
    assert!(
        titles.iter().all(|title| !title.trim().is_empty()),
        "{page}"
    );

    // Where a link leads is not loaded.
    let links = between(page, "<a ", "</a>");
    let without = links
        .iter()
        .fold(page.to_owned(), |page, link| page.replace(link, ""));
    let could_load = ["<script", "http://", "https://", "src=", "url(", "@import"];
    // Neither of these could run nor apply under the policy.
    let could_run = [" style=", " onclick=", " onload=", "javascript:"];
    for wrong in could_load.into_iter().chain(could_run) {
        assert!(!without.contains(wrong), "{wrong} {page}");
    }

    let [policy, .., own_language] = headers(language);
    assert_eq!(policy.0, header::CONTENT_SECURITY_POLICY);
    assert_eq!(own_language, (header::CONTENT_LANGUAGE, language.code()));
    let allowed = between(policy.1, "style-src 'sha256-", "'");
    let styles = between(page, "<style>", "</style>").into_iter();
    let digests: Vec<_> = styles
        // A carriage return would be another text once a browser has read it.
        .inspect(|style| assert!(!style.contains('\r')))
        .map(|style| BASE64_STANDARD.encode(Sha256::digest(style)))
        .collect();
    assert_eq!(allowed, digests, "{page}");

    let ids = between(page, " id=\"", "\"");
    for id in &ids {
        assert_eq!(
            ids.iter().filter(|other| *other == id).count(),
            1,
            "{id} {page}"
        );
    }
    let labels = between(page, " for=\"", "\"");
    let fields = ["<input ", "<select ", "<textarea "];
    let fields = fields.map(|tag| page.matches(tag).count());
    let hidden = page.matches("type=\"hidden\"").count();
    assert_eq!(
        labels.len() + hidden,
        fields.iter().sum::<usize>(),
        "{page}"
    );
    let described = between(page, "aria-describedby=\"", "\"");
    let named = labels
        .into_iter()
        .chain(between(page, "href=\"#", "\""))
        .chain(between(page, "aria-labelledby=\"", "\""))
        .chain(described.into_iter().flat_map(|ids| ids.split(' ')));
    for name in named {
        assert!(ids.contains(&name), "{name} in {page}");
    }
}
