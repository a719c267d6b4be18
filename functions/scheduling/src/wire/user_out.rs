//! The User object of `/v2/users`.

use roster_domain::{
    availability::{Availability, MinuteOfDay, Weekday},
    booking_page::{BookingPage, PageSettings},
    language::Language,
    organization::{Organization, Trial},
    user::{Profile, SignedUpWith, User},
};
use serde_json::{Map, Value, json};

use super::instant;

/// What `/v2/users` shows of a profile for what is not set.
#[must_use]
pub fn shown() -> Profile {
    Profile {
        language: Some(Language::DEFAULT),
        ..Profile::default()
    }
}

/// A user as `/v2/users` shows it. What was never set is absent, or has `/v2/users`'s default.
#[must_use]
pub fn render(user: &User, organization: &Organization, app_url: &str) -> Value {
    let profile = &user.profile;
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| out.insert(name.to_owned(), value);
    put("_id", user.id.to_string().into());
    put(
        "emails",
        profile.email.iter().map(|email| email.as_str()).collect(),
    );
    put("full_name", profile.full_name().into());
    put(
        "language",
        profile.language.unwrap_or(Language::DEFAULT).code().into(),
    );
    put("signedup_with", signedup_with(user).into());
    put("account", account(user, organization, app_url));
    put("calendars", calendars(user));
    put("modules", modules(user, organization));
    put("createdAt", instant(user.created_at).into());
    put("updatedAt", instant(user.updated_at).into());
    put("__v", user.version.into());
    let texts = [
        (
            "first_name",
            profile.first_name.as_ref().map(ToString::to_string),
        ),
        (
            "last_name",
            profile.last_name.as_ref().map(ToString::to_string),
        ),
        (
            "timezone",
            profile.timezone.as_ref().map(ToString::to_string),
        ),
        (
            "picture_url",
            profile.picture_url.as_ref().map(ToString::to_string),
        ),
        (
            "calendarList",
            profile.calendar_list.map(|id| id.to_string()),
        ),
    ];
    for (name, value) in texts {
        if let Some(value) = value {
            put(name, value.into());
        }
    }
    if let Some(accepted) = profile.accepted_terms {
        put("consent", json!({ "terms": instant(accepted) }));
    }
    if !user.is_active() {
        put("active", false.into());
    }
    if let Some(availability) = &user.availability {
        put("availability", render_availability(availability));
    }
    if let Some(page) = &user.booking_page {
        put("vyteme", render_booking_page(page));
    }
    if let Some(google) = google(user) {
        put("google", google);
    }
    if !user.teams.is_empty() {
        let team = |(id, role): (&String, &roster_domain::team::TeamRole)| json!({ "_id": id, "admin": role.admin, "member": role.member });
        put("teams", user.teams.iter().map(team).collect());
    }
    Value::Object(out)
}

/// A user as the Organization object lists its members (`/v2/users`).
#[must_use]
pub fn render_member(user: &User, organization: &Organization) -> Value {
    let mut out = json!({
        "_id": user.id.to_string(),
        "emails": user.profile.email.iter().map(|email| email.as_str()).collect::<Vec<_>>(),
        "full_name": user.profile.full_name(),
        "account": { "plan": organization.plan },
        "calendars": calendars(user),
    });
    if let (Some(picture), Some(out)) = (&user.profile.picture_url, out.as_object_mut()) {
        out.insert("picture_url".to_owned(), picture.as_str().into());
    }
    out
}

/// The members that a free trial adds to an account or an organization.
#[must_use]
pub fn render_trial(trial: &Trial) -> Map<String, Value> {
    Map::from_iter([
        ("free_trial_days".to_owned(), trial.days.into()),
        (
            "free_trial_started".to_owned(),
            instant(trial.started).into(),
        ),
        ("free_trial_until".to_owned(), instant(trial.until()).into()),
    ])
}

fn signedup_with(user: &User) -> &'static str {
    match user.signedup_with {
        SignedUpWith::Api => "api",
        SignedUpWith::Email => "email",
    }
}

fn account(user: &User, organization: &Organization, app_url: &str) -> Value {
    let mut named = Map::from_iter([
        ("name".to_owned(), organization.name.as_str().into()),
        ("id".to_owned(), organization.id.to_string().into()),
    ]);
    if let Some(extid) = &user.profile.extid {
        named.insert("extid".to_owned(), extid.as_str().into());
    }
    if user.permissions.account_management {
        named.insert("admin".to_owned(), true.into());
    }
    let app_url = match user.nickname() {
        Some(nickname) => format!("{app_url}/{nickname}"),
        None => app_url.to_owned(),
    };
    let mut account = Map::from_iter([
        ("organization".to_owned(), Value::Object(named)),
        ("plan".to_owned(), json!(organization.plan)),
        ("app_url".to_owned(), app_url.into()),
    ]);
    if let Some(trial) = &organization.trial {
        account.extend(render_trial(trial));
    }
    Value::Object(account)
}

/// Which calendars are connected: Exchange alone can be, with credentials.
fn calendars(user: &User) -> Value {
    json!({
        "google": false,
        "office365": false,
        "exchange": !user.sealed_calendars.is_empty(),
        "icloud": false,
        "caldav": false,
    })
}

/// What of `/v2/users`'s modules the user has. Roster has no assistant, billing, or paid
/// tiers of pages and groups: those are never on.
fn modules(user: &User, organization: &Organization) -> Value {
    json!({
        "brand": organization.brand.is_some(),
        "assistant": false,
        "vyteme": user.booking_page.is_some(),
        "vyteme_pro": false,
        "availabilities": user.availability.is_some(),
        "billing": false,
        "group_pro": false,
        "team": !user.teams.is_empty(),
    })
}

fn google(user: &User) -> Option<Value> {
    let google = user.google.as_ref()?;
    let mut out = json!(google);
    let fetched = [
        ("last_contacts_fetch", google.last_contacts_fetch),
        ("last_profile_fetch", google.last_profile_fetch),
    ];
    for (name, when) in fetched {
        if let (Some(when), Some(out)) = (when, out.as_object_mut()) {
            out.insert(name.to_owned(), instant(when).into());
        }
    }
    Some(out)
}

fn render_availability(availability: &Availability) -> Value {
    let mut out = json!(availability.horizons);
    if let (Some(days), Some(out)) = (&availability.days, out.as_object_mut()) {
        let days = Weekday::ALL.into_iter().filter_map(|(weekday, name)| {
            let day = days.get(&weekday)?;
            let slots = day.slots.iter().map(|slot| {
                json!({ "start_time": slot_time(slot.start_time), "end_time": slot_time(slot.end_time) })
            });
            let mut out = json!({ "enabled": day.enabled });
            if !day.slots.is_empty()
                && let Some(out) = out.as_object_mut()
            {
                out.insert("slots".to_owned(), slots.collect());
            }
            Some((name.to_owned(), out))
        });
        out.insert("days".to_owned(), Value::Object(days.collect()));
    }
    out
}

/// A time of day on the date that `/v2/users`'s samples use; the date does not matter.
fn slot_time(time: MinuteOfDay) -> String {
    let day = if time == MinuteOfDay::MIDNIGHT_AT_END {
        2
    } else {
        1
    };
    let minutes = time.minutes() % 1_440;
    format!("2018-01-{day:02}T{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The page, with the defaults that `/v2/users` states.
fn render_booking_page(page: &BookingPage) -> Value {
    let mut out = json!(page);
    if let Some(custom) = out.get_mut("custom").and_then(Value::as_object_mut) {
        let shown = json!(PageSettings::shown());
        for (name, value) in shown.as_object().into_iter().flatten() {
            custom.entry(name).or_insert_with(|| value.clone());
        }
    }
    out
}
