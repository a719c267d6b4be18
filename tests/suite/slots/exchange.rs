//! Calendars of Exchange servers: one that other clients agree with (tests/proofs/exchange/run),
//! and one that misbehaves.

use std::fs;

use jiff::{SignedDuration, civil::Date};
use serde_json::{Value, json};

use super::{
    calendars::{AGAIN, Owner, SOON, day, pass, text},
    writing::{lives, uid},
};
use crate::{
    harness::{Api, fixtures::Fields},
    hooks::receiver::Reaction,
};

const USER: &str = "CORP\\ada";
const PASSWORD: &str = "lovelace";
const LONG: SignedDuration = SignedDuration::from_hours(7);
const NOT_LET_IN: &str = "The server does not accept the user name or the password.";

fn server(name: &str) -> String {
    std::env::var(name).expect("tests/proofs/exchange/run says where the servers are")
}

fn entered(url: &str) -> Value {
    json!([{ "source": "exchange", "url": url, "username": USER, "password": PASSWORD }])
}

async fn busy_days(owner: &Owner<'_>, days: &[i32]) -> Vec<i32> {
    let mut busy = Vec::new();
    for ahead in days {
        if owner.is_busy(day(*ahead)).await {
            busy.push(*ahead);
        }
    }
    busy
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an Exchange server: tests/proofs/exchange/run"]
async fn what_another_client_put_into_a_calendar_counts_as_exchange_says() {
    let api = Api::start().await;
    api.caught_up().await;
    let owner = Owner::new(&api, "ada").await;
    let all: Vec<i32> = (30..=41).collect();
    // Over NTLM, and where there is nothing but Basic.
    let plain = server("ROSTER_TEST_EXCHANGE");
    for url in [plain.clone(), format!("{plain}/basic/Exchange.asmx")] {
        owner.set(entered(&url)).await;
        pass(&api, SOON).await;
        let shown = owner.shown().await;
        assert_eq!(shown["access_broken"], false, "{shown}");
        let found = shown["subcalendars"].as_array().unwrap().iter();
        let found: Vec<_> = found
            .map(|one| (one.field("name"), one["writable"] == true))
            .collect();
        assert_eq!(found, [("Calendar", true), ("Choir & friends", false)]);
        // Free and elsewhere do not count, nor what was deleted or moved away. The day of
        // 60 entries at eight and the one behind it are read from several views.
        assert_eq!(busy_days(&owner, &all).await, [30, 31, 33, 34, 38, 41]);
        assert_eq!(owner.book(day(40), 8).await.status, 409);
    }
    // What is tentative counts, unless its owner says otherwise.
    let shown = owner.shown().await;
    let sure = json!([{ "_id": shown["_id"], "tentative_busy": false }]);
    owner.set(sure).await;
    pass(&api, SOON).await;
    assert_eq!(busy_days(&owner, &[30, 31]).await, [30]);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an Exchange server: tests/proofs/exchange/run"]
async fn a_login_is_bound_to_its_connection_and_a_wrong_password_is_told_of() {
    let api = Api::start().await;
    api.caught_up().await;
    let owner = Owner::new(&api, "ada").await;
    owner
        .set(entered(&server("ROSTER_TEST_EXCHANGE_TLS")))
        .await;
    pass(&api, SOON).await;
    let shown = owner.shown().await;
    assert_eq!(shown["access_broken"], false, "{shown}");
    let own = json!([{
        "source": "exchange", "url": server("ROSTER_TEST_EXCHANGE"),
        "username": "corp\\Grace", "password": "hopper",
    }]);
    owner.set(own).await;
    pass(&api, SOON).await;
    assert!(owner.is_busy(day(30)).await);
    let users = server("ROSTER_TEST_EXCHANGE_USERS");
    let before = fs::read_to_string(&users).unwrap();
    fs::write(&users, before.replace("hopper", "another")).unwrap();
    pass(&api, AGAIN).await;
    let shown = owner.shown().await;
    fs::write(&users, before).unwrap();
    assert_eq!(shown["access_error"], NOT_LET_IN, "{shown}");
    assert!(owner.is_busy(day(30)).await);
    pass(&api, LONG).await;
    assert_eq!(owner.shown().await["access_broken"], false);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an Exchange server: tests/proofs/exchange/run"]
async fn a_booking_is_in_the_calendar_of_who_holds_it_and_moves_and_goes_with_it() {
    let api = Api::start().await;
    api.caught_up().await;
    let owner = Owner::new(&api, "ada").await;
    owner.set(entered(&server("ROSTER_TEST_EXCHANGE"))).await;
    let written = lives(&api, &owner, async |_| {}).await;
    // What is there is read by another client.
    let lines = written.iter().map(|(event, date)| match date {
        Some(date) => format!(
            "{} {date}T10:30:00Z {date}T10:45:00Z Tentative Demo\n",
            uid(event)
        ),
        None => format!("{} none\n", uid(event)),
    });
    let lines: String = lines.collect();
    fs::write(server("ROSTER_TEST_EXCHANGE_WRITTEN"), lines).unwrap();
}

/// The calendars of a user as `/v2/users` takes them (S0, S1).
fn credentials(server: &str) -> Value {
    json!([{
        "source": "exchange",
        "credentials": { "server": server, "username": USER, "password": PASSWORD },
    }])
}

const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const SERVICES: &str = "http://schemas.microsoft.com/exchange/services/2006";

fn soap(operation: &str, inner: &str) -> Reaction {
    text(format!(
        r#"<s:Envelope xmlns:s="{SOAP}" xmlns:m="{SERVICES}/messages" xmlns:t="{SERVICES}/types">
        <s:Body><m:{operation}Response><m:ResponseMessages>
        <m:{operation}ResponseMessage ResponseClass="Success">
        <m:ResponseCode>NoError</m:ResponseCode>{inner}</m:{operation}ResponseMessage>
        </m:ResponseMessages></m:{operation}Response></s:Body></s:Envelope>"#
    ))
}

fn asks_for(scheme: &str) -> Reaction {
    Reaction {
        headers: vec![("www-authenticate", scheme.to_owned())],
        ..Reaction::status(401)
    }
}

fn one_folder() -> Reaction {
    soap(
        "GetFolder",
        r#"<m:Folders><t:CalendarFolder><t:FolderId Id="own"/><t:DisplayName>Calendar
        </t:DisplayName></t:CalendarFolder></m:Folders>"#,
    )
}

fn entry(date: Date) -> String {
    format!(
        "<t:CalendarItem><t:UID>a</t:UID><t:Start>{date}T10:00:00Z</t:Start>\
         <t:End>{date}T11:00:00Z</t:End><t:IsAllDayEvent>false</t:IsAllDayEvent>\
         <t:LegacyFreeBusyStatus>Busy</t:LegacyFreeBusyStatus></t:CalendarItem>"
    )
}

fn view(entries: &[String], is_all: bool) -> Reaction {
    let entries = entries.concat();
    soap(
        "FindItem",
        &format!(
            r#"<m:RootFolder IncludesLastItemInRange="{is_all}"><t:Items>{entries}</t:Items>
            </m:RootFolder>"#
        ),
    )
}

/// Lets a server answer one reading: with a folder, and these views of it.
fn answers(owner: &Owner<'_>, views: Vec<Reaction>) {
    owner.server.answers_once(asks_for("Basic realm=\"mail\""));
    owner.server.answers_once(one_folder());
    let none = soap("FindFolder", "<m:RootFolder><t:Folders/></m:RootFolder>");
    owner.server.answers_once(none);
    for view in views {
        owner.server.answers_once(view);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_misbehaves_is_told_of_and_what_exchange_said_before_counts() {
    let api = Api::start().await;
    api.caught_up().await;
    let owner = Owner::new(&api, "ada").await;
    let place = format!("{}/EWS/Exchange.asmx", owner.server.url);
    owner.set(entered(&place)).await;
    // The second view begins where the first ended.
    let first = view(&[entry(day(30))], false);
    answers(&owner, vec![first, view(&[entry(day(31))], true)]);
    pass(&api, SOON).await;
    assert_eq!(busy_days(&owner, &[30, 31, 32]).await, [30, 31]);
    let asked = owner.server.received();
    let begins = format!("StartDate=\"{}T10:00:00Z\"", day(30));
    assert!(asked.last().unwrap().body.contains(&begins));

    let fault = soap("FindItem", "")
        .body
        .replace("\"Success\"", "\"Error\"");
    let fault = text(fault.replace("NoError", "ErrorServerBusy"));
    let again = || view(&[entry(day(30))], false);
    for (last, reason) in [
        (fault, "Exchange answers with the error ErrorServerBusy."),
        (
            text("<html>".to_owned()),
            "The server does not answer as Exchange does.",
        ),
        (
            Reaction::status(503),
            "The server answers with the status 503.",
        ),
        (
            text("x".repeat(11 * 1024 * 1024)),
            "The server sends too much, or stopped sending.",
        ),
        (again(), "There is more in the calendar than Roster reads."),
    ] {
        answers(&owner, vec![again(), last]);
        pass(&api, LONG).await;
        let shown = owner.shown().await;
        assert_eq!(shown["access_error"], reason, "{shown}");
    }
    let elsewhere = Reaction {
        headers: vec![("location", "/owa/".to_owned())],
        ..Reaction::status(302)
    };
    for (first, reason) in [
        (
            asks_for("Negotiate"),
            "The server lets nobody in with a user name and a password.",
        ),
        (
            elsewhere,
            "The address leads to another. Enter where it leads to.",
        ),
        (
            Reaction::status(404),
            "There is no Exchange server at the address.",
        ),
        (
            asks_for("NTLM bm90aGluZw=="),
            "The server does not answer as Exchange does.",
        ),
    ] {
        owner.server.answers_once(first);
        pass(&api, LONG).await;
        let shown = owner.shown().await;
        assert_eq!(shown["access_error"], reason, "{shown}");
        assert_eq!(busy_days(&owner, &[30, 31, 32]).await, [30, 31]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calendars_that_are_set_with_the_user_are_read_and_go_with_them() {
    let api = Api::start().await;
    api.caught_up().await;
    let owner = Owner::new(&api, "ada").await;
    let user = format!("/v2/users/{}", owner.user);
    let connected = async || {
        let shown = owner.client.get(&user).await.ok().json();
        ["exchange", "caldav"].map(|source| shown["calendars"][source] == true)
    };
    let place = format!("{}/EWS/Exchange.asmx", owner.server.url);
    let set = async |body: &Value| owner.client.put(&user, body).await.ok();
    set(&json!({ "calendars": credentials(&place) })).await;
    assert_eq!(connected().await, [true, false]);
    assert_eq!(owner.shown().await["source"], "exchange");
    answers(&owner, vec![view(&[entry(day(30))], true)]);
    pass(&api, SOON).await;
    assert!(owner.is_busy(day(30)).await);

    // Others beside it stay, whichever way either is set.
    let caldav = json!([
        { "_id": owner.shown().await["_id"] },
        { "source": "caldav", "url": "https://caldav.example.com/", "username": "ada",
          "password": "x" },
    ]);
    owner.set(caldav).await;
    assert_eq!(connected().await, [true, true]);
    let batch = json!([{
        "user": { "_id": owner.user }, "calendars": credentials("mail.example.com"),
    }]);
    let answer = owner.client.put("/v2/users/batch", &batch).await;
    assert_eq!(answer.json()[0]["status"], 200, "{}", answer.text);
    let path = format!("{user}/calendars");
    let shown = owner.client.get(&path).await.ok().json();
    let sources: Vec<_> = shown["calendars"].as_array().unwrap().iter().collect();
    let sources: Vec<_> = sources
        .iter()
        .map(|one| (one.field("source"), one.field("server")))
        .collect();
    assert_eq!(
        sources,
        [
            ("caldav", "caldav.example.com"),
            ("exchange", "mail.example.com")
        ]
    );

    // What is taken out is out of the user, too.
    let last = shown["calendars"][1].id().to_owned();
    owner.client.delete(&format!("{path}/{last}")).await.ok();
    assert_eq!(connected().await, [false, true]);
    set(&json!({ "calendars": credentials("mail.example.com") })).await;
    set(&json!({ "calendars": [] })).await;
    assert_eq!(connected().await, [false, true]);
    pass(&api, SOON).await;
    assert!(!owner.is_busy(day(30)).await);

    // Who is created with some has them at once, and so has who is named there and known.
    for (at, email) in [
        ("/v2/users", "grace@example.com"),
        ("/v2/users/batch", "joan@example.com"),
    ] {
        let mut user = json!({ "email": email });
        for server in ["one.example.com", "two.example.com"] {
            let one = json!({ "user": user, "calendars": credentials(server) });
            let body = if at.ends_with("batch") {
                json!([one])
            } else {
                one
            };
            let answer = owner.client.post(at, &body).await;
            assert!(answer.status.is_success(), "{}", answer.text);
            let path = format!("/v2/users?email={email}");
            let found = owner.client.get(&path).await.ok().json();
            user = json!({ "_id": found[0]["_id"] });
            let path = format!("/v2/users/{}/calendars", found[0].id());
            let shown = owner.client.get(&path).await.ok().json();
            assert_eq!(shown["calendars"].as_array().unwrap().len(), 1);
            assert_eq!(shown["calendars"][0]["server"], server, "{}", answer.text);
        }
    }
}
