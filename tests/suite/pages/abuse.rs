//! What strangers can do to a page, and what they cannot.

use serde_json::json;

use super::guest::{Guest, ZOE, event, events, with_page};
use crate::harness::{Api, fixtures::Fields as _};

#[tokio::test(flavor = "multi_thread")]
async fn the_addresses_that_a_guest_enters_are_taken_for_nobodys() {
    let api = Api::start().await;
    let client = api.organization();
    with_page(&client, "jean", json!({ "auto_confirm": true })).await;
    with_page(&client, "ann", json!({ "auto_confirm": true })).await;
    let mut guest = Guest::on(&api, "/jean");
    let time = guest.times().await[4];
    guest.choose(time).await;
    let form = format!("{ZOE}&guests=ann%40example.com");
    let form = guest.fill_in(&form).await;
    guest.go(&form).await;
    let booked = event(&client).await;
    let invitees = booked["invitees"].as_array().unwrap();
    let ann = invitees
        .iter()
        .find(|one| one["email"] == "ann@example.com")
        .unwrap();
    assert!(ann.get("user").is_none(), "{ann}");
    // Her time is hers.
    assert!(Guest::on(&api, "/ann").times().await.contains(&time));

    // Who calls themselves the one who is booked gets no key of theirs.
    let mut guest = Guest::on(&api, "/jean");
    let time = guest.times().await[8];
    guest.choose(time).await;
    let form = guest
        .fill_in("action=book&name=Jean&email=jean%40example.com")
        .await;
    let answer = guest.send(&form).await.ok();
    assert!(
        answer.text.contains("data-step=\"booked\""),
        "{}",
        answer.text
    );
    assert!(!answer.text.contains("k="));
}

#[tokio::test(flavor = "multi_thread")]
async fn from_one_network_a_page_takes_so_many_forms_in_a_quarter_of_an_hour() {
    let api = Api::start().await;
    let client = api.organization();
    with_page(&client, "jean", json!({ "auto_confirm": true })).await;
    let mut guest = Guest::on(&api, "/jean");
    for _ in 0..20 {
        guest.go("action=back").await;
    }
    let time = guest.times().await[4];
    assert_eq!(guest.choose(time).await, "?problem=often");
    assert!(guest.see().await.contains("too many attempts"));
    assert!(guest.times().await.contains(&time), "nothing is held");
    // From elsewhere it does, and later.
    let mut other = Guest::on(&api, "/jean").from("127.0.0.9");
    assert!(other.choose(time).await.contains("hold="));
    api.forward(jiff::SignedDuration::from_mins(15));
    assert_eq!(guest.go("action=back").await, "?");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_person_sends_books_nothing() {
    let api = Api::start().await;
    let client = api.organization();
    with_page(&client, "jean", json!({ "auto_confirm": true })).await;
    let mut guest = Guest::on(&api, "/jean");
    let time = guest.times().await[4];
    guest.choose(time).await;
    let hold = guest.at.strip_prefix("?hold=").unwrap().to_owned();
    let at_once = guest.send(&format!("{ZOE}&token={hold}")).await;
    assert_eq!(at_once.status, 422);
    assert!(
        at_once.text.contains("That was very fast"),
        "{}",
        at_once.text
    );
    let form = guest.fill_in(ZOE).await;
    for wrong in [
        format!("{form}&website=x"),
        ZOE.to_owned(),
        format!("{ZOE}&token="),
    ] {
        assert_eq!(guest.send(&wrong).await.status, 422, "{wrong}");
    }
    for wrong in ["", "action=x", "start=x", "action=book&action=book"] {
        assert_eq!(guest.send(wrong).await.status, 400, "{wrong}");
    }
    assert_eq!(events(&client).await.len(), 0);
    guest.go(&form).await;
    event(&client).await.id();
}

#[tokio::test(flavor = "multi_thread")]
async fn times_that_were_never_offered_are_not_booked() {
    let api = Api::start().await;
    let client = api.organization();
    with_page(&client, "jean", json!({})).await;
    with_page(&client, "held", json!({ "auto_confirm": true })).await;
    let offered = Guest::on(&api, "/jean").times().await[4];
    for wrong in [
        (offered + jiff::SignedDuration::from_hours(8)).to_string(),
        "2020-01-06T10:00:00Z".to_owned(),
        (offered + jiff::SignedDuration::from_mins(7)).to_string(),
    ] {
        let mut guest = Guest::on(&api, "/held");
        let to = guest.choose(wrong.parse().unwrap()).await;
        assert_eq!(to, "?problem=taken", "{wrong}");
        let mut guest = Guest::on(&api, "/jean");
        guest.choose(wrong.parse().unwrap()).await;
        let form = guest.fill_in(ZOE).await;
        assert_eq!(guest.go(&form).await, "?problem=taken", "{wrong}");
    }
    let mut guest = Guest::on(&api, "/jean");
    assert_eq!(
        guest.go("action=choose&start=nonsense").await,
        "?problem=few"
    );
    assert_eq!(events(&client).await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_enter_is_text_wherever_it_is_shown() {
    let hostile = "<script>alert('1')</script>\"><b>";
    let api = Api::start().await;
    let client = api.organization();
    let custom = json!({
        "auto_confirm": true, "invite_title": hostile, "enable_api": true,
        "fixed_places": [{ "name": hostile, "address": hostile }, { "name": "There" }],
    });
    let user = with_page(&client, "jean", custom).await;
    let body = json!({
        "user": { "first_name": hostile }, "vyteme": { "message": hostile },
    });
    client.put(&format!("/v2/users/{user}"), &body).await.ok();
    let mut guest = Guest::on(&api, "/jean");
    let escaped: String = url::form_urlencoded::byte_serialize(hostile.as_bytes()).collect();
    guest.at =
        format!("?cn={escaped}&cm={escaped}&em={escaped}&places={escaped}&problem={escaped}");
    let time = guest.times().await[4];
    let mut pages = vec![guest.see().await];
    guest.choose(time).await;
    pages.push(guest.see().await);
    let form = guest
        .fill_in(&format!("action=book&name={escaped}&message={escaped}"))
        .await;
    pages.push(guest.send(&form).await.text);
    guest.at.push_str("&change=timezone");
    pages.push(guest.see().await);
    for page in pages {
        let own = page.replace("<script data-zone=\"Europe/Paris\">", "");
        for raw in ["<script", "<b>", "alert('"] {
            assert!(!own.contains(raw), "{raw} in {page}");
        }
    }
}
