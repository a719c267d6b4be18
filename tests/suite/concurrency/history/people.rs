//! Who is in the teams of a history, and by which rules.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::{
    random::pick,
    run::{History, STRATEGIES, World},
};

impl World<'_> {
    pub(super) async fn credit(&self, history: &mut History, team: &str, one: u64, two: u64) {
        let (user, _) = self.user(one);
        let units = 1 + i64::try_from(two % 1_000_000).unwrap();
        let units = if two.is_multiple_of(2) { units } else { -units };
        let body = json!({ "user": user, "units": units, "reason": "agreed" });
        let path = format!("/v2/teams/{team}/assignments/credit");
        let answer = self.client.post(&path, &body).await;
        // 422: not a member; 409: nobody else is.
        history.note("credit", &answer, &[201, 409, 422]);
    }

    /// Somebody leaves the organization, somebody else comes.
    pub(super) async fn replace_user(&self, history: &mut History, team: &str, number: u64) {
        let (gone, _) = {
            let mut users = self.users.lock().unwrap();
            let at = usize::try_from(number % users.len() as u64).unwrap();
            users.swap_remove(at)
        };
        let email = format!(
            "new{}@example.com",
            self.made.fetch_add(1, Ordering::Relaxed)
        );
        let body = json!({
            "user": { "email": email },
            "teams": [{ "extid": if team == self.teams[0] { "1" } else { "2" }, "name": "Everybody" }],
        });
        let made = loop {
            let answer = self.client.post("/v2/users", &body).await;
            history.note("create user", &answer, &[200, 201]);
            if answer.status.is_success() {
                break answer.id();
            }
        };
        self.users.lock().unwrap().push((made, email));
        let answer = self.client.delete(&format!("/v2/users/{gone}")).await;
        history.note("unlink user", &answer, &[200]);
    }

    pub(super) async fn edit_members(&self, history: &mut History, team: &str, number: u64) {
        let members: Vec<String> = {
            let users = self.users.lock().unwrap();
            let mut bits = number | 0b1001_0010;
            let keep = |_: &&(String, String)| {
                bits = bits.rotate_right(1);
                bits & 1 == 1
            };
            users
                .iter()
                .filter(keep)
                .map(|(id, _)| id.clone())
                .collect()
        };
        let path = format!("/v2/teams/{team}");
        let answer = self.client.put(&path, &json!({ "members": members })).await;
        // 422: one of them was unlinked meanwhile.
        history.note("edit members", &answer, &[200, 422]);
    }

    pub(super) async fn edit_rules(&self, history: &mut History, team: &str, one: u64, two: u64) {
        let (user, _) = self.user(two);
        let rules = match two % 4 {
            0 => json!({ "weight": 3 }),
            1 => json!({ "priority": 2 }),
            2 => json!({ "weight": 0 }),
            _ => json!({ "max_per_day": 4 }),
        };
        let body = json!({ "assignment": {
            "strategy": pick(&STRATEGIES, one),
            "respect_availability": !one.is_multiple_of(3),
            "members": { user: if one.is_multiple_of(2) { rules } else { Value::Null } },
        }});
        let answer = self.client.put(&format!("/v2/teams/{team}"), &body).await;
        // 422: rules for somebody who is not a member.
        history.note("edit rules", &answer, &[200, 422]);
    }

    pub(super) async fn edit_availability(&self, history: &mut History, one: u64, two: u64) {
        let (user, _) = self.user(one);
        let slots = json!([{ "start_time": "00:00", "end_time": "22:30" }]);
        let availability = match two % 4 {
            0 => json!({ "days": { "wednesday": { "enabled": true, "slots": slots } } }),
            1 => json!({ "buffer_before": 30 }),
            2 => json!({ "buffer_before": 0, "buffer_after": 0 }),
            _ => Value::Null,
        };
        let path = format!("/v2/users/{user}");
        let body = json!({ "availability": availability });
        let answer = self.client.put(&path, &body).await;
        // 404: unlinked meanwhile.
        history.note("edit availability", &answer, &[200, 404]);
    }
}
