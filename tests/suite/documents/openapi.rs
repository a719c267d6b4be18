//! The OpenAPI document: it is served, and its examples are what it says. That the operations
//! do as it says, every test checks: see contract.rs.

use std::collections::BTreeSet;

use reqwest::Method;
use roster_local::routes;
use serde_json::Value;

use crate::harness::{
    Api,
    contract::{document, validator},
    fixtures::Fields,
};

/// Every operation, with its method and path.
fn operations() -> Vec<(String, &'static Value)> {
    let paths = document()["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    all.collect()
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let names: BTreeSet<_> = operations()
        .into_iter()
        .map(|(_, operation)| operation.field("operationId"))
        .collect();
    let matches = routes().into_iter().flat_map(|route| route.matches);
    assert_eq!(names.len(), matches.count());
}

#[test]
fn every_example_is_what_its_schema_says() {
    let mut count = 0;
    let mut check = |name: &str, content: &Value| {
        for (media_type, content) in content.as_object().into_iter().flatten() {
            let name = format!("example of {name} {media_type}");
            let validator = validator(&name, || content["schema"].clone());
            for example in content["examples"]
                .as_object()
                .into_iter()
                .flat_map(|all| all.values())
            {
                let errors: Vec<_> = validator
                    .iter_errors(&example["value"])
                    .map(|error| format!("{}: {error}", error.instance_path()))
                    .collect();
                assert!(errors.is_empty(), "{name}: {errors:#?}");
                count += 1;
            }
        }
    };
    for (name, operation) in operations() {
        check(
            &format!("{name} takes"),
            &operation["requestBody"]["content"],
        );
        for (status, response) in operation["responses"].as_object().unwrap() {
            check(&format!("{name} {status}"), &response["content"]);
        }
    }
    for (name, response) in document()["components"]["responses"].as_object().unwrap() {
        check(name, &response["content"]);
    }
    assert!(count > 100, "{count} examples");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_and_the_page_are_served_to_anybody_and_can_be_kept() {
    let api = Api::start().await;
    let anybody = api.anybody();
    for (path, media_type) in [
        ("/openapi.json", "application/json"),
        ("/docs", "text/html; charset=utf-8"),
    ] {
        let answer = anybody.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), Some(media_type));
        assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
        let tag = answer.header("etag").expect("a tag");
        let known = [("if-none-match", tag)];
        let again = anybody.send(Method::GET, path, None, &known).await;
        assert_eq!((again.status.as_u16(), &*again.text), (304, ""), "{path}");
    }
    let served = anybody.get("/openapi.json").await.json();
    assert!(
        served == *document(),
        "what is served is what the code makes"
    );
    assert_eq!(served["openapi"], "3.1.0");
    let page = anybody.get("/docs").await;
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(
        policy.starts_with("default-src 'none'; script-src 'sha256-"),
        "{policy}"
    );
    assert!(policy.contains("connect-src 'self'"), "{policy}");
    let start = "SwaggerUIBundle({\n    url: \"openapi.json\",";
    assert!(page.text.contains(start));
}
