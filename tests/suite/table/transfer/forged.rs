//! Items of a file that say what no item of theirs says: one of each kind.

use std::fs;

use serde_json::{Value, json};

use super::{Moved, everything, forged};
use crate::harness::{Api, fixtures::Fields};

/// The items of a file as a forger has them.
struct Forger {
    lines: Vec<String>,
}

impl Forger {
    fn new(moved: &Moved) -> Self {
        let mut lines = moved.lines();
        lines.pop();
        Self { lines }
    }

    /// The number of the line with an item that has all these texts.
    fn place(&self, texts: &[&str]) -> usize {
        let mut lines = self.lines.iter();
        lines
            .position(|line| texts.iter().all(|text| line.contains(text)))
            .unwrap_or_else(|| panic!("no line has {texts:?}"))
    }

    fn item(&self, texts: &[&str]) -> Value {
        let line = &self.lines[self.place(texts)];
        serde_json::from_str::<Value>(line).unwrap()["put"].clone()
    }

    /// The file with the first such item changed.
    fn changed(&self, texts: &[&str], change: impl FnOnce(&mut Value)) -> String {
        let place = self.place(texts);
        let mut item = self.item(texts);
        change(&mut item);
        let mut lines = self.lines.clone();
        lines[place] = json!({ "put": item }).to_string();
        forged(&lines, lines.len() as u64 - 1)
    }

    fn without(&self, texts: &[&str]) -> String {
        let mut lines = self.lines.clone();
        lines.remove(self.place(texts));
        forged(&lines, lines.len() as u64 - 1)
    }

    fn with(&self, item: Value) -> String {
        let mut lines = self.lines.clone();
        lines.push(json!({ "put": item }).to_string());
        forged(&lines, lines.len() as u64 - 1)
    }
}

fn s(text: &str) -> Value {
    json!({ "S": text })
}

fn unlist(item: &mut Value) {
    for name in ["gsi1pk", "gsi1sk"] {
        item.as_object_mut().unwrap().remove(name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_of_a_file_is_what_this_release_would_write_or_the_file_is_refused() {
    let moved = Moved::new().await;
    let target = Api::start().await;
    let demo = target.organization();
    let victim = json!({ "extid": "1", "name": "Victims", "public": true });
    let victim = demo.new_team(victim).await.id().to_owned();
    let page = format!("/v2/teams/{victim}/public");
    let shown = target.anybody().get(&page).await.text;

    let file = Forger::new(&moved);
    let (team, users) = (&moved.tenant.team, &moved.tenant.users);
    let user = format!("\"USER#{}\"", users[1]);
    let person = format!("\"TEAM#{team}#USER#{}\"", users[1]);
    let admin = &users[1];
    let team_line = format!("\"sk\":{{\"S\":\"TEAM#{team}\"}}");
    let private = ["\"name\":{\"S\":\"Private\"}"];
    let at = |item: &mut Value, pk: &str, sk: &str| {
        item["gsi1pk"] = s(pk);
        item["gsi1sk"] = s(sk);
    };
    let stray = |team: &str, user: &str| {
        let mut item = file.item(&[&person]);
        item["sk"] = s(&format!("TEAM#{team}#USER#{user}"));
        item["user"] = s(user);
        at(&mut item, &format!("PAGE#{team}"), &format!("USER#{user}"));
        item
    };
    let later = "2999-01-01T00:00:00Z";
    let login = "\"login\":{\"M\"";
    let hash = |hash: &str| {
        let hash = hash.to_owned();
        file.changed(&["\"USER#", login], move |item| {
            item["login"]["M"]["password"] = s(&hash);
        })
    };
    let tail = "$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let extra = |texts: &[&str]| {
        file.changed(texts, |item| {
            item["expires_at"] = json!({ "N": "4102444800" });
        })
    };
    let unknown = "has a expires_at that Roster does not write there";
    let owner = "guards what nobody in the file has";
    let index = "is in the index where it does not belong";
    for (what, content, expected) in [
        (
            "a member of another tenant's public page",
            file.with(stray(&victim, admin)),
            "which the file does not have",
        ),
        (
            "a member whom nobody knows",
            file.with(stray(team, "5f198da1c1ac5d1a30fc00ff")),
            "otherwise than the user says",
        ),
        (
            "a member whose user is none",
            file.with(stray(team, &users[3])),
            "otherwise than the user says",
        ),
        (
            "an admin who becomes a member",
            file.changed(&[&person], |item| {
                item.as_object_mut().unwrap().remove("admin_position");
            }),
            "otherwise than the user says",
        ),
        (
            "a member off the page",
            file.changed(&[&person], unlist),
            index,
        ),
        (
            "a person with another's id",
            file.changed(&[&person], |item| item["user"] = s(&users[0])),
            "another id",
        ),
        (
            "a person who cannot be read",
            file.changed(&[&person], |item| item["member_position"] = s("first")),
            "cannot be read",
        ),
        (
            "a public team off its page",
            file.changed(&[&team_line], unlist),
            index,
        ),
        (
            "a private team on a page",
            file.changed(&private, |item| {
                let team = item["_id"].field("S").to_owned();
                at(item, &format!("PAGE#{team}"), "TEAM");
            }),
            index,
        ),
        (
            "a team with another's id",
            file.changed(&[&team_line], |item| item["_id"] = s(&victim)),
            "another id",
        ),
        (
            "a costly hash",
            hash(&format!("$argon2id$v=19$m=1048576,t=50,p=1{tail}")),
            "password hash",
        ),
        (
            "another algorithm",
            hash(&format!("$argon2i$v=19$m=19456,t=2,p=1{tail}")),
            "password hash",
        ),
        (
            "a long hash",
            hash(&format!("$argon2id$v=19$m=19456,t=2,p=1{tail}AAAA")),
            "password hash",
        ),
        ("no hash", hash("secret"), "password hash"),
        (
            "a link for ever",
            file.changed(&["\"signup\":{\"M\""], |item| {
                item["signup"]["M"]["invited_at"] = s(later);
            }),
            "invited in the future",
        ),
        (
            "a link that lives on",
            file.changed(&["\"SIGNUP#"], |item| {
                item["expires_at"] = json!({ "N": "4102444800" });
            }),
            owner,
        ),
        ("a login that goes by itself", extra(&["\"LOGIN#"]), owner),
        (
            "a user who goes by itself",
            extra(&[&user, "\"profile\""]),
            unknown,
        ),
        ("a team that goes by itself", extra(&[&team_line]), unknown),
        ("a person who goes by itself", extra(&[&person]), unknown),
        (
            "a key that goes by itself",
            extra(&["\"role\":{\"S\":\"org\"}"]),
            unknown,
        ),
        (
            "an event that goes by itself",
            extra(&["\"EVENT#"]),
            unknown,
        ),
        ("an agenda that goes by itself", extra(&["\"DAY#"]), unknown),
        (
            "a ledger that goes by itself",
            extra(&["\"LEDGER#"]),
            unknown,
        ),
        (
            "an address that goes by itself",
            extra(&["\"UNIQUE#EMAIL#"]),
            unknown,
        ),
        (
            "an organization that goes by itself",
            extra(&["\"sk\":{\"S\":\"ORG\"}"]),
            unknown,
        ),
        (
            "an answer that is kept for ever",
            file.changed(&["\"IDEMPOTENCY#"], |item| {
                item["expires_at"] = json!({ "N": "4102444800" });
            }),
            "is kept longer",
        ),
        (
            "an attribute within another",
            file.changed(&[&user, "\"profile\""], |item| {
                item["profile"]["M"]["boss"] = json!({ "BOOL": true });
            }),
            "has a profile that Roster does not write there",
        ),
        (
            "a session's epoch in a key",
            file.changed(&["\"role\":{\"S\":\"usr\"}"], |item| {
                item["session_epoch"] = json!({ "N": "0" });
            }),
            "is not a key of",
        ),
        (
            "an address of somebody else",
            file.changed(&["\"UNIQUE#EMAIL#ada"], |item| {
                item["holder"] = s(&users[0]);
            }),
            owner,
        ),
        (
            "a team's extid of somebody else",
            file.changed(&["\"UNIQUE#TEAM_EXTID#"], |item| {
                item["holder"] = s(&users[0]);
            }),
            owner,
        ),
        (
            "an address of nobody",
            file.with(json!({
                "pk": s(&format!("ORG#{}", moved.tenant.organization)),
                "sk": s("UNIQUE#EMAIL#boss@example.com"), "holder": s(&users[0]),
            })),
            owner,
        ),
        (
            "no guard of an address",
            file.without(&["\"UNIQUE#EMAIL#ada"]),
            "lacks the guard",
        ),
        (
            "no guard of an extid",
            file.without(&["\"UNIQUE#USER_EXTID#"]),
            "lacks the guard",
        ),
        (
            "no guard of a team",
            file.without(&["\"UNIQUE#TEAM_EXTID#"]),
            "lacks the guard",
        ),
        (
            "two with one address",
            file.changed(&[&user, "\"profile\""], |item| {
                item["profile"]["M"]["email"] = s("jean@example.com");
            }),
            "something else in the file has it",
        ),
    ] {
        let before = everything(&target).await;
        fs::write(moved.file(), content).unwrap();
        let refused = moved.import(&target).await.expect_err(what).to_string();
        assert!(refused.contains(expected), "{what}: {refused}");
        assert_eq!(everything(&target).await, before, "{what}: {refused}");
    }
    assert_eq!(target.anybody().get(&page).await.text, shown);
}
