//! Listing the events of an organization.

use super::*;

/// The titles that a list shows.
async fn titles(client: &Client<'_>, query: &str) -> Vec<String> {
    let listed = client.get(&format!("/v2/events?{query}")).await.ok().json();
    let listed = listed.as_array().unwrap().iter();
    listed
        .map(|event| event.field("title").to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_parameter_narrows_the_list_and_all_of_them_hold() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 2, json!({ "strategy": "round_robin" })).await;
    for (number, title) in (1..).zip(["one", "two", "three", "four"]) {
        let (start, end) = hour(number, 10);
        let mut body = booking(&[(&start, &end)]);
        body["title"] = json!(title);
        body["invitees"] = json!([{ "email": format!("{title}@example.org") }]);
        body["confirmed"] = json!({ "flag": number == 1 });
        if title == "three" {
            body["invitees"] = json!([{ "email": "member1@example.com" }]);
        }
        team.post(&client, &body).await.created();
    }
    let all = client.get("/v2/events").await.ok().json();
    let four = change(&client, &all[0], "cancel", &json!({})).await;
    assert_eq!(four.status, 200);
    let id = team.path.rsplit_once('/').unwrap().1;
    let [first, second] = [&team.members[0], &team.members[1]];
    for (query, expected) in [
        (String::new(), vec!["four", "three", "two", "one"]),
        ("filter=upcoming".into(), vec!["three", "two", "one"]),
        ("filter=future".into(), vec!["four", "three", "two", "one"]),
        ("filter=confirmed".into(), vec!["one"]),
        ("q=%5Et".into(), vec!["three", "two"]),
        (format!("team={id}"), vec!["four", "three", "two", "one"]),
        (format!("creator_users={first}"), vec!["three", "one"]),
        (format!("creator_users={first},{second}"), vec![]),
        (
            "creator_emails=Member0@example.com".into(),
            vec!["three", "one"],
        ),
        (format!("invitee_users={second}"), vec!["three"]),
        (
            format!("creator_users={first}&invitee_users={second}&q=r"),
            vec!["three"],
        ),
        ("invitee_emails=two@example.org".into(), vec!["two"]),
        (
            "invitee_emails=two@example.org,booker@example.org".into(),
            vec!["two"],
        ),
        ("invitee_emails=nobody@example.org".into(), vec![]),
        ("from=2030-01-02&to=2030-01-03".into(), vec!["three", "two"]),
        (
            "from=2030-01-02&to=2030-01-02&timezone=Pacific/Kiritimati".into(),
            vec!["one"],
        ),
        (
            "from=2030-01-03&to=2030-01-03&timezone=Pacific/Kiritimati".into(),
            vec!["two"],
        ),
        ("limit=2".into(), vec!["four", "three"]),
    ] {
        assert_eq!(titles(&client, &query).await, expected, "{query}");
    }
    for (query, place) in [
        ("from=2030-01-02", "to"),
        ("to=2030-01-02", "from"),
        ("from=2030-01-02&to=2030-01-01", "to"),
        ("filter=past", "filter"),
        ("creator_users=me", "creator_users"),
        ("invitee_emails=me", "invitee_emails"),
    ] {
        let refused = client.get(&format!("/v2/events?{query}")).await;
        assert_eq!(
            (refused.status.as_u16(), refused.places()),
            (400, vec![place.to_owned()])
        );
    }
    let unknown = client.get("/v2/events?team=5f5e10000000000000000000").await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_goes_on_where_a_page_ends_and_shows_each_event_once() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 2, json!({})).await;
    for number in 1..=7 {
        let mut body = booking(&[]);
        body["title"] = json!(format!("{}", number % 2));
        team.post(&client, &body).await.created();
    }
    for query in ["limit=2", "limit=2&q=1", "limit=1&filter=upcoming"] {
        let (mut ids, mut path) = (Vec::new(), format!("/v2/events?{query}"));
        loop {
            let page = client.get(&path).await.ok();
            let events = page.json();
            ids.extend(
                events
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|event| event.id().to_owned()),
            );
            match page.next_link() {
                Some(next) => path = next,
                None => break,
            }
        }
        assert_eq!(
            ids.len(),
            if query.contains('q') { 4 } else { 7 },
            "{query}"
        );
        assert!(
            ids.is_sorted_by(|newer, older| newer > older),
            "{query}: {ids:?}"
        );
    }
}

/// The ids of all pages of a list.
async fn paged(client: &Client<'_>, path: &str, limit: usize) -> Vec<String> {
    let events = client.list_all(path, limit).await;
    events.iter().map(|event| event.id().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_teams_list_is_the_same_however_many_events_of_others_are_between() {
    let api = Api::start().await;
    let client = api.organization();
    let mut teams = Vec::new();
    for name in ["many", "few"] {
        let member = client.new_user_id(&format!("{name}@example.com")).await;
        let team = json!({ "extid": name, "name": name, "members": [member] });
        let id = client.new_team(team).await.id().to_owned();
        teams.push(format!("/v2/teams/{id}/events"));
    }
    // The newest are of both by turns, then of one for long, then of the other.
    let which = |number: u32| match number {
        0..8 | 40..60 => usize::from(number.is_multiple_of(2)),
        8..24 => 1,
        _ => 0,
    };
    let mut booked = [Vec::new(), Vec::new()];
    for number in 0..60 {
        let (start, end) = hour(1 + number / 20, number % 20);
        let own = which(number);
        let event = client
            .post(&teams[own], &booking(&[(&start, &end)]))
            .await
            .created();
        booked[own].insert(0, event.id());
    }
    for (team, booked) in teams.iter().zip(&booked) {
        for limit in [1, 2, 3, 7, 16, 17, 29, 60] {
            assert_eq!(paged(&client, team, limit).await, *booked, "{limit}");
        }
        let whole = client.get(team).await.ok();
        assert_eq!(whole.next_link(), None);
        let whole = whole.json();
        let whole: Vec<_> = whole
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one.id())
            .collect();
        assert_eq!(whole, *booked);
    }
}
