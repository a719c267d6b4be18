//! A page is its owner's as long as they have the nickname, whatever takes it from them.

use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::guest::{Guest, ZOE, events, with_page};
use crate::{
    harness::{Api, fixtures::Fields as _},
    slots::calendars::{Owner, calendar, day, event, text},
};

async fn status(api: &Api, path: &str) -> u16 {
    api.anybody().get(path).await.status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_follows_its_nickname_whichever_operation_changes_it() {
    let api = Api::start().await;
    let client = api.organization();
    let body = |nickname: &str| {
        json!({
            "user": {
                "email": "jean@example.com",
                "account": { "organization": { "extid": "jean" } },
            },
            "vyteme": { "nickname": nickname },
        })
    };
    client.post("/v2/users", &body("page-0")).await.created();
    let user = client.get("/v2/users").await.ok().json()[0].id().to_owned();
    let by_id = |nickname: &str| {
        let mut one = body(nickname);
        one["user"]["_id"] = json!(user);
        json!([one])
    };
    for number in 1..5 {
        let (old, new) = (format!("page-{}", number - 1), format!("page-{number}"));
        let changed = match number {
            1 => client.post("/v2/users", &body(&new)).await,
            2 => client.post("/v2/users/batch", &json!([body(&new)])).await,
            3 => client.put(&format!("/v2/users/{user}"), &body(&new)).await,
            _ => client.put("/v2/users/batch", &by_id(&new)).await,
        };
        assert!(changed.status.is_success(), "{number}: {}", changed.text);
        let found = [format!("/{old}"), format!("/{new}")];
        let found = [status(&api, &found[0]).await, status(&api, &found[1]).await];
        assert_eq!(found, [404, 200], "{number}: {}", changed.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_leaves_the_page_and_the_address_is_free() {
    let api = Api::start().await;
    let (client, operator) = (api.organization(), api.operator());
    let (organization, _) = api.new_organization("Other").await;
    let all = operator.get("/v2/organizations").await.ok().json();
    let mut all = all.as_array().unwrap().iter();
    let other = all.find(|one| one["_id"] == *organization).unwrap();
    let other = other["number"].clone();
    for way in ["moved", "deleted", "unlinked", "taken out"] {
        let user = with_page(&client, "jean", json!({})).await;
        assert_eq!(status(&api, "/jean").await, 200, "{way}");
        let number = client.number_of("jean@example.com").await;
        let path = format!("/api/v1/user/{number}");
        let gone = match way {
            "moved" => operator.put(&path, &json!({ "org_id": other })).await,
            "deleted" => operator.delete(&path).await,
            "unlinked" => client.delete(&format!("/v2/users/{user}")).await,
            _ => {
                let none = json!({ "vyteme": { "nickname": Value::Null } });
                client.put(&format!("/v2/users/{user}"), &none).await
            }
        };
        assert!(gone.status.is_success(), "{way}: {}", gone.text);
        assert_eq!(status(&api, "/jean").await, 404, "{way}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_who_book_with_a_team_at_once_are_all_booked() {
    let api = Api::start().await;
    let client = api.organization();
    let mut members = Vec::new();
    for name in ["ada", "bob", "cyd"] {
        members.push(with_page(&client, name, json!({})).await);
    }
    let team = json!({ "extid": "1", "name": "Sales", "public": true, "members": members });
    let team = client.post("/v2/teams", &team).await.created().id();
    let page = format!("/team/{team}");
    let times = Guest::on(&api, &*page).times().await;
    let mut forms = Vec::new();
    for (index, time) in times[2..26].iter().enumerate() {
        let mut guest = Guest::on(&api, &*page).from(&format!("127.0.0.{}", 100 + index));
        guest.choose(*time).await;
        let form = guest.fill_in(ZOE).await;
        forms.push((guest, form));
    }
    let sent = join_all(forms.iter().map(|(guest, form)| guest.send(form))).await;
    for answer in sent {
        let to = answer.header("location").unwrap_or_default();
        assert!(to.contains("done=booked"), "{}", answer.text);
    }
    assert_eq!(events(&client).await.len(), 24);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_an_owners_own_calendar_is_not_offered_however_late_it_came_there() {
    let age = SignedDuration::from_mins(10);
    let api = Api::start_reading_calendars(age).await;
    let owner = Owner::with(&api, "ada", calendar(&[event("one", day(30), "")])).await;
    let page = json!({ "vyteme": {
        "nickname": "ada", "custom": { "auto_confirm": true, "duration": 60 },
    } });
    let path = format!("/v2/users/{}", owner.user);
    owner.client.put(&path, &page).await.ok();
    let mut guest = Guest::on(&api, "/ada");
    guest.at = format!("?date={}&timezone=UTC", day(30));
    let at = |hour: u8| format!("{}T{hour:02}:00:00Z", day(30)).parse().unwrap();
    let times = guest.times().await;
    assert!(
        times.contains(&at(9)) && !times.contains(&at(10)),
        "{times:?}"
    );
    // Nine is free on the page that the guest looks at, and then it is not any more.
    let busy = event("two", day(30), "").replace("T100000Z", "T090000Z");
    owner
        .server
        .answers(text(calendar(&[busy.replace("T110000Z", "T100000Z")])));
    api.forward(SignedDuration::from_mins(11));
    assert!(guest.choose(at(9)).await.contains("problem=taken"));
    assert_eq!(owner.server.received().len(), 2);
}
