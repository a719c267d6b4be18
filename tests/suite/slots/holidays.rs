//! The whole days in the calendars of a team or an organization are holidays there.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::calendars::{AGAIN, Owner, SOON, calendar, day, event, pass, text};
use crate::harness::{Api, fixtures::Fields};

/// Whole days, as those show them who publish holidays.
fn holiday(first: Date, behind: Date) -> String {
    let (first, behind) = (first.strftime("%Y%m%d"), behind.strftime("%Y%m%d"));
    format!(
        "BEGIN:VEVENT\r\nUID:{first}\r\nDTSTAMP:20260101T000000Z\r\n\
         DTSTART;VALUE=DATE:{first}\r\nDTEND;VALUE=DATE:{behind}\r\nTRANSP:TRANSPARENT\r\n\
         SUMMARY:National Day\r\nEND:VEVENT\r\n"
    )
}

/// The organizations and the team whose calendars these can be.
async fn owners(owner: &Owner<'_>) -> [String; 2] {
    let organization = owner.client.get("/v2/auth/test").await.json();
    [
        format!("/v2/teams/{}", owner.team),
        format!("/v2/organizations/{}", organization.id()),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_days_in_a_calendar_of_a_team_or_everybody_are_holidays_and_follow_it() {
    let api = Api::start().await;
    api.caught_up().await;
    let owner = Owner::new(&api, "ada").await;
    let is_off = async |date: Date| {
        let answer = owner.book(date, 10).await;
        if answer.status == 201 {
            let path = format!("/v2/events/{}/cancel", answer.json().id());
            owner.client.post(&path, &json!({})).await.ok();
            return false;
        }
        assert_eq!(answer.status, 409, "{}", answer.text);
        assert!(
            answer.text.contains("the member has a holiday until"),
            "{}",
            answer.text
        );
        assert!(!answer.text.contains("National"), "{}", answer.text);
        true
    };
    for whose in owners(&owner).await {
        // An hour is no holiday, whoever is invited to it.
        let body = calendar(&[holiday(day(30), day(32)), event("an-hour", day(33), "")]);
        owner.server.answers(text(body));
        let path = format!("{whose}/calendars");
        let feed = json!({ "calendars": [{ "source": "ics", "url": owner.server.url }] });
        let set = owner.client.put(&path, &feed).await.ok().json();
        assert_eq!(set["belongs_to"], whose.rsplit('/').next().unwrap());
        pass(&api, SOON).await;
        for (ahead, expected) in [
            (29, false),
            (30, true),
            (31, true),
            (32, false),
            (33, false),
        ] {
            assert_eq!(is_off(day(ahead)).await, expected, "{whose}: {ahead}");
        }
        let time_off = format!("{whose}/time-off");
        let listed = owner.client.get(&time_off).await.ok().json();
        assert_eq!(listed.as_array().unwrap().len(), 1);
        assert_eq!(listed[0]["from"], day(30).to_string());
        assert_eq!(listed[0]["to"], day(31).to_string());
        assert_eq!(listed[0]["calendar"], set["calendars"][0]["_id"]);
        // What comes from a calendar is changed there.
        let one = format!("{time_off}/{}", listed[0].id());
        for refused in [
            owner.client.delete(&one).await,
            owner
                .client
                .put(&one, &json!({ "to": day(31).to_string() }))
                .await,
        ] {
            assert_eq!(refused.status, 409, "{}", refused.text);
        }

        // The feed moves one, and a holiday that stays keeps its id.
        let body = calendar(&[holiday(day(30), day(32)), holiday(day(40), day(41))]);
        owner.server.answers(text(body));
        pass(&api, AGAIN).await;
        assert!(is_off(day(40)).await);
        let again = owner.client.get(&time_off).await.ok().json();
        assert_eq!(again[0], listed[0]);
        owner
            .server
            .answers(text(calendar(&[holiday(day(40), day(41))])));
        pass(&api, AGAIN).await;
        assert!(!is_off(day(30)).await && is_off(day(40)).await);

        // Beside it, somebody's own stays.
        let own = json!({ "from": day(50).to_string(), "reason": "Party" });
        owner.client.post(&time_off, &own).await.created();
        let id = set["calendars"][0].id();
        owner.client.delete(&format!("{path}/{id}")).await.ok();
        pass(&api, SOON).await;
        assert!(!is_off(day(40)).await && is_off(day(50)).await);
        let listed = owner.client.get(&time_off).await.ok().json();
        owner
            .client
            .delete(&format!("{time_off}/{}", listed[0].id()))
            .await
            .ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_into_the_calendars_of_a_team_and_they_go_with_it() {
    let api = Api::start().await;
    api.caught_up().await;
    let owner = Owner::new(&api, "ada").await;
    let [team, _] = owners(&owner).await;
    let path = format!("{team}/calendars");
    let written = json!({ "calendars": [{
        "source": "caldav", "url": "https://caldav.example.com/", "username": "a", "password": "b",
        "write_back": true,
    }] });
    let refused = owner.client.put(&path, &written).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(
        refused.json()["errors"][0]["pointer"],
        "/calendars/0/write_back"
    );
    let feed = json!({ "calendars": [{ "source": "ics", "url": owner.server.url }] });
    owner.client.put(&path, &feed).await.ok();
    owner.client.delete(&team).await.ok();
    assert_eq!(owner.client.get(&path).await.status, 404);
    owner
        .server
        .answers(text(calendar(&[holiday(day(30), day(31))])));
    pass(&api, SOON).await;
    let stored: Value = json!(crate::table::storage::dump(&api).await);
    assert!(
        !stored.to_string().contains("CALENDARS#"),
        "they went with it"
    );
}
