//! Forms that no browser sends: two thousand of them, the same each time.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;

use super::guest::{Guest, events, with_page};
use crate::harness::{Api, fixtures::Fields as _};

const FORMS: usize = 2_000;
/// So many are taken in a quarter of an hour from one address.
const AT_ONCE: usize = 18;

/// Numbers that look random and are the same each time (Knuth's MMIX generator).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        let next = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = next.wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.roll(all.len())]
    }
}

const VALUES: [&str; 22] = [
    "",
    " ",
    "Zoe",
    "zoe@example.org",
    "%00",
    "%ff%fe",
    "%E2%80%AE%E2%80%8B",
    "%F0%9F%8E%89",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "{{me}}{{invitee}}{{me}}",
    "%0D%0ASet-Cookie:%20a=b",
    "a@b, c@d; e@f",
    "jean@example.com",
    "-1",
    "99999999999999999999",
    "other",
    "0",
    "../../e/x",
    "javascript:alert(1)",
    "2027-01-04T10:00:00Z",
    "9999-12-31T23:59:59Z",
];
const FIELDS: [&str; 16] = [
    "name",
    "email",
    "phone",
    "company",
    "title",
    "message",
    "place",
    "other_place",
    "guests",
    "website",
    "start",
    "time-2027-01-04T10:00:00Z",
    "time-x",
    "action",
    "hold",
    "constructor",
];
const QUERIES: [&str; 12] = [
    "",
    "?hold=5f5e10000000000000000000",
    "?hold=x&hold=y",
    "?dates=2027-01-04T10:00:00Z",
    "?dates=,,,x&date=2027-13-40",
    "?date=-9999-01-01",
    "?date=9999-12-31",
    "?timezone=Mars/Base&lang=xx",
    "?timezone=../../etc/passwd",
    "?problem=<b>&change=timezone",
    "?cn=%00&cm=%ff&places=||||&et={{me}}",
    "?minutes=0",
];
const HEADERS: [(&str, &str); 8] = [
    ("origin", "https://evil.example"),
    ("origin", "null"),
    ("accept-language", ";;q=nan,*;q=9"),
    ("x-forwarded-for", "10.0.0.1"),
    ("content-encoding", "gzip"),
    ("idempotency-key", "k"),
    ("host", "evil.example"),
    ("cookie", "session=1"),
];

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_hostile_forms_break_nothing_and_a_token_books_once() {
    let api = Api::start().await;
    let client = api.organization();
    let held = json!({ "auto_confirm": true, "enable_api": true, "ask_phone": true });
    let user = with_page(&client, "jean", held).await;
    with_page(&client, "open", json!({ "enable_api": true })).await;
    let team = json!({ "extid": "1", "name": "Sales", "public": true, "members": [user] });
    let team = client.post("/v2/teams", &team).await.created().id();
    let pages = [
        "/jean",
        "/open",
        "/open/45",
        "/nobody",
        &*format!("/team/{team}"),
    ];
    let mut dice = Dice(16);
    let mut booked: BTreeMap<String, String> = BTreeMap::new();
    let mut guest = Guest::on(&api, "/jean");
    let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
    for number in 0..FORMS {
        if number % AT_ONCE == 0 {
            // What was counted counts no more, and what was held is free.
            api.forward(SignedDuration::from_mins(16));
            guest = Guest::on(&api, dice.pick(&pages[..1]));
            let times = guest.times().await;
            guest.choose(times[dice.roll(times.len())]).await;
            api.forward(SignedDuration::from_secs(5));
        }
        let is_well_meant = dice.roll(6) == 0;
        let (page, query) = if is_well_meant {
            ("/jean", guest.at.as_str())
        } else {
            (dice.pick(&pages), dice.pick(&QUERIES))
        };
        let token = format!("token-{}", dice.roll(40));
        let mut form = vec![format!(
            "action={}",
            dice.pick(&["book", "choose", "more", "back", "x"])
        )];
        if is_well_meant {
            form = vec!["action=book&name=Zoe&email=zoe@example.org&phone=1".to_owned()];
        }
        for _ in 0..dice.roll(5) {
            let (name, value) = (dice.pick(&FIELDS), dice.pick(&VALUES));
            form.push(format!("{name}={value}"));
        }
        if dice.roll(40) == 0 {
            form.push(format!("message={}", "x".repeat(20_000)));
        }
        form.push(format!("token={token}"));
        let form = form.join("&");
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
        if dice.roll(8) == 0 {
            headers[0].1 = dice.pick(&["text/plain", "application/json", "multipart/form-data"]);
        }
        if dice.roll(3) == 0 {
            headers.push(HEADERS[dice.roll(HEADERS.len())]);
        }
        let path = format!("{page}{query}");
        let sent = api.anybody();
        let body = Some(form.clone().into_bytes());
        let answer = sent.send(Method::POST, &path, body, &headers).await;
        let status = answer.status.as_u16();
        *statuses.entry(status).or_default() += 1;
        let what = format!("{path} {form} {headers:?}: {status} {}", answer.text);
        assert!([200, 303, 400, 404, 415, 422].contains(&status), "{what}");
        assert!(!answer.headers.contains_key("set-cookie"), "{what}");
        let to = answer.header("location").unwrap_or_default();
        assert!(
            to.is_empty() || to.starts_with('?') || to.contains("e/"),
            "{what}"
        );
        if let Some((_, event)) = to.split_once("e/") {
            let first = booked
                .entry(format!("{page} {token}"))
                .or_insert(event.to_owned());
            assert_eq!(first, event, "{what}");
        }
    }
    // Some of each came about: nothing is proven by forms that are all refused.
    for status in [303, 400, 404, 415, 422] {
        assert!(statuses.contains_key(&status), "{statuses:?}");
    }
    let all = events(&client).await;
    assert!(
        all.len() >= 10 && all.len() <= booked.len() + statuses.get(&200).unwrap_or(&0),
        "{} {booked:?}",
        all.len()
    );
    for event in &all {
        client.get(&format!("/v2/events/{}", event.id())).await.ok();
    }
    for link in booked.values() {
        let page = api.anybody().get(&format!("/e/{link}")).await.ok().text;
        assert!(
            !page.contains("<script>") && !page.contains("<img"),
            "{page}"
        );
    }
    for page in ["/jean", "/open", pages[4]] {
        Guest::on(&api, page).see().await;
    }
}
