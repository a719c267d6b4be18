//! What an organization is like in another table.

use aws_sdk_dynamodb::types::AttributeValue;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Moved, everything, items_of, of_tenant};
use crate::harness::{
    Api,
    fixtures::Fields,
    furnished::{CHOSEN, Furnished, LOGIN, PASSWORD, book, booking, furnish},
};

/// What its own key, its user's key and anybody get, on every surface.
async fn everything_shown(api: &Api, tenant: &Furnished) -> Vec<String> {
    let own = api.with_key(&tenant.organization_key);
    let user = api.with_key(&tenant.user_key);
    let (id, team) = (&tenant.users[0], &tenant.team);
    let numbers = own.get("/api/v2/users").await.json();
    let number = numbers[0].number("_id");
    let mut shown = Vec::new();
    for path in [
        "/v2/users".to_owned(),
        "/v2/users?limit=2".to_owned(),
        format!("/v2/users/{id}"),
        "/v2/users?email=ADA@example.com".to_owned(),
        "/v2/users?extid=jean-1".to_owned(),
        format!("/v2/users?team={team}"),
        "/v2/teams".to_owned(),
        format!("/v2/teams/{team}"),
        format!("/v2/teams/{team}/public"),
        format!("/v2/teams/{team}/events"),
        format!("/v2/teams/{team}/events?q=Meeting%203"),
        format!("/v2/teams/{team}/assignments"),
        "/v2/keys".to_owned(),
        "/api/v2/users".to_owned(),
        format!("/api/v2/users/{number}"),
        format!("/api/v1/user/{number}"),
        format!("/api/v1/user/{}", tenant.deleted),
    ] {
        for client in [&own, &user] {
            let answer = client.get(&path).await.ok();
            let link = answer.next_link().unwrap_or_default();
            shown.push(format!("{path} {link} {}", answer.text));
        }
    }
    let public = format!("/v2/teams/{team}/public");
    shown.push(api.anybody().get(&public).await.text);
    shown.push(api.anybody().get(&tenant.signup).await.text);
    shown
}

fn is_made(shown: &str) -> bool {
    !shown.contains("\"error\"")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_the_same_byte_for_byte() {
    let moved = Moved::new().await;
    let target = Api::start().await;
    // Used before, so that a key says the day of its use in both.
    everything_shown(&moved.source, &moved.tenant).await;
    let again = moved.export("again").await.unwrap();
    assert!(again.items > 50, "{again:?}");
    let before = everything(&moved.source).await;
    std::fs::rename(moved.path("again"), moved.file()).unwrap();

    let imported = moved.import(&target).await.unwrap();
    assert_eq!(imported.items, again.items);
    assert!(!imported.was_there && imported.renumbered.is_empty());
    let there = everything_shown(&target, &moved.tenant).await;
    let here = everything_shown(&moved.source, &moved.tenant).await;
    // A page shows the address of its own API.
    let without_address = |all: Vec<String>, api: &Api| -> Vec<String> {
        all.iter().map(|one| one.replace(&api.url(), "")).collect()
    };
    let there = without_address(there, &target);
    assert_eq!(there, without_address(here, &moved.source));
    assert!(there.iter().all(|one| is_made(one)));
    assert_eq!(
        of_tenant(&target, &moved.tenant).await,
        of_tenant(&moved.source, &moved.tenant).await
    );
    assert_eq!(
        everything(&moved.source).await,
        before,
        "the source is as it was"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_links_bookings_and_numbers_go_on() {
    let moved = Moved::new().await;
    let target = Api::start().await;
    moved.import(&target).await.unwrap();
    let Moved { source, tenant, .. } = &moved;

    // A session is not taken along, the password is.
    let session = target.with_key(&tenant.session).get("/v2/users").await;
    assert_eq!(session.status, 403, "{}", session.text);
    let token = target.session(LOGIN, PASSWORD).await;
    target.with_key(&token).get("/v2/users").await.ok();

    // The next booking goes to whom it would have gone.
    let mut assigned = Vec::new();
    for api in [source, &target] {
        let client = api.with_key(&tenant.organization_key);
        let mut members = Vec::new();
        for day in 10..16 {
            let title = format!("Next {day}");
            let made = book(&client, &tenant.team, &title, &booking(&title, day, 9))
                .await
                .created();
            members.push(made.json()["created_by"]["user"].clone());
        }
        assigned.push(members);
    }
    assert_eq!(assigned[0], assigned[1]);
    // A booking that was made there is not made again here.
    let client = target.with_key(&tenant.organization_key);
    let again = book(
        &client,
        &tenant.team,
        "Meeting 2",
        &booking("Meeting 2", 2, 10),
    )
    .await;
    assert_eq!(again.header("idempotent-replayed"), Some("true"));

    let finished = target.anybody();
    let finished = finished.send_form(Method::POST, &tenant.signup, CHOSEN);
    finished.await.ok();
    target.log_in("inga@example.com", PASSWORD).await.ok();

    // The numbers of new users and organizations follow those that came.
    client.new_user_id("new@example.com").await;
    let new = client.number_of("new@example.com").await;
    let numbers = client.get("/api/v2/users").await.json();
    let numbers = numbers.as_array().unwrap().iter();
    let others: Vec<_> = numbers.filter_map(|user| user["_id"].as_u64()).collect();
    assert_eq!(others.iter().filter(|number| **number == new).count(), 1);
    assert_eq!(others.iter().max(), Some(&new));
    let (_, other) = target.new_organization("Another").await;
    assert_eq!(other.get("/v2/users").await.text, "[]");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_has_nothing_of_another_organization_and_no_secret() {
    let source = Api::start().await;
    let other = source.organization();
    let stranger = other.new_user_id("stranger@example.com").await;
    let body = json!({
        "user": { "email": "other@example.com" },
        "login": { "credentials": { "username": "other.login", "password": PASSWORD } },
    });
    other.post("/v2/users", &body).await;
    let team = json!({ "extid": "1", "name": "Strangers", "members": [stranger], "public": true });
    let team = other.new_team(team).await.id().to_owned();
    let tenant = furnish(&source).await;
    let folder = tempfile::tempdir().unwrap();
    let moved = Moved {
        source,
        tenant,
        folder,
    };
    moved.export("export").await.unwrap();
    let text = moved.lines().join("\n");
    for strange in [
        stranger.as_str(),
        &team,
        "other.login",
        "Strangers",
        roster_local::setup::ORGANIZATION,
        "unlinked@example.com",
        PASSWORD,
        "\"MAIL#",
        "ATTEMPTS#",
        "KNOWN#",
    ] {
        assert!(!text.contains(strange), "{strange}");
    }
    for key in [
        &moved.tenant.organization_key,
        &moved.tenant.user_key,
        &moved.tenant.session,
    ] {
        let secret = key.rsplit('_').next().unwrap();
        assert!(!text.contains(secret), "the secret of a key");
    }
    let sessions = format!(
        "SESSION#{}",
        moved.tenant.session.split('_').nth(2).unwrap()
    );
    assert!(!text.contains(&sessions), "sessions stay");
    // All that it has, and no item twice: nothing was written meanwhile.
    let here = of_tenant(&moved.source, &moved.tenant).await;
    let items = items_of(&moved.lines());
    let keys: Vec<_> = items.keys().collect();
    assert_eq!(keys, here.keys().collect::<Vec<_>>());
    let lines = moved.lines();
    assert_eq!(lines.len(), items.len() + 2);
    let end: Value = serde_json::from_str(lines.last().unwrap()).unwrap();
    assert_eq!(end["end"]["items"], items.len());
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_file_is_its_owners_alone_and_never_overwritten() {
    use std::os::unix::fs::PermissionsExt as _;

    let moved = Moved::new().await;
    let mode = std::fs::metadata(moved.file())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let before = moved.lines();
    let refused = moved.export("export").await.unwrap_err().to_string();
    assert!(refused.contains("exists; name another file"), "{refused}");
    assert_eq!(moved.lines(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_expired_stays_behind() {
    let moved = Moved::new().await;
    let client = moved.source.dynamodb();
    for (key, mut item) in everything(&moved.source).await {
        if key.0.starts_with("SIGNUP#") || key.1.starts_with("IDEMPOTENCY#") {
            item.insert("expires_at".to_owned(), AttributeValue::N("1".to_owned()));
            let put = client.put_item().table_name(&moved.source.table);
            put.set_item(Some(item)).send().await.unwrap();
        }
    }
    let is_there = |text: &str| text.contains("\"SIGNUP#") || text.contains("\"IDEMPOTENCY#");
    assert!(is_there(&moved.lines().join("\n")));
    moved.export("later").await.unwrap();
    let later = std::fs::read_to_string(moved.path("later")).unwrap();
    assert!(!is_there(&later));
    std::fs::write(moved.file(), later).unwrap();
    let target = Api::start().await;
    moved.import(&target).await.unwrap();
    let link = target.anybody().get(&moved.tenant.signup).await;
    assert_eq!(link.status, 404, "{}", link.text);
}
