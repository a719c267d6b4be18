//! The journey over booking pages.

use std::time::{Duration, Instant};

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;

use super::{Travellers, journal::Journal, scheduling::Users};
use crate::harness::Api;

/// As long as it takes to fill in a form.
const A_WHILE: Duration = Duration::from_secs(3);
const GUEST: &str = "action=book&name=Zoe&email=zoe%40example.org";

/// A guest books on the page of a user and on that of a team.
pub async fn bookings(
    api: &Api,
    travellers: &Travellers<'_>,
    journal: &mut Journal,
    (users, team): (&Users, &str),
) {
    let client = &travellers.organization;
    // No other journey has it.
    let nickname = journal.address("").replace('@', "");
    let user = format!("/v2/users/{}", users.ada);
    let body = json!({ "vyteme": {
        "nickname": nickname, "message": "Hello", "custom": { "auto_confirm": true },
    } });
    journal.put(client, &user, &body, 200).await;
    let anybody = &travellers.anybody;
    let at = "?date=2098-03-03&timezone=Europe/Paris";
    let page = format!("/{nickname}");
    for path in [
        format!("{page}{at}"),
        format!("{page}/60{at}"),
        format!("/team/{team}{at}"),
        format!("{page}{at}&change=timezone"),
    ] {
        journal.get(anybody, &path, 200).await;
    }
    for none in ["/nobody-has-this", "/team/5f5e10000000000000000000"] {
        journal.get(anybody, none, 404).await;
    }

    let team = format!("/team/{team}");
    book(api, travellers, journal, &page).await;
    book(api, travellers, journal, &team).await;

    let body = json!({ "vyteme": { "custom": { "auto_confirm": false } } });
    journal.put(client, &user, &body, 200).await;
    let page = format!("{page}?dates=2098-03-05T10:00:00Z,2098-03-06T10:00:00Z");
    journal.get(anybody, &page, 200).await;
    send(travellers, journal, &page, &format!("{GUEST}&token=1"), 303).await;
}

/// Sends a form. Answers where it leads.
async fn send(
    travellers: &Travellers<'_>,
    journal: &mut Journal,
    path: &str,
    form: &str,
    status: u16,
) -> String {
    let sent = travellers.anybody.send_form(Method::POST, path, form).await;
    assert_eq!(sent.status, status, "{path} {form}: {}", sent.text);
    journal.called(&Method::POST, path, &sent);
    sent.header("location").unwrap_or_default().to_owned()
}

/// Holds a time, gives it up, holds it again and books it.
async fn book(api: &Api, travellers: &Travellers<'_>, journal: &mut Journal, page: &str) {
    let choose = "action=choose&start=2098-03-04T10:00:00Z";
    let to = send(travellers, journal, page, choose, 303).await;
    let held = format!("{page}{to}");
    assert!(to.starts_with("?hold="), "{to}");
    send(travellers, journal, &held, "action=back", 303).await;
    let to = send(travellers, journal, page, choose, 303).await;
    let (held, since) = (format!("{page}{to}"), Instant::now());
    let anybody = &travellers.anybody;
    let shown = anybody.get(&held).await.ok();
    journal.called(&Method::GET, page, &shown);
    send(travellers, journal, &held, "action=book", 422).await;
    if api.runs_here() {
        api.forward(SignedDuration::try_from(A_WHILE).unwrap());
    }
    while !api.runs_here() && since.elapsed() < A_WHILE {
        anybody.get(&held).await.ok();
    }
    let form = format!("{GUEST}&token=held");
    let to = send(travellers, journal, &held, &form, 303).await;
    assert!(to.contains("done=booked"), "{to}");
    send(travellers, journal, &held, &form, 303).await;
}
