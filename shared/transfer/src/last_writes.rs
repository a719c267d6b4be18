//! The writes that make an imported organization usable. Once the first of them
//! is made, the organization lives: what its users change from then on is not
//! undone by an import that is resumed.

use roster_domain::{Error, Result};
use roster_store::{
    Store,
    dynamodb::{
        condition::Condition, item::Item, retry::Backoff, transaction::Write,
        write_failure::Failure,
    },
    keys::Key,
    raw::{self, belongings::Guard, forms::IMPORTED_FROM},
};

use crate::{TransferError, conflicts::KEY_ORGANIZATION, patiently};

/// What another item in the way is reported as, where it was not there when
/// the import looked.
pub(crate) fn taken_meanwhile(key: &Key) -> TransferError {
    TransferError::Refused(format!(
        "{} / {} was written by somebody else since the import began; run the same command again \
         to see what is in the way",
        key.pk, key.sk
    ))
}

/// Writes the organization with the guard of its number.
pub(crate) async fn put_organization(
    store: &Store<'_>,
    key: &Key,
    item: Item,
    guard: &Guard,
    sha256: &str,
) -> Result<(), TransferError> {
    let mut backoff = Backoff::default();
    loop {
        let writes = vec![
            Write::put(key, None, item.clone(), Condition::absent()),
            Write::put(
                &guard.key,
                None,
                guard.item(),
                Condition::absent_or_same(&guard.item()),
            ),
        ];
        let Err(failure) = raw::transact(store, writes).await else {
            return Ok(());
        };
        wait_out(&mut backoff, failure).await?;
        // The answer to a try that was made may have been lost.
        let there = crate::item(raw::table(store), key).await?;
        let from = there.as_ref().and_then(|item| item.get(IMPORTED_FROM));
        let from = from.and_then(|from| from.as_s().ok());
        match (there.is_some(), from) {
            (true, Some(from)) if from == sha256 => return Ok(()),
            (true, _) => return Err(taken_meanwhile(key)),
            (false, _) => is_free(store, guard).await?,
        }
    }
}

/// Writes the guard of a login name, unless the user has another name by now.
pub(crate) async fn put_login(
    store: &Store<'_>,
    user: &Key,
    name: &str,
    guard: &Guard,
) -> Result<(), TransferError> {
    let mut backoff = Backoff::default();
    loop {
        let has_name = Write::check(user, Condition::equal("login.username", name));
        let writes = vec![
            has_name.or_fail(|_| Error::NotFound("login")),
            Write::put(
                &guard.key,
                None,
                guard.item(),
                Condition::absent_or_same(&guard.item()),
            ),
        ];
        match raw::transact(store, writes).await {
            Ok(()) | Err(Failure::Error(Error::NotFound(_))) => return Ok(()),
            Err(failure) => wait_out(&mut backoff, failure).await?,
        }
        is_free(store, guard).await?;
    }
}

/// Writes a key, unless it is there: it may have been used, rotated or revoked
/// since.
pub(crate) async fn put_key(store: &Store<'_>, key: &Key, item: Item) -> Result<(), TransferError> {
    let owner = item.get(KEY_ORGANIZATION).cloned();
    let table = raw::table(store);
    let put = patiently(async || raw::put_if(table, key, item.clone(), Condition::absent()).await);
    match put.await? {
        Err(there) if there.get(KEY_ORGANIZATION) != owner.as_ref() => Err(taken_meanwhile(key)),
        _ => Ok(()),
    }
}

async fn wait_out(backoff: &mut Backoff, failure: Failure) -> Result<()> {
    match failure {
        Failure::Error(error) if !error.is_passing() => Err(error),
        _ => backoff.wait().await,
    }
}

/// Whether a guard can still be written.
async fn is_free(store: &Store<'_>, guard: &Guard) -> Result<(), TransferError> {
    match crate::item(raw::table(store), &guard.key).await? {
        Some(item) if !guard.is(&item) => Err(taken_meanwhile(&guard.key)),
        _ => Ok(()),
    }
}
