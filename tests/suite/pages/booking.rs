//! Guests book on pages of users and of teams.

use jiff::{SignedDuration, Timestamp, ToSpan as _, tz::TimeZone};
use serde_json::{Value, json};

use super::guest::{Guest, ZOE, between, event, events, id_in, with_page};
use crate::harness::{Api, fixtures::Fields as _};

fn held() -> Value {
    json!({ "auto_confirm": true, "duration": 60 })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_chooses_a_time_fills_in_who_they_are_and_has_an_event_that_they_can_cancel() {
    let api = Api::start().await;
    let client = api.organization();
    with_page(&client, "jean", held()).await;
    let mut guest = Guest::on(&api, "/jean");
    let times = guest.times().await;
    let own = TimeZone::get("Europe/Paris").unwrap();
    let hour = |time: &Timestamp| time.to_zoned(own.clone()).hour();
    assert!(
        times.iter().all(|time| (9..12).contains(&hour(time))),
        "{times:?}"
    );
    let time = times[4];
    guest.choose(time).await;
    // It is kept: nobody else is offered it.
    assert!(!Guest::on(&api, "/jean").times().await.contains(&time));
    let form = guest.fill_in(ZOE).await;
    let to = guest.go(&form).await;
    let booked = event(&client).await;
    assert_eq!(booked.id(), id_in(&to));
    assert_eq!(booked["confirmed"]["flag"], true);
    assert_eq!(booked["vyteme"], true);
    assert_eq!(booked["title"], "Zoé – Jean Dupont");
    assert_eq!(booked["dates"][0]["date"], format!("{time:.3}"));
    assert_eq!(booked["invitees"][1]["booker"], true);

    let page = api.anybody().get(&format!("/{to}")).await.ok().text;
    assert!(page.contains("Your booking is made"), "{page}");
    let path = format!("/{}", to.split_once('&').unwrap().0);
    let cancelled = api.anybody();
    let answer = cancelled
        .send_form(reqwest::Method::POST, &path, "action=cancel")
        .await;
    assert_eq!(answer.status, 303);
    assert!(event(&client).await["cancelled"].is_string());
    assert!(Guest::on(&api, "/jean").times().await.contains(&time));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_makes_one_booking_however_often_it_is_sent() {
    let api = Api::start().await;
    let client = api.organization();
    with_page(&client, "jean", held()).await;
    with_page(&client, "open", json!({})).await;
    for page in ["/jean", "/open"] {
        let mut guest = Guest::on(&api, page);
        let time = guest.times().await[3];
        guest.choose(time).await;
        let form = guest.fill_in(ZOE).await;
        let both = futures_util::future::join_all([guest.send(&form), guest.send(&form)]).await;
        let first = both.iter().find_map(|one| {
            let to = one.header("location")?;
            to.starts_with("e/").then(|| to.to_owned())
        });
        let first = first.expect("one of them booked");
        assert_eq!(guest.go(&form).await, first);
        assert_eq!(guest.go(&form).await, first);
        // With something else in it, it is another form, for a time that is not kept any more.
        let another = guest.send(&form.replace("zoe", "bob")).await;
        assert_ne!(another.header("location"), Some(&*first));
    }
    assert_eq!(events(&client).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_is_kept_for_ten_minutes_and_can_be_given_up() {
    let api = Api::start().await;
    let client = api.organization();
    with_page(&client, "jean", held()).await;
    let mut guest = Guest::on(&api, "/jean");
    let time = guest.times().await[5];
    guest.choose(time).await;
    let form = guest.fill_in(ZOE).await;
    api.forward(SignedDuration::from_mins(11));
    let to = guest.go(&form).await;
    assert_eq!(to, "?problem=ended");
    assert!(
        guest
            .see()
            .await
            .contains("We could not keep this time any longer")
    );
    assert_eq!(events(&client).await.len(), 0);

    guest.choose(time).await;
    assert!(!Guest::on(&api, "/jean").times().await.contains(&time));
    assert_eq!(guest.go("action=back").await, "?");
    assert!(guest.times().await.contains(&time));
    // What is held on another page is nothing here.
    with_page(&client, "other", held()).await;
    let mut other = Guest::on(&api, "/other");
    let on_other = other.times().await[6];
    other.choose(on_other).await;
    guest.at.clone_from(&other.at);
    assert!(guest.see().await.contains("data-step=\"times\""));
    guest.go("action=back").await;
    assert!(!Guest::on(&api, "/other").times().await.contains(&on_other));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_somebody_else_takes_meanwhile_is_said_to_be_taken() {
    let api = Api::start().await;
    let client = api.organization();
    let user = with_page(&client, "jean", held()).await;
    let mut guest = Guest::on(&api, "/jean");
    let time = guest.times().await[5];
    let take = async || {
        let end = time + 1.hour();
        let body = json!({
            "title": "Taken", "created_by": { "user": user }, "confirmed": { "flag": true },
            "dates": [{ "date": time.to_string(), "end_date": end.to_string() }],
        });
        client.post("/v2/events", &body).await.created();
    };
    take().await;
    assert_eq!(guest.choose(time).await, "?problem=taken");
    assert!(
        guest
            .see()
            .await
            .contains("Somebody else has just taken this time")
    );

    // The same where nothing is held: while the form is filled in.
    let path = format!("/v2/users/{user}");
    let open = json!({ "vyteme": { "custom": { "auto_confirm": false } } });
    client.put(&path, &open).await.ok();
    let mut guest = Guest::on(&api, "/jean");
    let later = guest.times().await[8];
    guest.choose(later).await;
    let form = guest.fill_in(ZOE).await;
    let end = later + 1.hour();
    let body = json!({
        "title": "Taken", "created_by": { "user": user }, "confirmed": { "flag": true },
        "dates": [{ "date": later.to_string(), "end_date": end.to_string() }],
    });
    client.post("/v2/events", &body).await.created();
    assert_eq!(guest.go(&form).await, "?problem=taken");
    assert_eq!(events(&client).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_times_can_be_suggested_also_on_days_that_are_not_shown_together() {
    let api = Api::start().await;
    let client = api.organization();
    with_page(&client, "jean", json!({ "min_dates": 3, "duration": 30 })).await;
    let mut guest = Guest::on(&api, "/jean");
    let shown = guest.see().await;
    assert!(
        shown.contains("<dt>Times to choose at least</dt>\n<dd>3</dd>"),
        "{shown}"
    );
    let early = guest.times().await;
    let to = guest
        .go(&format!("action=choose&time-{}=on", early[2]))
        .await;
    assert!(to.contains("problem=few"), "{to}");
    // What was ticked stays so.
    let ticked = format!("time-{}\" checked", early[2]);
    assert!(guest.see().await.contains(&ticked));
    guest.go(&format!("action=more&time-{}=on", early[2])).await;
    let shown = guest.see().await;
    assert!(shown.contains("Already chosen"), "{shown}");
    let late = guest.times().await;
    assert!(late[0] > *early.last().unwrap());
    guest
        .go(&format!(
            "action=choose&time-{}=on&time-{}=on",
            late[1], late[7]
        ))
        .await;
    let form = guest.fill_in(ZOE).await;
    guest.go(&form).await;
    let booked = event(&client).await;
    assert_eq!(booked["confirmed"]["flag"], false);
    let dates = booked["dates"].as_array().unwrap();
    let starts: Vec<_> = dates.iter().map(|date| date["date"].clone()).collect();
    let chosen = [early[2], late[1], late[7]].map(|time| json!(format!("{time:.3}")));
    assert_eq!(starts, chosen);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_teams_page_books_whose_turn_it_is_and_says_nothing_of_its_members() {
    let api = Api::start().await;
    let client = api.organization();
    let mut members = Vec::new();
    for name in ["ada", "bob"] {
        members.push(with_page(&client, name, json!({})).await);
    }
    let team = json!({ "extid": "1", "name": "Sales", "public": true, "members": members });
    let team = client.post("/v2/teams", &team).await.created().json();
    let page = format!("/team/{}", team.id());
    let mut booked = Vec::new();
    for turn in 0..2 {
        let mut guest = Guest::on(&api, &*page);
        let shown = guest.see().await;
        for private in ["Jean", "Dupont", "ada", "bob@example.com", &*members[0]] {
            assert!(!shown.contains(private), "{private} in {shown}");
        }
        let time = guest.times().await[2 + turn * 2];
        let to = guest.book(time).await;
        assert!(to.starts_with("../e/"), "{to}");
        let path = format!("/v2/events/{}", id_in(&to));
        let event = client.get(&path).await.ok().json();
        assert_eq!(event["title"], "Zoé – Sales");
        assert_eq!(event["confirmed"]["flag"], true);
        booked.push(event["created_by"].field("user").to_owned());
    }
    booked.sort();
    members.sort();
    assert_eq!(booked, members);
    let of_page = format!("{page}?minutes=90");
    let guest = Guest::on(&api, of_page);
    assert!(guest.see().await.contains("<dd>90</dd>"));

    let private = json!({ "public": false });
    client
        .put(&format!("/v2/teams/{}", team.id()), &private)
        .await
        .ok();
    assert_eq!(api.anybody().get(&page).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_where_its_nickname_is_and_nowhere_else() {
    let api = Api::start().await;
    let client = api.organization();
    let user = with_page(&client, "jean", json!({ "duration": 20 })).await;
    let status = async |path: &str| api.anybody().get(path).await.status.as_u16();
    let minutes = async |path: &str| {
        let shown = Guest::on(&api, path).see().await;
        between(&shown, "<dd>", "</dd>")[0].to_owned()
    };
    assert_eq!(minutes("/jean").await, "20");
    assert_eq!(minutes("/JEAN/45").await, "45");
    for none in [
        "/nobody",
        "/j",
        "/jean/0",
        "/jean/045",
        "/jean/1441",
        "/jean/x",
        "/jean/-5",
        "/je%20an",
        "/team/x",
        "/team/5f5e10000000000000000000",
    ] {
        assert_eq!(status(none).await, 404, "{none}");
    }
    let path = format!("/v2/users/{user}");
    let rename = async |to: Value| {
        let body = json!({ "vyteme": { "nickname": to } });
        client.put(&path, &body).await.ok();
    };
    rename(json!("johnny")).await;
    assert_eq!([status("/jean").await, status("/johnny").await], [404, 200]);
    rename(json!(null)).await;
    assert_eq!(status("/johnny").await, 404);
    rename(json!("jean")).await;

    // Another organization has it too: the oldest one's it is, until it is free.
    let (_, other) = api.new_organization("Other").await;
    with_page(&other, "jean", json!({ "duration": 99 })).await;
    assert_eq!(minutes("/jean").await, "20");
    client.delete(&path).await.ok();
    assert_eq!(minutes("/jean").await, "99");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_deactivated_has_no_page() {
    let api = Api::start().await;
    let client = api.organization();
    with_page(&client, "jean", json!({})).await;
    let number = client.number_of("jean@example.com").await;
    let path = format!("/api/v2/users/{number}/deactivate");
    client.post_nothing(&path).await.ok();
    assert_eq!(api.anybody().get("/jean").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_sees_times_in_their_zone_on_both_sides_of_both_changes_of_the_clocks() {
    let api = Api::start().await;
    let client = api.organization();
    with_page(&client, "jean", held()).await;
    for (date, before, after) in [
        ("2027-03-22", "3:00AM", "2:00AM"),
        ("2027-10-25", "2:00AM", "3:00AM"),
    ] {
        let mut guest = Guest::on(&api, "/jean");
        guest.at = format!("?date={date}&timezone=America/Bogota");
        let shown = guest.see().await;
        let days: Vec<_> = shown.split("<h3").skip(1).collect();
        let first = |day: &str| between(day, "\">", "</button>")[0].replace(['\u{202f}', ' '], "");
        let texts: Vec<_> = days.iter().map(|day| first(day)).collect();
        // Paris changes its clocks on the seventh day, Bogotá never.
        let expected: Vec<_> = (0..14)
            .map(|day| if day < 6 { before } else { after })
            .collect();
        assert_eq!(texts, expected);
    }
    // Paris changes on 28 March: from then on nine there is an hour earlier in Bogotá.
    let mut guest = Guest::on(&api, "/jean");
    guest.at = "?date=2027-03-27&timezone=America/Bogota".to_owned();
    let times = guest.times().await;
    let firsts: Vec<_> = [times[0], times[3]].map(|time| time.to_string()).to_vec();
    assert_eq!(firsts, ["2027-03-27T08:00:00Z", "2027-03-28T07:00:00Z"]);
    guest.choose(times[3]).await;
    assert!(guest.see().await.contains("Sunday, March 28, 2027"));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_time_is_free_the_next_one_is_named() {
    let api = Api::start().await;
    let client = api.organization();
    let user = with_page(&client, "jean", held()).await;
    let today = api.app().clock.now().to_zoned(TimeZone::UTC).date();
    let last = today + 20.days();
    let off = json!({ "from": today.to_string(), "to": last.to_string(), "reason": "Leave" });
    let path = format!("/v2/users/{user}/time-off");
    client.post(&path, &off).await.created();
    let mut guest = Guest::on(&api, "/jean");
    let shown = guest.see().await;
    assert!(shown.contains("No time is free on these days"), "{shown}");
    assert!(!shown.contains("Leave"));
    let next = last + 1.day();
    let link = format!("?date={next}");
    assert!(shown.contains(&link), "{shown}");
    guest.at = link;
    assert!(!guest.times().await.is_empty());
}
