//! The lists of users and organizations.

use reqwest::Method;
use serde_json::{Value, json};

use super::{new_organization, new_user, refusal, shown};
use crate::harness::{Api, fixtures::Fields};

fn ids(list: &[Value]) -> Vec<String> {
    let id = |thing: &Value| thing.field("id").to_owned();
    list.iter().map(id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_listed_by_organization_in_order_of_creation_page_by_page() {
    let api = Api::start().await;
    let operator = api.operator();
    let second = new_organization(&operator, "Second").await;
    let mut created = Vec::new();
    for (index, organization) in ["1", &*second, "1", "0", "1", &*second].iter().enumerate() {
        let fields = json!({ "org_id": organization });
        let number = new_user(&operator, &format!("user {index}"), fields).await;
        created.push(((*organization).to_owned(), number));
    }
    for organization in ["1", &*second, "0"] {
        let of_it = created.iter().filter(|(of, _)| of == organization);
        let expected: Vec<_> = of_it.map(|(_, number)| number.clone()).collect();
        let path = format!("/api/v1/users?org_id={organization}");
        for limit in [1, 2, 100] {
            let all = operator.list_all(&path, limit).await;
            assert_eq!(ids(&all), expected, "{path} by {limit}");
        }
        let whole = operator.get(&path).await;
        assert_eq!(whole.header("link"), None);
        for user in whole.json().as_array().unwrap() {
            let mut expected = shown(&operator, user.field("id")).await;
            expected.as_object_mut().unwrap().remove("is_deleted");
            assert_eq!(*user, expected);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn organizations_are_listed_in_order_of_creation_page_by_page() {
    let api = Api::start().await;
    let operator = api.operator();
    let mut expected = vec!["1".to_owned()];
    for name in ["B", "A", "C"] {
        expected.push(new_organization(&operator, name).await);
    }
    for limit in [1, 3, 100] {
        let all = operator.list_all("/api/v1/orgs", limit).await;
        assert_eq!(ids(&all), expected, "by {limit}");
        for organization in all {
            let path = format!("/api/v1/org/{}", organization.field("id"));
            assert_eq!(operator.get(&path).await.json(), organization);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_wrong_with_the_query_of_a_list_is_told_at_once() {
    let api = Api::start().await;
    let operator = api.operator();
    let org_id = "the query parameter org_id";
    let whole = "must be a whole number of at least 0";
    for (query, expected) in [
        (
            String::new(),
            vec![format!(
                "{org_id} is required: the number of an organization"
            )],
        ),
        ("?org_id=".to_owned(), vec![format!("{org_id} {whole}")]),
        ("?org_id=x".to_owned(), vec![format!("{org_id} {whole}")]),
        ("?org_id=-1".to_owned(), vec![format!("{org_id} {whole}")]),
        ("?org_id=1.5".to_owned(), vec![format!("{org_id} {whole}")]),
        (
            "?org_id=1&org_id=2".to_owned(),
            vec![format!("{org_id} must be given once")],
        ),
        (
            "?limit=0&cursor=x&org_id=x".to_owned(),
            vec![
                "the query parameter limit must be a whole number from 1 to 1000".to_owned(),
                "the query parameter cursor must be a cursor".to_owned(),
                format!("{org_id} {whole}"),
            ],
        ),
        (
            "?org_id=1&organization=5f198da1c1ac5d1a30fc00f3&typo=1".to_owned(),
            vec![
                "the query parameter organization is not a parameter".to_owned(),
                "the query parameter typo is not a parameter".to_owned(),
            ],
        ),
    ] {
        let path = format!("/api/v1/users{query}");
        let text = refusal(&operator, Method::GET, &path, None, 400).await;
        let parts: Vec<_> = text.split("; ").collect();
        assert_eq!(parts.len(), expected.len(), "{query}: {text}");
        for expected in expected {
            assert!(text.contains(&expected), "{query}: {text}");
        }
    }
    let text = refusal(&operator, Method::GET, "/api/v1/users?org_id=9", None, 404).await;
    assert_eq!(text, "there is no such organization");
    let text = refusal(
        &operator,
        Method::GET,
        "/api/v1/orgs?limit=x&cursor=x",
        None,
        400,
    )
    .await;
    assert!(text.contains("limit") && text.contains("cursor"), "{text}");
}
