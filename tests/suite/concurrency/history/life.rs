//! What becomes of the events of a history.

use reqwest::Method;
use serde_json::{Value, json};

use super::run::{Changed, HALF_HOURS, History, Known, World, date};
use crate::harness::Answer;

impl World<'_> {
    pub(super) async fn reassign(&self, history: &mut History, number: u64) {
        let Some(Known { team, id, .. }) = self.event(number) else {
            return;
        };
        let path = format!("/v2/teams/{team}/events/{id}/reassign");
        let answer = self.client.send(Method::POST, &path, None, &[]).await;
        history.note("reassign", &answer, &[200, 409]);
        history.note_move(id, &answer);
    }

    /// A change of an event that is there.
    pub(super) async fn change(
        &self,
        history: &mut History,
        what: &'static str,
        event: &Known,
        body: Option<&Value>,
        expected: &[u16],
    ) -> Answer {
        let path = format!("/v2/events/{}/{what}", event.id);
        let json = [("content-type", "application/json")];
        let body = body.map(|body| body.to_string().into_bytes());
        let answer = self.client.send(Method::POST, &path, body, &json).await;
        history.note(what, &answer, expected);
        history.changed.push(Changed {
            event: event.id.clone(),
            what,
            status: answer.status.as_u16(),
        });
        answer
    }

    pub(super) async fn confirm(&self, history: &mut History, number: u64) {
        if let Some(event) = self.event(number) {
            let expected = [200, 409];
            self.change(history, "confirm", &event, None, &expected)
                .await;
        }
    }

    pub(super) async fn cancel(&self, history: &mut History, number: u64) {
        if let Some(event) = self.event(number) {
            self.change(history, "cancel", &event, None, &[200]).await;
        }
    }

    pub(super) async fn decline(&self, history: &mut History, number: u64) {
        if let Some(event) = self.event(number) {
            let body = json!({ "invitee": event.invitee });
            // 422: the invitee has become the member.
            let expected = [200, 409, 422];
            self.change(history, "decline", &event, Some(&body), &expected)
                .await;
        }
    }

    pub(super) async fn reschedule(&self, history: &mut History, number: u64, to: u64) {
        if let Some(event) = self.event(number) {
            let mut body = date(to % HALF_HOURS, 1 + to % 3);
            body["reassign"] = json!(to.is_multiple_of(2));
            let expected = [200, 409];
            let answer = self
                .change(history, "reschedule", &event, Some(&body), &expected)
                .await;
            // Who was considered is told where another member has it now.
            let moves =
                answer.status.is_success() && answer.json()["assignment"]["considered"].is_array();
            if moves || (answer.status.as_u16() >= 500 && to.is_multiple_of(2)) {
                history.note_move(event.id, &answer);
            }
        }
    }

    /// Few have begun, and only of those it is true.
    pub(super) async fn no_show(&self, history: &mut History, number: u64) {
        if let Some(event) = self.event(number) {
            let expected = [200, 409];
            self.change(history, "no-show", &event, None, &expected)
                .await;
        }
    }

    /// Somebody who is invited does something on the page of the event.
    pub(super) async fn act_as_guest(&self, history: &mut History, number: u64, what: u64) {
        let Some(event) = self.event(number) else {
            return;
        };
        let start = date(what % HALF_HOURS, 1)["date"].clone();
        let start = start.as_str().unwrap().trim_end_matches(":00Z").to_owned();
        let (name, form) = match what % 8 {
            0 => ("cancel", "action=cancel".to_owned()),
            1 => ("decline", "action=decline".to_owned()),
            2 | 3 => ("accept", "action=accept".to_owned()),
            4 => ("move", format!("action=move&new_date={start}")),
            5 => ("suggest", format!("action=suggest&suggestion={start}")),
            6 => ("write", "action=message&message=Hello".to_owned()),
            _ => ("vote", format!("action=vote&date-{}=yes", event.date)),
        };
        let answer = self.anybody.send_form(Method::POST, &event.link, &form);
        let answer = answer.await;
        // 404: they have become the member. 422: the date is over.
        history.note(name, &answer, &[303, 404, 409, 422]);
        history.changed.push(Changed {
            event: event.id,
            what: name,
            status: answer.status.as_u16(),
        });
    }
}
