//! Which items of a batch must wait for one another: those that name the same thing.

use std::collections::HashMap;

/// Splits items, each with what it names, into groups: items of one group are written in their order, as if
/// they had been sent one after another; groups do not touch one another.
#[must_use]
pub fn groups(items: &[(usize, Vec<String>)]) -> Vec<Vec<usize>> {
    // A forest: each item points to an earlier one of its group, or to itself.
    let mut parents: Vec<usize> = (0..items.len()).collect();
    let mut owners: HashMap<&str, usize> = HashMap::new();
    for (index, (_, names)) in items.iter().enumerate() {
        for name in names {
            let owner = *owners.entry(name.as_str()).or_insert(index);
            let (a, b) = (root(&parents, owner), root(&parents, index));
            if let Some(parent) = parents.get_mut(a.max(b)) {
                *parent = a.min(b);
            }
        }
    }
    let mut groups: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, (item, _)) in items.iter().enumerate() {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_that_share_a_name_wait_for_one_another_also_through_a_third() {
        let named = [["a", "1"], ["b", "2"], ["c", "3"], ["a", "3"]];
        let items = named.map(|names| names.map(str::to_owned).to_vec());
        let items: Vec<_> = items.into_iter().enumerate().collect();
        assert_eq!(groups(&items), [vec![0, 2, 3], vec![1]]);
    }
}
