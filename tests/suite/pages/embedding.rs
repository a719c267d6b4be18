//! A page within another: only where its owner says so.

use serde_json::json;

use super::guest::{Guest, ZOE, between, event, with_page};
use crate::harness::{Api, fixtures::Fields as _};

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_shown_within_the_websites_that_its_owner_names_and_in_no_other() {
    let api = Api::start().await;
    let client = api.organization();
    let custom = json!({
        "embed_origins": ["https://www.example.com", "https://a.example:8443"],
        "redirect_url": "https://thanks.example",
    });
    with_page(&client, "jean", custom).await;
    with_page(&client, "alone", json!({})).await;
    for (path, within) in [
        ("/jean", "'none'"),
        (
            "/jean?embed",
            "https://www.example.com https://a.example:8443",
        ),
        (
            "/jean?embed=1&timezone=UTC",
            "https://www.example.com https://a.example:8443",
        ),
        (
            "/jean?embed&change=timezone",
            "https://www.example.com https://a.example:8443",
        ),
        ("/alone?embed", "'none'"),
        ("/nobody?embed", "'none'"),
    ] {
        let answer = api.anybody().get(path).await;
        let policy = answer.header("content-security-policy").unwrap();
        let directive = format!("frame-ancestors {within}");
        let directives: Vec<_> = policy.split("; ").collect();
        assert!(directives.contains(&&*directive), "{path}: {policy}");
        let denied = answer.header("x-frame-options");
        assert_eq!(denied.is_some(), within == "'none'", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_booked_on_an_embedded_page_stays_there_and_the_page_around_is_told() {
    let api = Api::start().await;
    let client = api.organization();
    let custom = json!({
        "auto_confirm": true, "embed_origins": ["https://www.example.com"],
        "redirect_url": "https://thanks.example",
    });
    with_page(&client, "jean", custom).await;
    let mut guest = Guest::on(&api, "/jean");
    guest.at = "?embed".to_owned();
    let time = guest.times().await[4];
    assert!(guest.see().await.contains("roster:height"));
    let to = guest.choose(time).await;
    assert!(to.contains("embed="), "{to}");
    let form = guest.fill_in(ZOE).await;
    let shown = guest.send(&form).await.ok().text;
    let booked = event(&client).await;
    assert_eq!(between(&shown, "data-event=\"", "\""), [booked.id()]);
    let link = between(&shown, "href=\"", "\"")[0].replace("&#38;", "&");
    assert!(link.starts_with(&format!("e/{}?k=", booked.id())), "{link}");
    api.anybody().get(&format!("/{link}")).await.ok();
    // Sent again, it shows the same.
    assert_eq!(guest.send(&form).await.ok().text, shown);
}
