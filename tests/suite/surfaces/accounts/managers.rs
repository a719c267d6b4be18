//! The last active user with accountManagement stays.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{Person, api_v2_error, count, new_manager, new_person, table::Table};
use crate::harness::{Answer, Api, Client};

/// Each way to withdraw accountManagement from a user, or to switch the user
/// off.
async fn each_way_out(client: &Client<'_>, person: &Person) -> Vec<Answer> {
    let no_admin = json!({ "user": { "account": { "organization": { "admin": false } } } });
    let off = json!({ "user": { "active": false } });
    let perms = json!({ "accountManagement": false });
    vec![
        client.post(&person.perms(), &perms).await,
        client.put(&person.v2(), &no_admin).await,
        client.put(&person.v2(), &off).await,
        client.post_nothing(&person.deactivate()).await,
    ]
}

async fn is_manager(client: &Client<'_>, person: &Person) -> bool {
    let user = client.get(&person.v2()).await.json();
    user["account"]["organization"]["admin"] == true && user["active"] != false
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_account_manager_can_neither_step_down_nor_be_switched_off() {
    let api = Api::start().await;
    let client = api.organization();
    let last = new_manager(&client, "last@example.com").await;
    let off = new_manager(&client, "off@example.com").await;
    client.post_nothing(&off.deactivate()).await.ok();
    let other = new_person(&client, "other@example.com").await;
    let perms = json!({ "userManagement": true });
    client.post(&other.perms(), &perms).await.ok();
    let (_, elsewhere) = api.new_organization("Elsewhere").await;
    new_manager(&elsewhere, "theirs@example.com").await;
    let own = client.new_user_key(&last.id).await;
    let before = client.get(&last.v2()).await.json();
    for caller in [client.clone(), api.with_key(&own)] {
        for answer in each_way_out(&caller, &last).await {
            assert_eq!(answer.status, 409, "{}", answer.text);
            let told = "last active user with accountManagement";
            assert!(answer.text.contains(told), "{}", answer.text);
        }
        api_v2_error(&caller.post_nothing(&last.deactivate()).await, 409);
    }
    assert_eq!(client.get(&last.v2()).await.json(), before);
    assert_eq!(Table::of(&api).managers().await, 1);
    // What else the manager has is not held.
    let rest = json!({ "accountManagement": true, "userManagement": false, "viewMetrics": false });
    client.post(&last.perms(), &rest).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_account_managers_one_can_go_each_way_and_the_other_stays() {
    let api = Api::start().await;
    let client = api.organization();
    for way in 0..4 {
        let person = new_manager(&client, &format!("{way}@example.com")).await;
        let other = new_manager(&client, &format!("other{way}@example.com")).await;
        let no_admin = json!({ "user": { "account": { "organization": { "admin": false } } } });
        let off = json!({ "user": { "active": false } });
        let perms = json!({ "accountManagement": false });
        let gone = match way {
            0 => client.post(&person.perms(), &perms).await,
            1 => client.put(&person.v2(), &no_admin).await,
            2 => client.put(&person.v2(), &off).await,
            _ => client.post_nothing(&person.deactivate()).await,
        };
        gone.ok();
        assert!(!is_manager(&client, &person).await);
        assert_eq!(Table::of(&api).managers().await, 1);
        for answer in each_way_out(&client, &other).await {
            assert_eq!(answer.status, 409, "{way}: {}", answer.text);
        }
        client.delete(&other.v2()).await.ok();
        assert_eq!(Table::of(&api).managers().await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_organization_itself_may_unlink_its_last_account_manager() {
    let api = Api::start().await;
    let client = api.organization();
    let last = new_manager(&client, "last@example.com").await;
    let key = client.new_user_key(&last.id).await;
    let own = api.with_key(&key).delete(&last.v2()).await;
    assert_eq!(own.status, 409, "{}", own.text);
    client.delete(&last.v2()).await.ok();
    let table = Table::of(&api);
    assert_eq!(table.managers().await, 0);
    // The next one is the first.
    let next = new_manager(&client, "next@example.com").await;
    assert_eq!(table.managers().await, 1);
    api_v2_error(&client.post_nothing(&next.deactivate()).await, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_managers_who_switch_each_other_off_at_once_one_succeeds() {
    let api = Api::start().await;
    let client = api.organization();
    let first = new_manager(&client, "first@example.com").await;
    let second = new_manager(&client, "second@example.com").await;
    let (first_key, second_key) = (
        client.new_user_key(&first.id).await,
        client.new_user_key(&second.id).await,
    );
    let (as_first, as_second) = (api.with_key(&first_key), api.with_key(&second_key));
    let table = Table::of(&api);
    let (off_first, off_second) = (first.deactivate(), second.deactivate());
    for round in 0..20 {
        let (one, other) = tokio::join!(
            as_first.post_nothing(&off_second),
            as_second.post_nothing(&off_first)
        );
        let answers = [one, other];
        assert_eq!(count(&answers, 200), 1, "{round}: {answers:?}");
        // Too late: the last one, or not admitted any more.
        let lost = count(&answers, 409) + count(&answers, 403);
        assert_eq!(lost, 1, "{round}: {answers:?}");
        let left = [
            is_manager(&client, &first).await,
            is_manager(&client, &second).await,
        ];
        assert_eq!(left, [answers[0].status == 200, answers[1].status == 200]);
        assert_eq!(table.managers().await, 1);
        for person in [&first, &second] {
            client.post_nothing(&person.activate()).await.ok();
        }
        assert_eq!(table.managers().await, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_managers_who_go_at_once_one_is_left() {
    let api = Api::start().await;
    let client = api.organization();
    let mut managers = Vec::new();
    for n in 0..8 {
        managers.push(new_manager(&client, &format!("{n}@example.com")).await);
    }
    let perms = json!({ "accountManagement": false });
    let go = |(n, person): (usize, &Person)| {
        let (client, perms) = (&client, &perms);
        let (path, off) = (person.perms(), person.deactivate());
        async move {
            if n % 2 == 0 {
                client.post(&path, perms).await
            } else {
                client.post_nothing(&off).await
            }
        }
    };
    let answers = join_all(managers.iter().enumerate().map(go)).await;
    assert_eq!((count(&answers, 200), count(&answers, 409)), (7, 1));
    assert_eq!(Table::of(&api).managers().await, 1);
    for (person, answer) in managers.iter().zip(&answers) {
        assert_eq!(is_manager(&client, person).await, answer.status == 409);
    }
}

/// A user as the random walk expects it.
struct Expected {
    person: Person,
    manager: bool,
    active: bool,
}

/// A random number below `limit` (`SplitMix64`; Steele, Lea and Flood, 2014).
fn random(state: &mut u64, limit: usize) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    usize::try_from(z % u64::try_from(limit).unwrap()).unwrap()
}

fn managing(users: &BTreeMap<String, Expected>) -> u64 {
    let managing = users.values().filter(|user| user.manager && user.active);
    u64::try_from(managing.count()).unwrap()
}

async fn create(client: &Client<'_>, n: usize, manager: bool) -> Expected {
    let email = format!("{n}@example.com");
    let user = json!({
        "email": email, "account": { "organization": { "admin": manager } },
    });
    let made = client.new_user(user).await;
    Expected {
        person: super::person(client, &made["_id"], &email).await,
        manager,
        active: true,
    }
}

/// One change of a user, on one of the three surfaces: what is sent, and what the
/// user is if it succeeds.
async fn change(client: &Client<'_>, user: &Expected, kind: usize) -> (Answer, bool, bool) {
    let person = &user.person;
    let admin = |admin: bool| json!({ "account": { "organization": { "admin": admin } } });
    let v2 = |user: Value| json!({ "user": user });
    let flag = kind.is_multiple_of(2);
    match kind / 2 {
        0 => {
            let perms = json!({ "accountManagement": flag });
            let answer = client.post(&person.perms(), &perms).await;
            (answer, flag, user.active)
        }
        1 => {
            let answer = client.put(&person.v2(), &v2(admin(flag))).await;
            (answer, flag, user.active)
        }
        2 => {
            let path = if flag {
                person.activate()
            } else {
                person.deactivate()
            };
            (client.post_nothing(&path).await, user.manager, flag)
        }
        3 => {
            let body = v2(json!({ "active": flag }));
            let answer = client.put(&person.v2(), &body).await;
            (answer, user.manager, flag)
        }
        4 => {
            let path = format!("/api/v1/user/{}", person.number);
            let body = json!({ "status": u8::from(flag) });
            (client.put(&path, &body).await, user.manager, flag)
        }
        _ => {
            // Both at once, one the opposite of the other.
            let mut both = admin(!flag);
            both["active"] = json!(flag);
            (client.put(&person.v2(), &v2(both)).await, !flag, flag)
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn account_managers_are_counted_right_whatever_happens() {
    let api = Api::start().await;
    let client = api.organization();
    let table = Table::of(&api);
    let mut users = BTreeMap::new();
    let mut state = 2_024;
    let (mut refused, mut gone) = (0, 0);
    for n in 0..60 {
        let operation = random(&mut state, 17);
        let before = managing(&users);
        if operation < 3 || users.is_empty() {
            let user = create(&client, n, operation.is_multiple_of(2)).await;
            users.insert(user.person.id.clone(), user);
        } else {
            let index = random(&mut state, users.len());
            let id = users.keys().nth(index).unwrap().clone();
            let user = users.get_mut(&id).unwrap();
            if operation < 5 {
                let path = format!("/api/v1/user/{}", user.person.number);
                let answer = if operation == 3 {
                    client.delete(&user.person.v2()).await
                } else {
                    api.operator().delete(&path).await
                };
                answer.ok();
                users.remove(&id);
                gone += 1;
            } else {
                let (answer, manager, active) = change(&client, user, operation - 5).await;
                let is_last = before == 1 && user.manager && user.active;
                if is_last && !(manager && active) {
                    assert_eq!(answer.status, 409, "{n}: {}", answer.text);
                    refused += 1;
                } else {
                    assert_eq!(answer.status, 200, "{n}: {}", answer.text);
                    (user.manager, user.active) = (manager, active);
                }
            }
        }
        assert_eq!(table.managers().await, managing(&users), "{n}");
    }
    for user in users.values() {
        let expected = user.manager && user.active;
        assert_eq!(is_manager(&client, &user.person).await, expected);
    }
    assert!(refused > 0 && gone > 1, "{refused} {gone}");
}
