//! The numbers that users and the organization get in the target.

use std::collections::HashMap;

use roster_domain::{Result, UserId};
use roster_store::{Store, keys, raw};

use crate::{conflicts::Target, import::file::ImportFile, patiently};

/// Numbers that differ from those in the file.
#[derive(Debug, Default)]
pub(crate) struct Allocation {
    /// Of users.
    pub(crate) users: HashMap<UserId, u64>,
    /// Of the organization.
    pub(crate) organization: Option<u64>,
}

/// Makes sure that nobody else is given a number of the file, and takes others
/// for those that are taken. An import that is resumed keeps what it took.
pub(crate) async fn allocate(
    store: &Store<'_>,
    file: &ImportFile,
    target: &Target,
) -> Result<Allocation> {
    let (users, organizations) = (keys::user_counter(), keys::organization_counter());
    patiently(async || raw::skip_numbers(store, &users, file.last_user_number).await).await?;
    patiently(async || raw::skip_numbers(store, &organizations, file.organization_number).await)
        .await?;
    let mut allocation = Allocation {
        users: target.numbers.clone(),
        organization: None,
    };
    let without = target.users_with_taken_numbers.iter();
    let without = without.filter(|(user, _)| !target.numbers.contains_key(user));
    let without: Vec<_> = without.map(|(user, _)| *user).collect();
    if !without.is_empty() {
        let count = without.len() as u64;
        let first = patiently(async || raw::take_numbers(store, &users, count).await).await?;
        allocation.users.extend(without.into_iter().zip(first..));
    }
    if target.organization_number_is_taken {
        let number = patiently(async || raw::take_numbers(store, &organizations, 1).await).await?;
        allocation.organization = Some(number);
    }
    Ok(allocation)
}
