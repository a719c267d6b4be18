//! Times that are held in a history, booked and released.

use reqwest::Method;
use serde_json::{Value, json};

use super::{
    random::pick,
    run::{HALF_HOURS, History, Known, Told, World, date},
};
use crate::harness::fixtures::Fields;

impl World<'_> {
    /// Holds a time of a member of a team, or of two users.
    pub(super) async fn hold(&self, history: &mut History, team: &str, one: u64, two: u64) {
        let mut body = date(one % HALF_HOURS, 1 + one % 3);
        body["minutes"] = json!(1 + two % 3);
        if two.is_multiple_of(3) {
            let users = [self.user(one).0, self.user(two).0];
            body["users"] = json!(users[..if users[0] == users[1] { 1 } else { 2 }]);
        } else {
            body["team"] = json!(team);
        }
        let answer = self.client.post("/v2/slots/holds", &body).await;
        // 422: one of the users was unlinked meanwhile.
        history.note("hold", &answer, &[201, 409, 422]);
        if answer.status == 201 {
            self.holds.lock().unwrap().push(answer.json());
        }
    }

    fn known_hold(&self, number: u64) -> Option<Value> {
        let holds = self.holds.lock().unwrap();
        (!holds.is_empty()).then(|| pick(&holds, number).clone())
    }

    /// Books what is held, or was.
    pub(super) async fn book_held(&self, history: &mut History, number: u64, title: String) {
        let Some(hold) = self.known_hold(number) else {
            return;
        };
        let Some(team) = hold["team"].as_str() else {
            return;
        };
        let body = json!({
            "title": title, "created_by": { "email": "client@example.com" }, "hold": hold["_id"],
        });
        let path = format!("/v2/teams/{team}/events");
        let answer = self.client.post(&path, &body).await;
        // 409: it has ended, or was used; 422: it was released.
        history.note("book held", &answer, &[201, 409, 422]);
        let status = answer.status.as_u16();
        let event = (status == 201).then(|| answer.json());
        if let Some(event) = &event {
            assert_eq!(
                event["_id"], hold["_id"],
                "the event has the id of its hold"
            );
            assert_eq!(event["dates"][0]["date"], hold["date"]);
            self.events.lock().unwrap().push(Known::of(team, event));
        }
        let event = event.map(|event| event.id().to_owned());
        let answers = vec![(status, event)];
        history.booked.push(Told { title, answers });
    }

    pub(super) async fn release(&self, history: &mut History, number: u64) {
        if let Some(hold) = self.known_hold(number) {
            let path = format!("/v2/slots/holds/{}", hold.id());
            let answer = self.client.send(Method::DELETE, &path, None, &[]).await;
            // 404: it was released, or used.
            history.note("release", &answer, &[200, 404, 409]);
        }
    }
}
