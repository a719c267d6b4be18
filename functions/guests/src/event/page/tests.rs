use roster_pages::{accept_language::LANGUAGES, check, check::between};
use serde_json::{Value, json};

use super::*;

const HOSTILE: &str = "<script>alert('1')</script>\"><b>&amp;";

fn id(number: u8) -> String {
    format!("{number:024x}")
}

fn event(more: Value) -> Event {
    let participant = |number: u8, name: &str, is_assigned: bool| {
        json!({
            "_id": id(number), "email": format!("p{number}@example.org"), "full_name": name,
            "is_assigned": is_assigned, "key": format!("key{number}"), "is_booker": number == 12,
        })
    };
    let date = |number: u8, day: u8| {
        json!({
            "_id": id(number), "all_day": false, "confirmed": false, "free": true,
            "vote": id(100 + number),
            "span": {
                "start": format!("2030-01-{day:02}T09:00:00Z"),
                "end": format!("2030-01-{day:02}T10:00:00Z"),
            },
        })
    };
    let mut event = json!({
        "_id": id(1), "title": "Demo", "assigned": id(2), "confirmed": false,
        "dates": [date(31, 9), date(32, 10)],
        "places": [
            { "_id": id(41), "name": "Here", "address": "https://meet.example.com/", "vote": id(141) },
        ],
        "participants": [
            participant(11, "Ann Lee", true), participant(12, "Gus", false),
            participant(13, "", false),
        ],
        "messages": [{ "_id": id(51), "from": "p12@example.org", "body": "Hello\nthere" }],
        "lang": "en", "locale": "en", "timezone": "Europe/Paris", "reply_to": "r@example.com",
        "key_store": id(3), "created_at": "2029-12-01T00:00:00Z",
        "updated_at": "2029-12-01T00:00:00Z", "__v": 0,
    });
    for (name, value) in more.as_object().cloned().unwrap_or_default() {
        event[name] = value;
    }
    serde_json::from_value(event).expect("an event")
}

/// The page of a participant, by place.
fn page(event: &Event, who: usize, language: Language, problem: Option<Problem>) -> String {
    render(&Shown {
        event,
        who: &event.participants[who],
        organization: "Example",
        settings: &PageSettings::default(),
        language,
        now: "2029-12-15T00:00:00Z".parse().expect("an instant"),
        done: problem.is_none().then_some(GuestAction::Vote),
        is_booked_now: false,
        problem,
        entered: None,
    })
}

fn actions(page: &str) -> Vec<&str> {
    between(page, "name=\"action\" value=\"", "\"")
}

#[test]
fn every_page_keeps_to_what_all_pages_do() {
    let cancelled = event(json!({ "cancelled_at": "2029-12-02T00:00:00Z" }));
    let open = event(json!({}));
    for language in LANGUAGES {
        for event in [&open, &cancelled] {
            for who in 0..3 {
                check::page(&page(event, who, language, None), language);
            }
        }
        for problem in [Problem::MessageMissing, Problem::SuggestionPast] {
            check::page(&page(&open, 1, language, Some(problem)), language);
        }
    }
}

#[test]
fn what_people_entered_is_escaped() {
    let mut event = event(json!({}));
    event.title = HOSTILE.parse().expect("a title");
    event.participants[1].full_name = HOSTILE.to_owned();
    event.messages[0].body = HOSTILE.parse().expect("a message");
    event.places[0].address = "https://\"onclick=x".parse().ok();
    let page = page(&event, 1, Language::En, None);
    for raw in ["<script", "<b>", "\"onclick"] {
        assert!(!page.contains(raw), "{raw} {page}");
    }
    assert!(page.contains("&#60;script&#62;alert"), "{page}");
}

#[test]
fn each_sees_what_they_can_do_and_no_more() {
    let event = event(json!({}));
    let of = |who| page(&event, who, Language::En, None);
    let (holder, booker, guest) = (of(0), of(1), of(2));
    assert_eq!(actions(&holder), ["timezone", "message", "cancel"]);
    assert_eq!(
        actions(&booker),
        [
            "timezone", "vote", "suggest", "decline", "message", "cancel"
        ]
    );
    assert_eq!(
        actions(&guest),
        ["timezone", "vote", "suggest", "decline", "message"]
    );
}

#[test]
fn a_date_is_in_the_readers_zone_and_a_link_leads_away_without_a_word() {
    let mut event = event(json!({}));
    event.participants[1].timezone = "Asia/Tokyo".parse().ok();
    let page = page(&event, 1, Language::De, None);
    assert!(
        page.contains("Mittwoch, 9. Januar 2030, 18:00\u{2060}–\u{2060}19:00"),
        "{page}"
    );
    let links = between(&page, "<a ", ">");
    assert_eq!(
        links,
        ["href=\"https://meet.example.com/\" rel=\"noopener noreferrer\""]
    );
}

#[test]
fn no_other_place_than_a_secure_page_is_a_link() {
    let mut event = event(json!({}));
    for address in [
        "javascript:alert(1)",
        "http://meet.example.com/",
        "1 Main Street",
    ] {
        event.places[0].address = address.parse().ok();
        let page = page(&event, 1, Language::En, None);
        assert!(!page.contains("<a "), "{page}");
    }
}
