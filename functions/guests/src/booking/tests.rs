//! What a page may ask of the store.

use std::collections::BTreeSet;

/// Everything that handles a request of a page.
const SOURCES: [&str; 3] = [
    include_str!("../booking.rs"),
    include_str!("book.rs"),
    include_str!("page.rs"),
];
/// Whose page it is; and what the operations of `/v2` do, as anybody may have it done.
const ALLOWED: [&str; 12] = [
    "book",
    "count_guest",
    "create_event",
    "hold",
    "hold_shown",
    "now",
    "organization",
    "organization_id",
    "page_owner",
    "public_team",
    "release_hold",
    "user",
];

#[test]
fn a_page_asks_the_store_for_nothing_but_whose_it_is_and_what_the_api_does() {
    let mut asked = BTreeSet::new();
    for source in SOURCES {
        // As one line: a chain of calls may be on several.
        let source: String = source.split_whitespace().collect();
        for of in ["store.", "tenant.", ".tenant(organization)."] {
            for rest in source.split(of).skip(1) {
                let ends = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'));
                asked.insert(
                    rest.get(..ends.unwrap_or(rest.len()))
                        .unwrap_or_default()
                        .to_owned(),
                );
            }
        }
    }
    // The organization's items, of which the names above are asked.
    asked.remove("tenant");
    assert_eq!(asked, ALLOWED.map(str::to_owned).into());
}
