//! Which items of a batch must wait for one another: those that name the same
//! address, external id, login, nickname or user.

use std::collections::HashMap;

use roster_domain::users::change::UserChange;

/// Splits items into groups: items of one group are written in their order, as if
/// they had been sent one after another; groups do not touch one another.
#[must_use]
pub fn groups(changes: &[(usize, &UserChange)]) -> Vec<Vec<usize>> {
    // A forest: each item points to an earlier one of its group, or to itself.
    let mut parents: Vec<usize> = (0..changes.len()).collect();
    let mut owners: HashMap<String, usize> = HashMap::new();
    for (index, (_, change)) in changes.iter().enumerate() {
        for name in names(change) {
            let owner = *owners.entry(name).or_insert(index);
            let (a, b) = (root(&parents, owner), root(&parents, index));
            if let Some(parent) = parents.get_mut(a.max(b)) {
                *parent = a.min(b);
            }
        }
    }
    let mut groups: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, (item, _)) in changes.iter().enumerate() {
        groups.entry(root(&parents, index)).or_default().push(*item);
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_unstable();
    groups
}

fn root(parents: &[usize], mut index: usize) -> usize {
    while let Some(parent) = parents.get(index).filter(|parent| **parent != index) {
        index = *parent;
    }
    index
}

/// What two items collide on when both have it.
fn names(change: &UserChange) -> Vec<String> {
    let page = change.booking_page.set();
    let login = change.login.as_ref();
    [
        change.id.map(|id| format!("id {id}")),
        change
            .profile
            .email
            .set()
            .map(|email| format!("email {}", email.folded())),
        change
            .profile
            .extid
            .set()
            .map(|extid| format!("extid {extid}")),
        page.and_then(|page| page.nickname.set())
            .map(|name| format!("nickname {}", name.folded())),
        login
            .and_then(|login| login.username.as_ref())
            .map(|name| format!("login {}", name.folded())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use roster_domain::Patch;

    use super::*;

    fn change(email: &str, extid: &str) -> UserChange {
        let mut change = UserChange::default();
        change.profile.email = Patch::Set(email.parse().expect("an address"));
        change.profile.extid = Patch::Set(extid.parse().expect("an extid"));
        change
    }

    #[test]
    fn items_that_share_a_name_wait_for_one_another_also_through_a_third() {
        let changes = [
            change("a@x.org", "1"),
            change("b@x.org", "2"),
            change("c@x.org", "3"),
            change("A@x.org", "3"),
        ];
        let numbered: Vec<_> = changes.iter().enumerate().collect();
        assert_eq!(groups(&numbered), [vec![0, 2, 3], vec![1]]);
    }
}
