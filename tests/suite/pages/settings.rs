//! What each setting of a page does there (`vyteme.custom`): docs/booking-pages.md has the
//! same table.

use serde_json::{Value, json};

use super::guest::{Guest, ZOE, event, name, with_page};
use crate::harness::{Api, Client, fixtures::Fields as _};

/// A page with settings, and the form of it.
async fn form<'a>(api: &'a Api, client: &Client<'_>, custom: Value) -> (Guest<'a>, String) {
    with_page(client, "jean", custom).await;
    let mut guest = Guest::on(api, "/jean");
    let time = guest.times().await[4];
    guest.choose(time).await;
    let shown = guest.see().await;
    assert!(shown.contains("data-step=\"details\""), "{shown}");
    (guest, shown)
}

/// The event that a form leads to.
async fn booked(client: &Client<'_>, guest: &mut Guest<'_>, more: &str) -> Value {
    let form = guest.fill_in(&format!("{ZOE}{more}")).await;
    guest.go(&form).await;
    event(client).await
}

fn has(page: &str, input: &str) -> bool {
    page.contains(&format!("name=\"{input}\""))
}

#[tokio::test(flavor = "multi_thread")]
async fn without_settings_a_page_asks_for_what_it_needs() {
    let api = Api::start().await;
    let client = api.organization();
    let (mut guest, page) = form(&api, &client, json!({})).await;
    for (input, is_there) in [
        ("name", true),
        ("email", true),
        ("phone", false),
        ("company", false),
        ("title", true),
        ("message", true),
        ("guests", true),
        ("other_place", true),
    ] {
        assert_eq!(has(&page, input), is_there, "{input}");
    }
    let more = "&title=Tea&message=Hello%0D%0Athere&guests=bob%40example.org%0D%0Aann%40example.org\
                &other_place=Here";
    let event = booked(&client, &mut guest, more).await;
    assert_eq!(event["title"], "Tea");
    assert_eq!(event["messages"][0]["body"], "Hello\nthere");
    assert_eq!(event["messages"][0]["from"], "zoe@example.org");
    assert_eq!(event["places"][0]["name"], "Here");
    assert_eq!(event["invitees"].as_array().unwrap().len(), 4);
    assert_eq!(event["confirmed"]["flag"], false);
    assert_eq!(event["timezone"], "Europe/Paris");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_asks_for_a_phone_number_and_a_company_where_its_owner_wants_them() {
    let api = Api::start().await;
    let client = api.organization();
    let custom = json!({ "ask_phone": true, "ask_company": true });
    let (mut guest, _) = form(&api, &client, custom).await;
    let form = guest.fill_in(ZOE).await;
    let answer = guest.send(&form).await;
    assert_eq!(answer.status, 422);
    for problem in ["Enter your phone number.", "Enter your company."] {
        assert!(answer.text.contains(problem), "{}", answer.text);
    }
    assert!(
        answer.text.contains("value=\"Zoé\""),
        "what was entered stays"
    );
    let event = booked(&client, &mut guest, "&phone=%2B33+1&company=Tea+Ltd").await;
    assert_eq!(event["invitees"][1]["phone"], "+33 1");
    assert_eq!(name(&event, "zoe@example.org"), "Zoé (Tea Ltd)");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_answers_at_once_and_names_events_and_keeps_guests_from_it() {
    let api = Api::start().await;
    let client = api.organization();
    let custom = json!({
        "auto_message": "Thanks!", "auto_title": "{{me}} meets {{invitee}}", "hide_title": true,
        "block_new_invitee": true,
    });
    let (mut guest, page) = form(&api, &client, custom).await;
    assert!(!has(&page, "title") && !has(&page, "guests"));
    let more = "&title=Mine&message=Hi&guests=bob%40example.org";
    let event = booked(&client, &mut guest, more).await;
    assert_eq!(event["title"], "Jean Dupont meets Zoé");
    let messages = event["messages"].as_array().unwrap();
    let said: Vec<_> = messages
        .iter()
        .map(|one| [one.field("from"), one.field("body")])
        .collect();
    assert_eq!(
        said,
        [["zoe@example.org", "Hi"], ["jean@example.com", "Thanks!"]]
    );
    assert_eq!(event["invitees"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_chosen_hidden_and_added_as_the_owner_allows() {
    let places = json!([{ "name": "Office", "address": "1 rue A" }, { "name": "Video" }]);
    for (custom, more, expected) in [
        (json!({ "fixed_places": places }), "&place=1", Some("Video")),
        (
            json!({ "fixed_places": places }),
            "&place=other&other_place=Bar",
            Some("Bar"),
        ),
        (
            json!({ "fixed_places": places, "forbid_add_places": true }),
            "&place=0",
            Some("Office"),
        ),
        (
            json!({ "fixed_places": places, "hide_places": true }),
            "&place=1",
            Some("Office"),
        ),
        (
            json!({ "fixed_places": [places[1]], "forbid_add_places": true }),
            "",
            Some("Video"),
        ),
        (
            json!({ "forbid_add_places": true }),
            "&other_place=Bar",
            None,
        ),
        (json!({ "hide_places": true }), "&other_place=Bar", None),
    ] {
        let api = Api::start().await;
        let client = api.organization();
        let (mut guest, page) = form(&api, &client, custom.clone()).await;
        let may_add = custom["forbid_add_places"] != true && custom["hide_places"] != true;
        assert_eq!(has(&page, "other_place"), may_add, "{custom}");
        let is_shown = custom["hide_places"] != true && custom["fixed_places"].is_array();
        assert_eq!(page.contains("Video"), is_shown, "{custom}");
        let event = booked(&client, &mut guest, more).await;
        assert_eq!(event["places"][0]["name"].as_str(), expected, "{custom}");
    }
    let api = Api::start().await;
    let client = api.organization();
    let custom = json!({ "fixed_places": places, "forbid_add_places": true });
    let (guest, _) = form(&api, &client, custom).await;
    for wrong in ["", "&place=2", "&place=other&other_place=Bar"] {
        let form = guest.fill_in(&format!("{ZOE}{wrong}")).await;
        let answer = guest.send(&form).await;
        assert!(
            answer.text.contains("Choose a place."),
            "{wrong}: {}",
            answer.text
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_has_its_owners_words_language_and_zone() {
    let api = Api::start().await;
    let client = api.organization();
    let custom = json!({
        "invite_title": "Meet me", "set_lang": true, "fixed_lang": "de", "set_timezone": true,
        "fixed_timezone": "Asia/Tokyo", "hide_support": true, "one_slot": true,
    });
    with_page(&client, "jean", custom).await;
    let mut guest = Guest::on(&api, "/jean");
    guest.at = "?lang=fr&timezone=Europe/Rome".to_owned();
    let shown = guest.see().await;
    assert!(
        shown.contains("<html lang=\"de\">") && shown.contains("Meet me"),
        "{shown}"
    );
    assert!(shown.contains("Asia/Tokyo") && !shown.contains("Europe/Rome"));
    assert!(!shown.contains("change=timezone") && !shown.contains("<script"));
    assert!(!shown.contains("funktioniert"), "hide_support");
    assert!(
        has(&shown, "start") && !shown.contains("name=\"time-"),
        "one_slot"
    );
    let time = guest.times().await[3];
    guest.choose(time).await;
    let event = booked(&client, &mut guest, "").await;
    assert_eq!(event["timezone"], "Asia/Tokyo");
    assert_eq!(event["lang"], "de");

    let path = format!("/v2/users/{}", event["created_by"].field("user"));
    let open = json!({ "vyteme": { "custom": {
        "set_lang": false, "set_timezone": false, "hide_support": false,
    } } });
    client.put(&path, &open).await.ok();
    let mut guest = Guest::on(&api, "/jean");
    guest.at = "?lang=fr&timezone=Europe/Rome".to_owned();
    let shown = guest.see().await;
    assert!(shown.contains("<html lang=\"fr\">") && shown.contains("Europe/Rome"));
    assert!(
        shown.contains("Si quelque chose ne fonctionne pas"),
        "{shown}"
    );
    guest.at.push_str("&change=timezone");
    assert!(
        guest
            .see()
            .await
            .contains("<option selected>Europe/Rome</option>")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_booked_goes_where_the_owner_wants() {
    let api = Api::start().await;
    let client = api.organization();
    let custom = json!({ "redirect_url": "https://thanks.example/to?you=1", "auto_confirm": true });
    let (mut guest, _) = form(&api, &client, custom).await;
    let policy = guest.look().await;
    let policy = policy.header("content-security-policy").unwrap();
    assert!(
        policy.ends_with("form-action 'self' https://thanks.example"),
        "{policy}"
    );
    let form = guest.fill_in(ZOE).await;
    assert_eq!(guest.go(&form).await, "https://thanks.example/to?you=1");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_fills_in_the_form_where_the_owner_allows_it() {
    let query = "?cn=Zo%C3%A9&cm=zoe%40example.org&cc=Tea&cp=123&em=Hi&et=%7B%7Bme%7D%7D+%26+%7B%7Binvitee%7D%7D\
                 &places=Bar%7C1+rue+B%7C%7CCafe&aid=crm&agid=7&utm_source=x";
    for allows in [true, false] {
        let api = Api::start().await;
        let client = api.organization();
        let custom = json!({
            "enable_api": allows, "ask_phone": true, "ask_company": true, "auto_confirm": true,
        });
        with_page(&client, "jean", custom).await;
        let mut guest = Guest::on(&api, "/jean");
        guest.at = query.to_owned();
        let time = guest.times().await[4];
        guest.choose(time).await;
        let shown = guest.see().await;
        for value in [
            "value=\"Zoé\"",
            "value=\"zoe@example.org\"",
            "value=\"Tea\"",
            "Cafe",
        ] {
            assert_eq!(shown.contains(value), allows, "{value} {shown}");
        }
        assert!(!guest.at.contains("utm_source"));
        let event = booked(&client, &mut guest, "&phone=123&company=Tea&place=0").await;
        let expected = if allows {
            "Jean Dupont & Zoé"
        } else {
            "Zoé – Jean Dupont"
        };
        assert_eq!(event["title"], expected);
        let place = &event["places"][0]["address"];
        assert_eq!(place.as_str(), allows.then_some("1 rue B"));
        let third = &event["third_party"];
        assert_eq!(third["app"].as_str(), allows.then_some("crm"), "{event}");
    }
}
