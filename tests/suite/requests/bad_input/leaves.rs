//! Every value of every body, spoiled: the cases are made by walking bodies
//! that use every field.

use serde_json::{Value, json};

use super::{Write, bodies::writes, write_everything};
use crate::harness::Api;

/// Prints in no name and ends strings in many clients.
const SPOILED: &str = "🎉\0";

/// The pointers of every value within a body, itself included.
fn walk(value: &Value, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                walk(value, &format!("{pointer}/{name}"), found);
            }
        }
        Value::Array(elements) => {
            for (index, value) in elements.iter().enumerate() {
                walk(value, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// The pointers of the values that `wanted` selects, in order.
fn pointers(body: &Value, wanted: fn(&Value) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    walk(body, "", &mut found);
    found.retain(|pointer| wanted(body.pointer(pointer).unwrap()));
    found.sort();
    found
}

/// Arrays that take one element without the array.
const TAKES_ONE: [&str; 3] = ["/places", "/invitees", "/messages"];

/// The pointers of the objects whose names we choose, in order.
fn object_pointers(body: &Value) -> Vec<String> {
    let mut found = pointers(body, Value::is_object);
    found.retain(|pointer| pointer != "/assignment/members");
    found
}

/// The pointers of the strings within a body, in order.
pub(super) fn string_pointers(body: &Value) -> Vec<String> {
    pointers(body, Value::is_string)
}

fn is_leaf(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

fn replaced(body: &Value, pointer: &str, by: Value) -> Value {
    let mut body = body.clone();
    *body.pointer_mut(pointer).unwrap() = by;
    body
}

/// The arrays of a body of which one element may come without the array.
fn takes_one(name: &str) -> &'static [&'static str] {
    match name {
        "event" | "new event" => &TAKES_ONE,
        "event update" => &["/places"],
        "guests" => &[""],
        _ => &[],
    }
}

fn is_at_or_below(pointer: &str, place: &str) -> bool {
    pointer
        .strip_prefix(place)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bodies_that_the_cases_are_made_of_are_accepted() {
    let api = Api::start().await;
    write_everything(&api).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emoji_and_a_nul_in_any_string_are_refused_with_its_pointer_and_no_other() {
    let api = Api::start().await;
    let mut cases = 0;
    for write in writes(&api).await {
        let caller = write.caller(&api.organization(), &api.operator());
        let strings = string_pointers(&write.body);
        for pointer in &strings {
            let body = replaced(&write.body, pointer, json!(SPOILED));
            let refusal = write.refusal(&caller, &body, pointer).await;
            assert_eq!(refusal.pointers(), [&**pointer], "{}", write.what());
            cases += 1;
        }
        // And within a text that is fine but for them.
        for pointer in &strings {
            let text = write.body.pointer(pointer).unwrap().as_str().unwrap();
            let body = replaced(&write.body, pointer, json!(format!("{text}{SPOILED}")));
            let refusal = write.refusal(&caller, &body, pointer).await;
            assert_eq!(refusal.pointers(), [&**pointer], "{}", write.what());
        }
    }
    assert!(cases > 200, "{cases}: the bodies have lost their strings");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_of_another_json_type_is_refused_at_its_place() {
    let api = Api::start().await;
    for write in writes(&api).await {
        let caller = write.caller(&api.organization(), &api.operator());
        for pointer in pointers(&write.body, |_| true) {
            let value = write.body.pointer(&pointer).unwrap();
            let wrong = if is_leaf(value) {
                vec![json!({ "x": 1 }), json!([[]]), json!(-1.5)]
            } else if value.is_object() {
                vec![json!(7), json!([]), json!(false)]
            } else {
                vec![json!({}), json!("x"), json!(7)]
            };
            for wrong in wrong {
                let body = replaced(&write.body, &pointer, wrong.clone());
                let what = format!("{pointer} as {wrong}");
                let refusal = write.refusal(&caller, &body, &what).await;
                // An empty object is an element that lacks its fields.
                let is_only_element =
                    wrong == json!({}) && takes_one(write.name).contains(&&*pointer);
                let status = if is_only_element { 422 } else { 400 };
                assert_eq!(refusal.status, status, "{}: {what}", write.what());
                let named = refusal.pointers();
                assert!(
                    named.iter().all(|named| is_at_or_below(named, &pointer)),
                    "{}: {what} names {named:?}",
                    write.what()
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_field_of_any_object_is_refused_by_name() {
    let api = Api::start().await;
    for write in writes(&api).await {
        let caller = write.caller(&api.organization(), &api.operator());
        for pointer in object_pointers(&write.body) {
            let mut body = write.body.clone();
            let object = body.pointer_mut(&pointer).unwrap();
            object["first/na~me"] = json!("Jean");
            let refusal = write.refusal(&caller, &body, &pointer).await;
            assert_eq!(refusal.status, 400, "{}", write.what());
            assert_eq!(
                refusal.pointers(),
                [format!("{pointer}/first~1na~0me")],
                "{}",
                write.what()
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_error_of_a_body_is_listed_at_once() {
    let api = Api::start().await;
    for write in writes(&api).await {
        let caller = write.caller(&api.organization(), &api.operator());
        let strings = string_pointers(&write.body);
        let mut body = write.body.clone();
        for pointer in &strings {
            *body.pointer_mut(pointer).unwrap() = json!(SPOILED);
        }
        if !strings.is_empty() {
            let refusal = write.refusal(&caller, &body, "spoiled").await;
            assert_eq!(refusal.pointers(), strings, "{}", write.what());
        }

        // Beside them, what is wrong with the objects that hold them.
        let mut expected = strings.clone();
        for pointer in object_pointers(&write.body) {
            body.pointer_mut(&pointer).unwrap()["typo"] = json!(1);
            expected.push(format!("{pointer}/typo"));
        }
        expected.sort();
        let refusal = write.refusal(&caller, &body, "spoiled, with typos").await;
        assert_eq!(refusal.status, 400, "{}", write.what());
        assert_eq!(refusal.pointers(), expected, "{}", write.what());
    }
}

/// What null does not clear, by the body it stands in.
fn not_nullable(write: &Write) -> &'static [&'static str] {
    match write.name {
        "login" => &[
            "/organization",
            "/user",
            "/user/_id",
            "/user/id",
            "/user/account",
            "/user/account/organization",
            "/user/account/organization/admin",
            "/user/emails/0",
            "/availability/days/*/enabled",
            "/availability/days/*/slots",
            "/availability/days/*/slots/*",
            "/availability/days/*/slots/*/start_time",
            "/availability/days/*/slots/*/end_time",
            "/vyteme/custom/embed_origins/*",
            "/vyteme/custom/fixed_places/*",
            "/vyteme/custom/fixed_places/*/name",
            "/login",
            "/login/credentials",
            "/login/credentials/username",
            "/login/credentials/password",
            "/calendars/*",
            "/calendars/*/source",
            "/calendars/*/credentials",
            "/calendars/*/credentials/server",
            "/calendars/*/credentials/username",
            "/calendars/*/credentials/password",
            "/teams",
            "/teams/*",
            "/teams/*/_id",
            "/teams/*/extid",
            "/teams/*/name",
            "/teams/*/admin",
            "/teams/*/member",
        ],
        "team" => &[
            "/_id",
            "/organization",
            "/extid",
            "/name",
            "/public",
            "/admins",
            "/admins/*",
            "/admins/*/_id",
            "/admins/*/extid",
            "/members",
            "/members/*",
            "/members/*/email",
            "/assignment/strategy",
            "/assignment/minimum_notice",
            "/assignment/respect_availability",
            "/assignment/stale_calendars",
            "/assignment/credit",
            "/assignment/credit/*",
            "/assignment/members",
            "/assignment/members/*/weight",
            "/assignment/members/*/priority",
        ],
        "event" | "new event" => &[
            "/organization",
            "/title",
            "/created_by/email",
            "/confirmed",
            "/confirmed/flag",
            "/dates",
            "/dates/*",
            "/dates/*/all_day",
            "/dates/*/date",
            "/dates/*/end_date",
            "/places",
            "/places/*",
            "/places/*/name",
            "/invitees",
            "/invitees/*",
            "/invitees/*/email",
            "/invitees/*/required",
            "/third_party/group_ids",
            "/third_party/group_ids/*",
            "/settings/no_emails",
            "/messages",
            "/messages/*",
            "/messages/*/body",
            "/lang",
            "/locale",
            "/vyteme",
        ],
        "key" => &["/name", "/role", "/organization"],
        "directory user" => &[
            "/username",
            "/password",
            "/first_name",
            "/last_name",
            "/status",
            "/org_id",
        ],
        "directory change" => &[
            "/id",
            "/user_id",
            "/username",
            "/password",
            "/first_name",
            "/last_name",
            "/company",
            "/status",
            "/org_id",
        ],
        "accounts invitation" => &["/email"],
        "accounts user" => &["/_id", "/email"],
        "accounts permissions" => &[
            "/accountManagement",
            "/userManagement",
            "/addBeacons",
            "/toggleBeacons",
            "/viewMetrics",
        ],
        "event update" => &[
            "/title",
            "/dates",
            "/dates/*",
            "/dates/*/all_day",
            "/dates/*/date",
            "/dates/*/end_date",
            "/places",
            "/places/*",
            "/places/*/name",
        ],
        "new member" => &["/user"],
        "availability" => &[
            "/days/*/enabled",
            "/days/*/slots",
            "/days/*/slots/*",
            "/days/*/slots/*/start_time",
            "/days/*/slots/*/end_time",
        ],
        "preferences" => &["/email", "/email/*", "/push", "/push/*"],
        "admin preferences" => &["/prefs", "/prefs/email", "/prefs/email/*"],
        "credit" => &["/user", "/units", "/reason"],
        "hold" => &[
            "/organization",
            "/users",
            "/users/*",
            "/minutes",
            "/all_day",
            "/date",
            "/end_date",
        ],
        "guests" => &["/*", "/*/email", "/*/required"],
        "organizer" => &["/user", "/keep_as_invitee"],
        "date" => &["/all_day", "/date", "/end_date", "/reassign"],
        "invitee" => &["/invitee"],
        "hook" => &["/action", "/target_url", "/organization", "/paused"],
        "overlap" => &["/overlap_seconds"],
        "time off" => &["/from", "/to", "/reason"],
        "calendars" => &[
            "/calendars",
            "/calendars/*",
            "/calendars/*/name",
            "/calendars/*/source",
            "/calendars/*/url",
            "/calendars/*/username",
            "/calendars/*/password",
            "/calendars/*/tentative_busy",
            "/calendars/*/write_back",
            "/calendars/*/subcalendars",
            "/calendars/*/subcalendars/*",
            "/calendars/*/subcalendars/*/busy",
        ],
        "edit" => &["/from", "/to"],
        "nothing" | "member" => &[],
        "directory organization" => &["/id", "/org_id", "/name"],
        "organization" => &["/_id", "/name", "/lang", "/plan", "/private"],
        other => panic!("{other}: what may be null?"),
    }
}

fn matches(pattern: &str, pointer: &str) -> bool {
    pattern.split('/').count() == pointer.split('/').count()
        && pattern
            .split('/')
            .zip(pointer.split('/'))
            .all(|(pattern, step)| pattern == "*" || pattern == step)
}

#[tokio::test(flavor = "multi_thread")]
async fn null_clears_an_optional_field_and_is_refused_everywhere_else() {
    let api = Api::start().await;
    let mut writes = writes(&api).await;
    // One update and one creation each: the routes share their reading.
    writes.retain(|write| match write.name {
        "login" => write.method == "PUT" && !write.batch,
        "team" => write.method == "PUT",
        "object" | "signup" => false,
        _ => true,
    });
    for write in &mut writes {
        // Of two names for one field, null in one contradicts the other.
        for pointer in ["/user/email", "/availability/today", "/today"] {
            let (object, name) = pointer.rsplit_once('/').unwrap();
            let object = write.body.pointer_mut(object);
            if let Some(object) = object.and_then(Value::as_object_mut) {
                object.remove(name);
            }
        }
    }
    for write in writes {
        let caller = write.caller(&api.organization(), &api.operator());
        let patterns = not_nullable(&write);
        for pointer in pointers(&write.body, |_| true) {
            if pointer.is_empty() {
                continue;
            }
            let body = replaced(&write.body, &pointer, Value::Null);
            let what = format!("{}: {pointer}", write.what());
            // Who organizes an event must be said; who books one need not be.
            let is_needed = write.name == "new event" && pointer == "/created_by";
            if is_needed || patterns.iter().any(|pattern| matches(pattern, &pointer)) {
                let refusal = write.refusal(&caller, &body, &pointer).await;
                assert_eq!(refusal.pointers(), [pointer], "{what}");
            } else if write.operator && pointer == "/free_trial_days" {
                // A trial has a length.
                let refusal = write.refusal(&caller, &body, &pointer).await;
                assert_eq!(refusal.pointers(), [pointer], "{what}");
            } else {
                let mut body = body;
                if write.name == "organization" {
                    body.as_object_mut().unwrap().remove("_id");
                }
                if write.name == "directory user" {
                    body["username"] = json!(format!("without {pointer}"));
                }
                let answer = write.send(&caller, &body).await;
                assert!(answer.status.is_success(), "{what}: {}", answer.text);
            }
        }
    }
}
