//! Deleting a user: it is still shown by its number, and nowhere else.

use reqwest::Method;
use serde_json::json;

use super::{PASSWORD, new_organization, new_user, refusal, shown};
use crate::harness::{Api, fixtures::Fields};

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_user_is_shown_by_its_number_and_nowhere_else() {
    let api = Api::start().await;
    let (operator, owner) = (api.operator(), api.organization());
    let fields = json!({ "org_id": 1, "mobile": "5", "sp_num": 7 });
    let number = new_user(&operator, "ada@x.org", fields).await;
    let id = owner.get("/v2/users?email=ada@x.org").await.json()[0]["_id"].clone();
    let team = json!({ "extid": "1", "name": "Team", "members": [id] });
    let team = owner.new_team(team).await.id().to_owned();
    let mut before = shown(&operator, &number).await;
    let path = format!("/api/v1/user/{number}");
    for _ in 0..2 {
        let answer = operator.delete(&path).await.ok();
        assert_eq!(
            answer.json(),
            json!({ "message": "Success" }),
            "also when repeated"
        );
    }
    let after = shown(&operator, &number).await;
    assert_eq!(after["is_deleted"], "1");
    before["is_deleted"] = json!("1");
    before["updated_at"] = after["updated_at"].clone();
    assert_eq!(after, before, "who it was stays");
    assert_eq!(
        shown(&owner, &number).await,
        after,
        "its own organization sees it too"
    );

    let listed = operator.get("/api/v1/users?org_id=1").await;
    assert_eq!(listed.json(), json!([]));
    assert_eq!(owner.get("/v2/users").await.json(), json!([]));
    assert_eq!(
        owner.get(&format!("/api/v2/users/{number}")).await.status,
        404
    );
    let team = owner.get(&format!("/v2/teams/{team}")).await.json();
    assert_eq!(team["members"], json!([]));
    assert_eq!(api.log_in("ada@x.org", PASSWORD).await.status, 401);
    // Name and address are free; the number is not given out again.
    let next = new_user(&operator, "ada@x.org", json!({ "org_id": 1 })).await;
    assert_ne!(next, number);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_without_an_organization_is_deleted_alike() {
    let api = Api::start().await;
    let operator = api.operator();
    let number = new_user(&operator, "ada", json!({})).await;
    let path = format!("/api/v1/user/{number}");
    operator.delete(&path).await.ok();
    assert_eq!(shown(&operator, &number).await["is_deleted"], "1");
    assert_eq!(
        operator.get("/api/v1/users?org_id=0").await.json(),
        json!([])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_user_is_not_changed() {
    let api = Api::start().await;
    let operator = api.operator();
    let second = new_organization(&operator, "Second").await;
    let number = new_user(&operator, "ada", json!({ "org_id": 1 })).await;
    let path = format!("/api/v1/user/{number}");
    operator.delete(&path).await.ok();
    let before = shown(&operator, &number).await;
    let expected = format!("user {number} is deleted");
    for body in [
        json!({ "first_name": "Grace" }),
        json!({ "password": "another horse" }),
        json!({ "org_id": second }),
    ] {
        let text = refusal(&operator, Method::PUT, &path, Some(&body), 409).await;
        assert_eq!(text, expected, "{body}");
    }
    let reset = format!("/api/v1/resetUserPassword/{number}");
    let text = refusal(&operator, Method::GET, &reset, None, 409).await;
    assert_eq!(text, expected);
    assert_eq!(shown(&operator, &number).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_a_user_that_never_was_is_a_404() {
    let api = Api::start().await;
    let text = refusal(
        &api.operator(),
        Method::DELETE,
        "/api/v1/user/999",
        None,
        404,
    )
    .await;
    assert_eq!(text, "there is no such user");
}
