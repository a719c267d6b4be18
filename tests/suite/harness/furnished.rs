//! An organization that has everything an organization can have.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, fixtures::Fields, gate::Gate};

/// The password of whoever logs in.
pub const PASSWORD: &str = "correct-horse-battery";
/// The login name of the user who has one.
pub const LOGIN: &str = "jean.dupont";
/// What the person who signs up chooses.
pub const CHOSEN: &str = "first_name=Inga&last_name=Vited\
    &password=correct-horse-battery&password_confirmation=correct-horse-battery";

/// What a test needs to know of it.
pub struct Furnished {
    pub organization: String,
    /// The organization's own key, and those of the user who logs in.
    pub organization_key: String,
    pub user_key: String,
    /// The session of the user who logs in.
    pub session: String,
    /// The ids of its users: the one who logs in, two members, one who is
    /// invited, one who is deactivated.
    pub users: Vec<String>,
    pub team: String,
    /// The path of the page in the link of the user who is invited.
    pub signup: String,
    /// The number of a user who was deleted.
    pub deleted: String,
}

fn made(answer: Answer) -> Answer {
    assert!(answer.status.is_success(), "{}", answer.text);
    answer
}

/// A booking of an hour of a day in January 2030.
pub fn booking(title: &str, day: u32, hour: u32) -> Value {
    let at = |hour| format!("2030-01-{day:02}T{hour:02}:00:00Z");
    json!({
        "title": title,
        "created_by": { "email": "booker@example.org" },
        "dates": [{ "date": at(hour), "end_date": at(hour + 1) }],
    })
}

/// Books an event of the team, under an idempotency key.
pub async fn book(client: &Client<'_>, team: &str, key: &str, body: &Value) -> Answer {
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", key),
    ];
    let path = format!("/v2/teams/{team}/events");
    let body = body.to_string().into_bytes();
    client.send(Method::POST, &path, Some(body), &headers).await
}

/// A day off of a user, of a team and of everybody.
async fn enter_time_off(client: &Client<'_>, user: &str, team: &str, organization: &str) {
    let owners = [
        format!("users/{user}"),
        format!("teams/{team}"),
        format!("organizations/{organization}"),
    ];
    for (day, owner) in (1..).zip(owners) {
        let off = json!({ "from": format!("2031-01-{day:02}"), "reason": "Leave" });
        made(client.post(&format!("/v2/{owner}/time-off"), &off).await);
    }
}

/// A calendar of a user's own. Answers its id.
pub async fn new_calendar(client: &Client<'_>, user: &str, name: &str) -> String {
    let url = "http://127.0.0.1:9/calendar.ics";
    let own = json!({ "calendars": [{ "name": name, "source": "ics", "url": url }] });
    let path = format!("/v2/users/{user}/calendars");
    let set = client.put(&path, &own).await.ok().json();
    set["calendars"][0].id().to_owned()
}

/// Makes the organization.
pub async fn furnish(api: &Api) -> Furnished {
    let body = json!({ "name": "Furnished", "plan": "free" });
    let organization = made(api.operator().post("/v2/organizations", &body).await).json();
    let organization_key = organization["key"].field("key").to_owned();
    let organization = organization["organization"].id();
    let client = api.with_key(&organization_key);
    let operator = api.operator();

    let jean = json!({
        "user": {
            "email": "jean@example.com", "first_name": "Jean", "last_name": "Dupont",
            "timezone": "Europe/Paris",
            "account": { "organization": { "extid": "jean-1" } },
        },
        "login": { "credentials": { "username": LOGIN, "password": PASSWORD } },
        "vyteme": { "nickname": "jeannot" },
        "calendars": [{ "source": "exchange", "credentials": {
            "server": "https://mail.example.com", "username": "jean", "password": "secret",
        } }],
    });
    let mut users = vec![made(client.post("/v2/users", &jean).await).id()];
    for name in ["ada", "bob"] {
        let email = format!("{name}@example.com");
        let user = json!({ "user": {
            "email": email, "first_name": name, "timezone": "Europe/Paris",
            "picture_url": format!("https://example.com/{name}.png"),
        } });
        users.push(made(client.post("/v2/users", &user).await).id());
    }
    let invited = json!({
        "user": { "email": "inga@example.com" }, "finish_signup_with": "email",
    });
    let invited = made(client.post("/v2/users", &invited).await);
    users.push(invited.id());
    let link = invited.field("link");
    let signup = link.strip_prefix(&api.url()).unwrap().to_owned();
    users.push(client.new_user_id("off@example.com").await);
    let off = client.number_of("off@example.com").await;
    let off = format!("/api/v2/users/{off}/deactivate");
    made(client.post_nothing(&off).await);
    let number_of_jean = client.number_of("jean@example.com").await;
    let all = json!({
        "accountManagement": true, "userManagement": true, "addBeacons": true,
        "toggleBeacons": true, "viewMetrics": true,
    });
    let perms = format!("/api/v2/users/{number_of_jean}/perms");
    made(client.post(&perms, &all).await);

    client.new_user_id("unlinked@example.com").await;
    let unlinked = client.get("/v2/users?email=unlinked@example.com").await;
    let unlinked = unlinked.json()[0].id().to_owned();
    made(client.delete(&format!("/v2/users/{unlinked}")).await);
    client.new_user_id("deleted@example.com").await;
    let deleted = client.number_of("deleted@example.com").await.to_string();
    made(operator.delete(&format!("/api/v1/user/{deleted}")).await);

    let hook = json!({ "action": "user.joined", "target_url": "http://127.0.0.1:9/" });
    let hook = made(client.post("/v2/hooks", &hook).await).id();
    made(client.post_nothing(&format!("/v2/hooks/{hook}/ping")).await);

    let team = json!({
        "extid": "team-1", "name": "Team", "public": true, "reminder_hours": 24,
        "members": users[..3], "admins": [users[1]],
    });
    let team = made(client.post("/v2/teams", &team).await).id();
    client
        .new_team(json!({ "extid": "team-2", "name": "Private", "members": [users[4]] }))
        .await;
    for day in 1..6 {
        let title = format!("Meeting {day}");
        made(book(&client, &team, &title, &booking(&title, day, 10)).await);
    }

    let mut voted = booking("Voted", 21, 10);
    voted["dates"] = json!([
        booking("", 21, 10)["dates"][0],
        booking("", 22, 10)["dates"][0]
    ]);
    voted["places"] = json!([{ "name": "Here" }, { "name": "There" }]);
    voted["invitees"] = json!([{ "email": "guest@example.org" }]);
    let voted = made(book(&client, &team, "Voted", &voted).await).json();
    act_as_guests(api, &voted).await;
    // The stream has led to reminders by then.
    api.mails(|_| true).await;

    enter_time_off(&client, &users[1], &team, organization).await;
    new_calendar(&client, &users[1], "Own").await;

    let hold = json!({
        "team": team, "minutes": 30,
        "date": "2030-01-20T10:00:00Z", "end_date": "2030-01-20T11:00:00Z",
    });
    made(client.post("/v2/slots/holds", &hold).await);
    let user_key = client.new_user_key(&users[0]).await;
    let session = api.session(LOGIN, PASSWORD).await;
    Furnished {
        organization: organization.to_owned(),
        organization_key,
        user_key,
        session,
        users,
        team,
        signup,
        deleted,
    }
}

/// Does on an event's page what guests can do.
async fn act_as_guests(api: &Api, event: &Value) {
    let link = |place: usize| {
        let key = event["key_store"]["hash"].field(event["invitees"][place].id());
        format!("/e/{}?k={key}", event.id())
    };
    let (date, place) = (event["dates"][0].id(), event["places"][1].id());
    let vote = format!("action=vote&date-{date}=yes&place-{place}=no");
    for (link, form) in [
        (link(1), vote.as_str()),
        (link(1), "action=message&message=See+you"),
        (link(1), "action=suggest&suggestion=2030-01-23T10:00"),
        (link(1), "action=timezone&timezone=Asia/Tokyo"),
        (link(2), "action=decline"),
        (link(2), "action=accept"),
    ] {
        let answer = api.anybody().send_form(Method::POST, &link, form).await;
        assert_eq!(answer.status, 303, "{form}: {}", answer.text);
    }
}

/// Lets a booking lose a race, so that it takes a turn.
pub async fn lose_a_race(api: &Api, tenant: &Furnished) {
    let (gate, slow) = Gate::before(api).await;
    let book = async |api: &Api, title: &str, hour| {
        let client = api.with_key(&tenant.organization_key);
        made(book(&client, &tenant.team, title, &booking(title, 8, hour)).await)
    };
    gate.hold(book(&slow, "Late", 10), book(api, "Early", 12))
        .await;
}
