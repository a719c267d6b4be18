//! The local mailbox is for this machine alone.

use reqwest::Method;
use serde_json::json;

use crate::harness::Api;

#[tokio::test(flavor = "multi_thread")]
async fn a_local_page_answers_a_loopback_host_and_no_other() {
    let api = Api::start().await;
    let port = api.url().rsplit_once(':').unwrap().1.to_owned();
    let anybody = api.anybody();
    let invited = json!({ "email": "jean@example.com" });
    let organization = api.organization();
    organization.post("/api/v2/users", &invited).await.ok();
    api.mails(|mails| !mails.is_empty()).await;
    for path in ["/_local/mail", "/_local/mail.json"] {
        for host in ["127.0.0.1", "localhost", "LocalHost", "[::1]"] {
            let host = format!("{host}:{port}");
            let headers = [("host", host.as_str())];
            let answer = anybody.send(Method::GET, path, None, &headers).await;
            assert_eq!(answer.status, 200, "{host}");
            assert!(answer.text.contains("signup"), "{}", answer.text);
        }
        for host in [
            format!("evil.example:{port}"),
            format!("127.0.0.1.evil.example:{port}"),
            format!("0.0.0.0:{port}"),
            "127.0.0.1".to_owned(),
            "localhost:1".to_owned(),
            "localhost".to_owned(),
        ] {
            let headers = [("host", host.as_str())];
            let answer = anybody.send(Method::GET, path, None, &headers).await;
            assert_eq!(answer.status, 421, "{host}");
            assert!(!answer.text.contains("signup"), "{}", answer.text);
        }
    }
    // The API itself is at any name: a key says who calls.
    let host = [("host", "evil.example")];
    let asked = api.organization();
    asked.send(Method::GET, "/v2/users", None, &host).await.ok();
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_data_of_a_local_api_is_for_its_owner_alone() {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use roster_local::Storage;

    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("new/data");
    for existed in [false, true] {
        if existed {
            // As an earlier version left them.
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
            let database = folder.join("dynamodb.sqlite");
            fs::set_permissions(database, fs::Permissions::from_mode(0o644)).unwrap();
        }
        let storage = Storage::Folder(folder.clone());
        let api = Api::start_named(storage, "roster".to_owned()).await;
        api.organization()
            .new_user_id(&format!("{existed}@example.com"))
            .await;
        assert_eq!(mode(&folder), 0o700);
        let mut databases = 0;
        for file in fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name.starts_with("dynamodb.sqlite") {
                assert_eq!(mode(&path), 0o600, "{name}");
                databases += 1;
            }
        }
        assert!(databases > 0);
        api.stop().await;
    }
}
