//! A user is one user, whichever surface made it: listed, shown, changed,
//! switched off and on through each of the three, with the same meaning.

use serde_json::{Value, json};

use crate::harness::{Api, Client, fixtures::Fields};

/// The three ways to the same users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Surface {
    /// `/v2` (`/v2/users`).
    Scheduling,
    /// `/api/v2`.
    Accounts,
    /// `/api/v1`.
    Directory,
}

const SURFACES: [Surface; 3] = [Surface::Scheduling, Surface::Accounts, Surface::Directory];

/// What names a user on each surface.
#[derive(Debug, Clone)]
struct Names {
    id: String,
    number: u64,
}

/// What a surface shows of a user that another shows too.
#[derive(Debug, Clone, Default, PartialEq)]
struct Shown {
    first_name: String,
    last_name: String,
    /// `/api/v1` shows the name to log in with instead.
    email: Option<String>,
    language: Option<String>,
    timezone: Option<String>,
    /// `/api/v2` does not show it.
    active: Option<bool>,
}

impl Shown {
    /// Whether two surfaces contradict each other.
    fn agrees(&self, other: &Self) -> bool {
        fn same<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> bool {
            a.is_none() || b.is_none() || a == b
        }
        self.first_name == other.first_name
            && self.last_name == other.last_name
            && same(self.email.as_ref(), other.email.as_ref())
            && same(self.language.as_ref(), other.language.as_ref())
            && same(self.timezone.as_ref(), other.timezone.as_ref())
            && same(self.active.as_ref(), other.active.as_ref())
    }
}

struct World<'a> {
    owner: Client<'a>,
    operator: Client<'a>,
}

impl World<'_> {
    /// Makes a user as people of this surface do.
    async fn make(&self, surface: Surface, name: &str) -> Names {
        let email = format!("{name}@example.com");
        match surface {
            Surface::Scheduling => {
                let user = json!({ "email": email, "first_name": "Jean", "last_name": "Dupont" });
                self.owner.new_user(user).await;
            }
            Surface::Accounts => {
                self.owner
                    .post("/api/v2/users", &json!({ "email": email }))
                    .await
                    .ok();
            }
            Surface::Directory => {
                let body = json!({
                    "username": email, "password": "correct horse", "first_name": "Jean",
                    "last_name": "Dupont", "org_id": "1",
                });
                self.operator.post("/api/v1/user", &body).await.ok();
            }
        }
        self.names(&email).await
    }

    /// Finds the user in the lists of `/v2` and `/api/v2`.
    async fn names(&self, email: &str) -> Names {
        let path = format!("/v2/users?email={email}");
        let found = self.owner.get(&path).await.json();
        let users = self.owner.get("/api/v2/users").await.json();
        let mut users = users.as_array().unwrap().iter();
        let user = users.find(|user| user["email"] == email).unwrap();
        Names {
            id: found[0].id().to_owned(),
            number: user.number("_id"),
        }
    }

    async fn lists(&self, surface: Surface, names: &Names) -> bool {
        let (client, path, field, value) = match surface {
            Surface::Scheduling => (&self.owner, "/v2/users", "_id", json!(names.id)),
            Surface::Accounts => (&self.owner, "/api/v2/users/", "_id", json!(names.number)),
            Surface::Directory => (
                &self.operator,
                "/api/v1/users?org_id=1",
                "id",
                json!(names.number.to_string()),
            ),
        };
        let listed = client.get(path).await.json();
        let mut listed = listed.as_array().unwrap().iter();
        listed.any(|user| user[field] == value)
    }

    fn path(surface: Surface, names: &Names) -> String {
        match surface {
            Surface::Scheduling => format!("/v2/users/{}", names.id),
            Surface::Accounts => format!("/api/v2/users/{}", names.number),
            Surface::Directory => format!("/api/v1/user/{}", names.number),
        }
    }

    async fn show(&self, surface: Surface, names: &Names) -> Shown {
        let answer = self.owner.get(&Self::path(surface, names)).await;
        assert_eq!(answer.status, 200, "{surface:?}: {}", answer.text);
        let user = answer.json();
        let text = |name: &str| user[name].as_str().unwrap_or_default().to_owned();
        match surface {
            Surface::Scheduling => Shown {
                first_name: text("first_name"),
                last_name: text("last_name"),
                email: user["emails"][0].as_str().map(str::to_owned),
                language: Some(text("language")),
                timezone: user["timezone"].as_str().map(str::to_owned),
                active: Some(user["active"] != json!(false)),
            },
            Surface::Accounts => Shown {
                first_name: text("firstName"),
                last_name: text("lastName"),
                email: Some(text("email")),
                language: Some(text("locale")),
                timezone: Some(text("timezone")),
                active: None,
            },
            Surface::Directory => {
                assert_eq!(user["company"], "ACME");
                Shown {
                    first_name: text("first_name"),
                    last_name: text("last_name"),
                    active: Some(text("status") == "1"),
                    ..Shown::default()
                }
            }
        }
    }

    /// What every surface shows, held to be the same.
    async fn show_everywhere(&self, names: &Names, what: &str) -> Shown {
        let mut all = Vec::new();
        for surface in SURFACES {
            assert!(
                self.lists(surface, names).await,
                "{what}: {surface:?} lists it"
            );
            all.push(self.show(surface, names).await);
        }
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            assert!(all[a].agrees(&all[b]), "{what}: {:?} {:?}", all[a], all[b]);
        }
        all[0].clone()
    }

    async fn rename(&self, surface: Surface, names: &Names, first: &str, last: &str) {
        let body = match surface {
            Surface::Scheduling => json!({ "user": { "first_name": first, "last_name": last } }),
            Surface::Accounts => json!({ "firstName": first, "lastName": last }),
            Surface::Directory => json!({ "first_name": first, "last_name": last }),
        };
        let answer = self.owner.put(&Self::path(surface, names), &body).await;
        assert_eq!(answer.status, 200, "{surface:?}: {}", answer.text);
    }

    async fn switch(&self, surface: Surface, names: &Names, active: bool) {
        let path = Self::path(surface, names);
        let answer = match surface {
            Surface::Scheduling => {
                let body = json!({ "user": { "active": active } });
                self.owner.put(&path, &body).await
            }
            Surface::Accounts => {
                let verb = if active { "activate" } else { "deactivate" };
                self.owner.post(&format!("{path}/{verb}"), &json!({})).await
            }
            Surface::Directory => {
                let body = json!({ "status": u8::from(active) });
                self.owner.put(&path, &body).await
            }
        };
        assert_eq!(answer.status, 200, "{surface:?}: {}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_made_through_any_surface_is_the_same_user_through_each() {
    let api = Api::start().await;
    let world = World {
        owner: api.organization(),
        operator: api.operator(),
    };
    for maker in SURFACES {
        for through in SURFACES {
            let what = format!("made through {maker:?}, changed through {through:?}");
            let names = world.make(maker, &format!("{maker:?}-{through:?}")).await;
            let made = world.show_everywhere(&names, &what).await;
            assert_eq!(made.active, Some(true), "{what}");
            assert_eq!(
                made.email,
                Some(format!("{maker:?}-{through:?}@example.com")),
                "{what}"
            );

            let last = format!("By {through:?}");
            world.rename(through, &names, "Changed", &last).await;
            let changed = world.show_everywhere(&names, &what).await;
            assert_eq!(changed.first_name, "Changed", "{what}");
            assert_eq!(changed.last_name, last, "{what}");
            assert_eq!(changed.email, made.email, "{what}");

            world.switch(through, &names, false).await;
            let off = world.show_everywhere(&names, &what).await;
            assert_eq!(off.active, Some(false), "{what}");
            // Another surface switches it on again.
            let next = SURFACES[(through as usize + 1) % 3];
            world.switch(next, &names, true).await;
            let on = world.show_everywhere(&names, &what).await;
            assert_eq!(on, changed, "{what}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn language_zone_address_and_rights_mean_the_same_on_the_surfaces_that_have_them() {
    let api = Api::start().await;
    let world = World {
        owner: api.organization(),
        operator: api.operator(),
    };
    let names = world.make(Surface::Directory, "jean").await;
    let scheduling = World::path(Surface::Scheduling, &names);
    let accounts = World::path(Surface::Accounts, &names);
    let owner = &world.owner;

    let body = json!({ "user": { "language": "fr", "timezone": "Europe/Paris" } });
    owner.put(&scheduling, &body).await.ok();
    let shown = owner.get(&accounts).await.json();
    assert_eq!(
        (&shown["locale"], &shown["timezone"]),
        (&json!("fr"), &json!("Europe/Paris"))
    );

    let body = json!({ "locale": "da", "timezone": "America/Chicago", "email": "j@example.com" });
    owner.put(&accounts, &body).await.ok();
    let shown = owner.get(&scheduling).await.json();
    assert_eq!(shown["language"], "da");
    assert_eq!(shown["timezone"], "America/Chicago");
    assert_eq!(shown["emails"], json!(["j@example.com"]));
    // What `/api/v1` shows is the name to log in with, which is another thing.
    let path = World::path(Surface::Directory, &names);
    assert_eq!(
        owner.get(&path).await.json()["username"],
        "jean@example.com"
    );

    let grant = json!({ "accountManagement": true });
    assert_eq!(
        owner
            .post(&format!("{accounts}/perms"), &grant)
            .await
            .status,
        200
    );
    let shown = owner.get(&scheduling).await.json();
    assert_eq!(shown["account"]["organization"]["admin"], true);
    let shown = admin_ids(owner).await;
    assert_eq!(shown, std::slice::from_ref(&names.id));
}

/// The admins of the organization, as `/v2/users`'s unlink shows them.
async fn admin_ids(owner: &Client<'_>) -> Vec<String> {
    let guest = owner.new_user_id("guest@example.com").await;
    let unlinked: Value = owner.delete(&format!("/v2/users/{guest}")).await.json();
    let admins = unlinked["admins"].as_array().unwrap().iter();
    admins.map(|id| id.as_str().unwrap().to_owned()).collect()
}
