//! What is known of people's calendars is read before a search or a booking goes by it, where it
//! is older than the deployment wants.

use jiff::SignedDuration;
use serde_json::json;
use tokio::net::TcpListener;

use super::calendars::{Owner, calendar, day, event, text};
use crate::harness::Api;

const AGE: SignedDuration = SignedDuration::from_mins(10);

/// A little longer than what is known may be old.
const LONGER: SignedDuration = SignedDuration::from_mins(11);

#[tokio::test(flavor = "multi_thread")]
async fn each_request_reads_what_is_too_old_and_asks_nobody_again_before_it_is() {
    let api = Api::start_reading_calendars(AGE).await;
    let kinds = [
        "slots",
        "days",
        "next",
        "busy",
        "preview",
        "booking",
        "hold of a team",
        "hold",
    ];
    for (index, kind) in kinds.into_iter().enumerate() {
        // Nothing but requests has anything read: the schedule does not run.
        let name = format!("user-{index}");
        let owner = Owner::with(&api, &name, calendar(&[event("one", day(30), "")])).await;
        let (from, to) = (day(30), day(31));
        let team = &owner.team;
        let date = json!({
            "date": format!("{from}T10:00:00Z"), "end_date": format!("{from}T10:30:00Z"),
        });
        let get = async |path: String| owner.client.get(&path).await.ok().text;
        let query = format!("team={team}&duration=30&step=15&from={from}&to={to}&timezone=UTC");
        let at_ten = format!("{from}T10:00:00");
        // Nothing ends then that does not overlap.
        let later = format!("{from}T10:15:00");
        let request = async || match kind {
            "slots" => get(format!("/v2/slots?{query}")).await.contains(&later),
            "days" => get(format!("/v2/slots/days?{query}"))
                .await
                .contains(&later),
            "next" => {
                get(format!("/v2/slots/next?team={team}&duration=30")).await;
                false
            }
            "busy" => {
                let path = format!("/v2/busy?users={}&from={from}&to={to}", owner.user);
                !get(path).await.contains(&at_ten)
            }
            "preview" | "booking" => {
                let body = json!({
                    "title": "Demo", "created_by": { "email": "zoe@example.org" },
                    "dates": [date],
                });
                let last = if kind == "booking" {
                    "events"
                } else {
                    "assignments/preview"
                };
                let path = format!("/v2/teams/{team}/{last}");
                owner.client.post(&path, &body).await.status.is_success()
            }
            _ => {
                let mut body = date.clone();
                if kind == "hold" {
                    body["users"] = json!([owner.user]);
                } else {
                    body["team"] = json!(team);
                }
                owner.client.post("/v2/slots/holds", &body).await.status == 201
            }
        };
        assert!(!request().await, "{kind}: the calendar has something then");
        let asked = || owner.server.received().len();
        assert_eq!(asked(), 1, "{kind}");
        request().await;
        assert_eq!(asked(), 1, "{kind}: it was read a moment ago");
        owner.server.answers(text(calendar(&[])));
        api.forward(LONGER);
        request().await;
        assert_eq!(asked(), 2, "{kind}: it is too old");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_long_for_a_calendar_that_does_not_answer() {
    let api = Api::start_reading_calendars(AGE).await;
    let owner = Owner::new(&api, "ada").await;
    // It takes connections, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();
    let own = json!([{ "source": "ics", "url": format!("http://{address}/own.ics") }]);
    owner.set(own).await;
    // By what is known: nothing.
    owner.book(day(30), 10).await.created();
}
