//! What ends a session, and what does not.

use std::time::Duration;

use serde_json::json;

use crate::harness::{Api, Client};
use crate::surfaces::accounts::{
    PASSWORD, Person, ago, api_v2_error, choices, invited_again, is_refused, new_account,
    send_form,
    table::{self, Table, number, time},
};

/// A user who logged in twice, and has a key.
struct Jean<'a> {
    api: &'a Api,
    person: Person,
    sessions: [String; 2],
    key: String,
}

impl<'a> Jean<'a> {
    async fn new(api: &'a Api) -> (Client<'a>, Self) {
        let client = api.organization();
        let person = new_account(&client, "jean").await;
        let sessions = [
            api.session("jean", PASSWORD).await,
            api.session("jean", PASSWORD).await,
        ];
        let key = client.new_user_key(&person.id).await;
        let jean = Self {
            api,
            person,
            sessions,
            key,
        };
        jean.admitted([true, true, true]).await;
        (client, jean)
    }

    /// Holds the two sessions and the key to whether they are admitted.
    async fn admitted(&self, expected: [bool; 3]) {
        let [first, second] = &self.sessions;
        for (token, expected) in [first, second, &self.key].into_iter().zip(expected) {
            let answer = self.api.with_key(token).get(&self.person.api_v2()).await;
            if expected {
                answer.ok();
            } else {
                is_refused(&answer);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_ends_that_session_and_no_other() {
    let api = Api::start().await;
    let (_, jean) = Jean::new(&api).await;
    let first = api.with_key(&jean.sessions[0]);
    let bad = first.post("/api/v2/logout", &json!({ "all": true })).await;
    assert!(api_v2_error(&bad, 400).starts_with("all "));
    jean.admitted([true, true, true]).await;
    let out = first.post_nothing("/api/v2/logout").await;
    let expected = json!({ "error": false, "message": "Logged out", "statusCode": 200 });
    assert_eq!((out.status.as_u16(), out.json()), (200, expected));
    jean.admitted([false, true, true]).await;
    is_refused(&first.post_nothing("/api/v2/logout").await);
    let table = Table::of(&api);
    assert_eq!(table.get(&table::key(&jean.sessions[0])).await, None);
    let second = api.with_key(&jean.sessions[1]);
    second.post("/api/v2/logout", &json!({})).await.ok();
    jean.admitted([false, false, true]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_not_logged_out() {
    let api = Api::start().await;
    let (client, jean) = Jean::new(&api).await;
    for caller in [api.with_key(&jean.key), client, api.operator()] {
        let answer = caller.post_nothing("/api/v2/logout").await;
        let message = api_v2_error(&answer, 403);
        assert!(message.contains("DELETE /v2/keys/{key_id}"), "{message}");
        caller
            .get("/v2/teams?organization=5f198da1c1ac5d1a30fc00f3")
            .await
            .ok();
    }
    let nobody = api.anybody().post_nothing("/api/v2/logout").await;
    assert_eq!(nobody.status, 401);
    jean.admitted([true, true, true]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_every_session_and_no_key() {
    let api = Api::start().await;
    let (client, jean) = Jean::new(&api).await;
    let person = &jean.person;
    let other = new_account(&client, "other").await;
    let others = api.session("other", PASSWORD).await;
    let renamed = json!({ "login": { "credentials": { "username": "jeanne" } } });
    client.put(&person.v2(), &renamed).await.ok();
    jean.admitted([true, true, true]).await;
    let changed = json!({ "login": { "credentials": { "password": "another-password" } } });
    client.put(&person.v2(), &changed).await.ok();
    jean.admitted([false, false, true]).await;
    assert_eq!(api.log_in("jeanne", PASSWORD).await.status, 401);
    api.log_in("jeanne", "another-password").await.ok();
    api.with_key(&others).get(&other.api_v2()).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_api_v1_sets_or_resets_ends_every_session_and_no_key() {
    let api = Api::start().await;
    let (client, mut jean) = Jean::new(&api).await;
    let number = jean.person.number;
    let reset = format!("/api/v1/resetUserPassword/{number}");
    let reset = client.get(&reset).await.ok();
    jean.admitted([false, false, true]).await;
    let new = reset.field("password");
    let answer = api.log_in("jean", &new).await.ok();
    let token = answer.field("token");
    jean.sessions[0] = token;
    jean.admitted([true, false, true]).await;
    let set = json!({ "password": PASSWORD });
    client
        .put(&format!("/api/v1/user/{number}"), &set)
        .await
        .ok();
    jean.admitted([false, false, true]).await;
    api.session("jean", PASSWORD).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_up_ends_every_session_and_no_key() {
    let api = Api::start().await;
    let (client, jean) = Jean::new(&api).await;
    let link = invited_again(&api, &client, &jean.person).await;
    jean.admitted([true, true, true]).await;
    // The same password again is a new one.
    send_form(&api.anybody(), &link, &choices(PASSWORD))
        .await
        .ok();
    jean.admitted([false, false, true]).await;
    let new = api.session("jean", PASSWORD).await;
    api.with_key(&new).get(&jean.person.api_v2()).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn deactivating_ends_sessions_for_good_and_keys_until_the_user_is_activated() {
    let api = Api::start().await;
    let (client, jean) = Jean::new(&api).await;
    client.post_nothing(&jean.person.deactivate()).await.ok();
    jean.admitted([false, false, false]).await;
    is_refused(
        &api.with_key(&jean.sessions[0])
            .post_nothing("/api/v2/logout")
            .await,
    );
    client.post_nothing(&jean.person.activate()).await.ok();
    jean.admitted([false, false, true]).await;
    let new = api.session("jean", PASSWORD).await;
    api.with_key(&new).get(&jean.person.api_v2()).await.ok();
    let off = json!({ "user": { "active": false } });
    client.put(&jean.person.v2(), &off).await.ok();
    is_refused(&api.with_key(&new).get(&jean.person.api_v2()).await);
    jean.admitted([false, false, false]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_switches_themselves_off_is_out_at_once() {
    let api = Api::start().await;
    let (client, jean) = Jean::new(&api).await;
    let manage = json!({ "userManagement": true });
    client.post(&jean.person.perms(), &manage).await.ok();
    let own = api.with_key(&jean.sessions[0]);
    own.post_nothing(&jean.person.deactivate()).await.ok();
    is_refused(&own.post_nothing(&jean.person.activate()).await);
    jean.admitted([false, false, false]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unlinking_ends_sessions_and_keys() {
    let api = Api::start().await;
    let (client, jean) = Jean::new(&api).await;
    client.delete(&jean.person.v2()).await.ok();
    jean.admitted([false, false, false]).await;
    // Somebody else may have the name now; the old tokens are not theirs.
    let heir = new_account(&client, "jean").await;
    jean.admitted([false, false, false]).await;
    let new = api.session("jean", PASSWORD).await;
    api.with_key(&new).get(&heir.api_v2()).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_and_moving_the_user_end_sessions_and_keys() {
    for (moved, body) in [
        (true, json!({ "org_id": 2 })),
        (true, json!({ "org_id": 0 })),
        (false, json!({})),
    ] {
        let api = Api::start().await;
        api.new_organization("Other").await;
        let (_, jean) = Jean::new(&api).await;
        let path = format!("/api/v1/user/{}", jean.person.number);
        let answer = if moved {
            api.operator().put(&path, &body).await
        } else {
            api.operator().delete(&path).await
        };
        answer.ok();
        jean.admitted([false, false, false]).await;
        // Somebody who comes back begins anew.
        if moved {
            let back = json!({ "org_id": 1 });
            api.operator().put(&path, &back).await.ok();
            jean.admitted([false, false, false]).await;
            api.session("jean", PASSWORD).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_twelve_hours_after_the_login() {
    let api = Api::start().await;
    let (_, jean) = Jean::new(&api).await;
    let table = Table::of(&api);
    let key = table::key(&jean.sessions[0]);
    let item = table.get(&key).await.unwrap();
    let (begin, end) = (time(&item, "created_at"), time(&item, "expires"));
    assert_eq!(end.secs() - begin.secs(), 12 * 60 * 60);
    let removed = i64::try_from(number(&item, "expires_at")).unwrap();
    assert_eq!(removed, end.secs(), "the item goes when the session ends");
    table.set(&key, "expires", ago(0)).await;
    jean.admitted([false, true, true]).await;
    assert!(table.get(&key).await.is_some(), "whether or not it is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_authorizer_keeps_of_a_session_ends_with_its_time_to_live() {
    let api = Api::start_with_authorizer_ttl(Duration::from_mins(1)).await;
    let client = api.organization();
    let jean = new_account(&client, "jean").await;
    let (kept, new) = (
        api.session("jean", PASSWORD).await,
        api.session("jean", PASSWORD).await,
    );
    api.with_key(&kept).get(&jean.api_v2()).await.ok();
    client.post_nothing(&jean.deactivate()).await.ok();
    api.with_key(&kept).get(&jean.api_v2()).await.ok();
    is_refused(&api.with_key(&new).get(&jean.api_v2()).await);
}
