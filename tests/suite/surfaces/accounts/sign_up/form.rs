//! The sign-up page: what it shows, and what it takes.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Answer, Api};
use crate::surfaces::accounts::{
    PASSWORD, choices, invited, new_account, percent_encoded, send_form,
    table::{Table, user},
};

/// Holds an answer to a page of this name in this language, with every header
/// that a page needs, and without anything that could run or be loaded.
fn is_page(answer: &Answer, status: u16, name: &str, language: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    let start = format!("<!DOCTYPE html>\n<html lang=\"{language}\">");
    assert!(answer.text.starts_with(&start), "{}", answer.text);
    let main = format!("<main data-page=\"{name}\">");
    assert!(answer.text.contains(&main), "{}", answer.text);
    for (header, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("content-language", language),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(header), Some(value), "{header}");
    }
    let policy = answer.header("content-security-policy").unwrap();
    let policy: Vec<_> = policy.split("; ").collect();
    let [nothing, style, rest @ ..] = policy.as_slice() else {
        panic!("{policy:?}");
    };
    assert_eq!(*nothing, "default-src 'none'");
    let hash = style.strip_prefix("style-src 'sha256-");
    assert!(hash.is_some_and(|hash| hash.len() == 45), "{style}");
    let others = [
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ];
    assert_eq!(rest, others);
    for wrong in [
        "<script", "<link", "<img", "src=", "url(", "@import", "http:", "https:",
    ] {
        assert!(!answer.text.contains(wrong), "{wrong}: {}", answer.text);
    }
}

fn title(answer: &Answer) -> String {
    let (_, rest) = answer.text.split_once("<h1>").unwrap();
    rest.split_once("</h1>").unwrap().0.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_speaks_each_of_the_nine_languages() {
    let api = Api::start().await;
    let client = api.organization();
    let anybody = api.anybody();
    let (user, link) = invited(&api, &client, json!({ "email": "jean@example.com" })).await;
    is_page(&anybody.get(&link).await, 200, "form", "en");
    let mut titles = Vec::new();
    for language in ["en", "da", "de", "es", "fr", "it", "nl", "pt", "sv"] {
        // Danish is `/api/v2`'s alone.
        let set = if language == "da" {
            let body = json!({ "locale": language });
            client.patch(&user.api_v2(), &body).await
        } else {
            let body = json!({ "user": { "language": language } });
            client.put(&user.v2(), &body).await
        };
        set.ok();
        let page = anybody.get(&link).await;
        is_page(&page, 200, "form", language);
        titles.push(title(&page));
        let refused = send_form(&anybody, &link, &[]).await;
        is_page(&refused, 422, "form", language);
        let dead = [("accept-language", language)];
        let dead = anybody.send(Method::GET, "/signup/x", None, &dead).await;
        is_page(&dead, 404, "dead-link", language);
        assert_eq!(
            dead.header("vary"),
            Some("Accept-Language, accept-encoding")
        );
        titles.push(title(&dead));
    }
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), 18, "{titles:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_names_the_organization_the_login_name_and_the_user() {
    let api = Api::start().await;
    let (_, client) = api.new_organization("Smith & Sons").await;
    let body = json!({ "email": "Jean@Example.com", "first_name": "Jean", "last_name": "Dupont" });
    let (_, link) = invited(&api, &client, body).await;
    let page = api.anybody().get(&link).await;
    is_page(&page, 200, "form", "en");
    assert!(page.text.contains("Smith &#38; Sons"), "{}", page.text);
    for value in ["Jean@Example.com", "Jean", "Dupont"] {
        let value = format!("value=\"{value}\"");
        assert!(page.text.contains(&value), "{value}: {}", page.text);
    }
    assert_eq!(page.text.matches(" value=").count(), 3, "no password's");
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_at_the_page_changes_nothing() {
    let api = Api::start().await;
    let (_, link) = invited(&api, &api.organization(), json!({ "email": "jean@x.org" })).await;
    let table = Table::of(&api);
    let before = table.everything_at_rest().await;
    for path in [&link, &link, "/signup/x"] {
        api.anybody().get(path).await;
    }
    api.anybody().get(&link).await.ok();
    assert_eq!(table.everything_at_rest().await, before);
}

/// A problem, with the field it is about and what is entered there.
const PROBLEMS: [(&str, &str, &str); 9] = [
    ("first_name", "", "Enter your first name."),
    ("first_name", "  ", "Enter your first name."),
    (
        "first_name",
        "a\u{7}b",
        "Enter a first name of at most 100 characters, without invisible characters.",
    ),
    ("last_name", "", "Enter your last name."),
    (
        "last_name",
        "a\u{7f}b",
        "Enter a last name of at most 100 characters, without invisible characters.",
    ),
    (
        "password",
        "7-chars",
        "Choose a password of 8 to 128 characters.",
    ),
    ("password", "", "Choose a password of 8 to 128 characters."),
    (
        "password",
        "eight-and\0",
        "This password contains an invisible character that cannot be used. Choose another one.",
    ),
    (
        "password_confirmation",
        "another-password",
        "The two passwords are different. Enter the same password in both fields.",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_problem_is_named_where_it_is_and_names_are_kept() {
    let api = Api::start().await;
    let client = api.organization();
    let anybody = api.anybody();
    let (person, link) = invited(&api, &client, json!({ "email": "jean@example.com" })).await;
    let table = Table::of(&api);
    let before = table.everything_at_rest().await;
    for (field, entered, problem) in PROBLEMS {
        let mut fields = choices(PASSWORD);
        for (name, value) in &mut fields {
            // A password is entered twice.
            if *name == field || (field == "password" && *name == "password_confirmation") {
                *value = entered;
            }
        }
        let answer = send_form(&anybody, &link, &fields).await;
        is_page(&answer, 422, "form", "en");
        let page = &answer.text;
        let summary = format!("<li><a href=\"#{field}\">{problem}</a></li>");
        assert!(page.contains(&summary), "{problem}: {page}");
        assert_eq!(page.matches("<li>").count(), 1, "{page}");
        let place = format!("id=\"{field}-problem\">\n<p>{problem}</p>");
        assert!(page.contains(&place), "{page}");
        for (name, value) in [("first_name", "Jeanne"), ("last_name", "Dupont")] {
            let kept = page.contains(&format!("value=\"{value}\""));
            assert_eq!(kept, name != field, "{name}: {page}");
        }
        for secret in [PASSWORD, "7-chars", "eight-and", "another-password"] {
            assert!(!page.contains(secret), "{page}");
        }
    }
    let all = send_form(&anybody, &link, &[("password", "x")]).await;
    is_page(&all, 422, "form", "en");
    assert_eq!(all.text.matches("<li>").count(), 4, "{}", all.text);
    assert_eq!(
        table.everything_at_rest().await,
        before,
        "nothing was written"
    );
    let longest = format!("{}€", "x".repeat(99));
    let too_long = format!("{longest}x");
    for (name, status) in [(&too_long, 422), (&longest, 200)] {
        let mut fields = choices(PASSWORD);
        fields[0].1 = name;
        assert_eq!(send_form(&anybody, &link, &fields).await.status, status);
    }
    let shown = client.get(&person.v2()).await.json();
    assert_eq!(shown["first_name"], *longest);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correct_form_finishes_the_sign_up_and_ends_the_link() {
    let api = Api::start().await;
    let client = api.organization();
    let anybody = api.anybody();
    let body = json!({ "email": "Jean@Example.com", "language": "fr", "first_name": "Old" });
    let (person, link) = invited(&api, &client, body).await;
    assert_eq!(anybody.log_in(&person.email, PASSWORD).await.status, 401);
    let mut fields = choices(PASSWORD);
    fields[1].1 = "  d'Été  ";
    let answer = send_form(&anybody, &link, &fields).await;
    is_page(&answer, 200, "finished", "fr");
    for shown in ["Jean@Example.com", "ACME"] {
        assert!(answer.text.contains(shown), "{}", answer.text);
    }
    assert!(!answer.text.contains(PASSWORD));
    let shown = client.get(&person.api_v2()).await.json();
    assert_eq!(shown["firstName"], "Jeanne");
    assert_eq!(shown["lastName"], "d'Été", "without the blanks around it");
    assert_eq!(client.get(&person.v2()).await.json()["__v"], 1);
    anybody.log_in("jean@example.com", PASSWORD).await.ok();
    for method in [Method::GET, Method::POST] {
        let headers = [
            ("accept-language", "pl, it;q=0.9, en;q=0.1"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let other = format!("first_name=X&last_name=Y&password={PASSWORD}2");
        let body = (method == Method::POST).then(|| other.into_bytes());
        let answer = anybody.send(method, &link, body, &headers).await;
        is_page(&answer, 404, "dead-link", "it");
    }
    assert_eq!(client.get(&person.api_v2()).await.json(), shown);
    let table = Table::of(&api);
    let item = table.get(&user(&person.id)).await.unwrap();
    assert!(!item.contains_key("signup"), "{item:?}");
    assert_eq!(table.starting_with("SIGNUP#").await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_has_a_login_name_keeps_it() {
    let api = Api::start().await;
    let client = api.organization();
    let account = new_account(&client, "jeanne").await;
    let link = crate::surfaces::accounts::invited_again(&api, &client, &account).await;
    let page = api.anybody().get(&link).await;
    assert!(page.text.contains("value=\"jeanne\""), "{}", page.text);
    let new = "another-good-password";
    send_form(&api.anybody(), &link, &choices(new)).await.ok();
    assert_eq!(api.log_in("jeanne", PASSWORD).await.status, 401);
    assert_eq!(api.log_in(&account.email, new).await.status, 401);
    api.log_in("jeanne", new).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn markup_in_names_is_shown_and_not_obeyed() {
    let api = Api::start().await;
    let (_, client) = api.new_organization("<script>alert(1)</script>").await;
    let name = "\"><img src=x onerror=alert(2)>";
    let body = json!({ "email": "jean@example.com", "first_name": name });
    let (_, link) = invited(&api, &client, body).await;
    let anybody = api.anybody();
    let entered = "'><svg onload=alert(3)>";
    let mut fields = choices(PASSWORD);
    fields[1].1 = entered;
    fields[3].1 = "<b>another</b>";
    let form = anybody.get(&link).await;
    let refused = send_form(&anybody, &link, &fields).await;
    assert_eq!((form.status.as_u16(), refused.status.as_u16()), (200, 422));
    fields[3].1 = PASSWORD;
    let finished = send_form(&anybody, &link, &fields).await.ok();
    for (answer, shown) in [
        (&form, "alert(2)"),
        (&refused, "alert(3)"),
        (&finished, "alert(1)"),
    ] {
        assert!(answer.text.contains(shown), "{}", answer.text);
        for tag in ["<script", "<img", "<svg", "<b>"] {
            assert!(!answer.text.contains(tag), "{tag}: {}", answer.text);
        }
    }
    let value = "value=\"&#34;&#62;&#60;img src=x onerror=alert(2)&#62;\"";
    assert!(form.text.contains(value), "{}", form.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_browser_sends_is_refused_with_a_page() {
    let api = Api::start().await;
    let client = api.organization();
    let (person, link) = invited(&api, &client, json!({ "email": "jean@example.com" })).await;
    let fields: Vec<_> = choices(PASSWORD)
        .iter()
        .map(|(name, value)| format!("{name}={}", percent_encoded(value)))
        .collect();
    let form = fields.join("&");
    let twice = format!("{form}&first_name=Jean");
    let json = json!({ "first_name": "Jeanne", "password": PASSWORD }).to_string();
    let huge = format!("{form}&x={}", "x".repeat(600_000));
    let form_type = "application/x-www-form-urlencoded";
    for (body, media_type, status) in [
        (&json, "application/json", 415),
        (&form, "text/plain", 415),
        (&form, "multipart/form-data; boundary=x", 415),
        (&twice, form_type, 400),
        (&huge, form_type, 413),
    ] {
        let headers = [("content-type", media_type)];
        let body = Some(body.clone().into_bytes());
        let answer = api
            .anybody()
            .send(Method::POST, &link, body, &headers)
            .await;
        is_page(&answer, status, "unavailable", "en");
        assert!(!answer.text.contains(PASSWORD));
    }
    let none = api.anybody().post_nothing(&link).await;
    is_page(&none, 415, "unavailable", "en");
    assert_eq!(client.get(&person.v2()).await.json()["__v"], 0);
    let headers = [(
        "content-type",
        "application/x-www-form-urlencoded; charset=UTF-8",
    )];
    let body = Some(form.into_bytes());
    api.anybody()
        .send(Method::POST, &link, body, &headers)
        .await
        .ok();
}
