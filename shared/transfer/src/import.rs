//! Writing an organization from a file to a table.
//!
//! First the file is read to its end, then the table is asked for everything
//! that could be in the way, and only then something is written. What lets
//! somebody in, the keys and the login names, comes last, so that nobody uses
//! half an organization. An import that was interrupted is made again: it
//! passes over what it wrote before.

mod check;
pub(crate) mod file;
mod writes;

use std::{collections::HashMap, path::PathBuf};

use jiff::Timestamp;
use roster_domain::{Error, OrganizationId, Result, UserId, users::user::User};
use roster_store::{Store, Table, dynamodb::item::from_item, keys::kind::Kind, raw};

use crate::{
    KEYS_AT_ONCE, TransferError, Watch,
    allocation::{Allocation, allocate},
    conflicts::{Allowed, compare, number_of},
    import::file::ImportFile,
    items, replace,
    sealed::{SealedPolicy, reseal},
};

/// How an import is made.
#[derive(Debug)]
pub struct ImportOptions {
    /// When it is.
    pub now: Timestamp,
    /// The file that an export wrote.
    pub input: PathBuf,
    /// Whether those whose numbers are taken get others.
    pub renumber: bool,
    /// What becomes of sealed credentials; none: a file with any is refused.
    pub sealed: Option<SealedPolicy>,
    /// The organization, where what it has in the table is to be removed first.
    pub replace: Option<OrganizationId>,
}

/// A number that was given anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renumbered {
    /// The user; none for the organization.
    pub user: Option<UserId>,
    /// In the file.
    pub old: u64,
    /// In the table.
    pub new: u64,
}

/// What was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The organization.
    pub organization: OrganizationId,
    /// Its name.
    pub name: String,
    /// Items in the file.
    pub items: u64,
    /// Whether an earlier import of the same file had written all but the keys
    /// and logins, at least.
    pub was_there: bool,
    /// The numbers that were given anew.
    pub renumbered: Vec<Renumbered>,
    /// The users whose sealed credentials were left out.
    pub without_credentials: Vec<UserId>,
}

/// An import that is under way.
pub(crate) struct Import<'a> {
    pub(crate) store: Store<'a>,
    pub(crate) file: ImportFile,
    pub(crate) allowed: Allowed,
    pub(crate) numbers: Allocation,
    /// What takes the place of sealed credentials, where something does.
    pub(crate) sealed: Option<HashMap<UserId, Vec<String>>>,
    /// What takes the place of session epochs, where something does.
    pub(crate) session_epoch: Option<u64>,
    pub(crate) written: u64,
}

/// Imports an organization, or goes on with an import that was interrupted.
///
/// # Errors
/// [`TransferError::Refused`] for a file that is damaged, or is not what an
/// export of one organization writes; [`TransferError::Conflicts`] with all
/// that is in the way, when nothing was written.
pub async fn import(
    table: &Table,
    options: &ImportOptions,
    watch: Watch<'_>,
) -> Result<Imported, TransferError> {
    let mut file = ImportFile::open(&options.input, options.now, watch)?;
    check_options(options, &file)?;
    let allowed = Allowed {
        numbers: options.renumber,
        sealed: !matches!(options.sealed, None | Some(SealedPolicy::Keep)),
        replace: options.replace.is_some(),
    };
    let target = compare(table, &mut file, allowed, watch).await?;
    if !target.conflicts.is_empty() {
        return Err(TransferError::Conflicts(target.conflicts));
    }
    let was_there = target.is_complete && !allowed.replace;
    let mut import = Import {
        store: Store::new(table, options.now),
        sealed: None,
        file,
        allowed,
        numbers: Allocation::default(),
        // A session that ended after the export began must stay ended, though
        // the user's epoch is again what it was.
        session_epoch: allowed
            .replace
            .then(|| u64::try_from(options.now.as_second()).unwrap_or_default()),
        written: 0,
    };
    if !was_there {
        import.sealed = import.prepare_sealed(options.sealed.as_ref()).await?;
        import.numbers = allocate(&import.store, &import.file, &target).await?;
        if allowed.replace {
            replace::remove(&import.store, import.file.organization(), watch).await?;
        }
        import.write_partition(watch).await?;
        import.write_guards(watch).await?;
        import.write_organization().await?;
    }
    import.write_last(watch).await?;
    let renumbered = if options.renumber {
        import.renumbered().await?
    } else {
        Vec::new()
    };
    let without_credentials = match options.sealed {
        Some(SealedPolicy::Drop) => import.with_credentials()?,
        _ => Vec::new(),
    };
    Ok(Imported {
        organization: import.file.organization(),
        name: import.file.header.name.clone(),
        items: import.file.keys().count() as u64,
        was_there,
        renumbered,
        without_credentials,
    })
}

fn check_options(options: &ImportOptions, file: &ImportFile) -> Result<(), TransferError> {
    let id = file.organization();
    if let Some(named) = options.replace.filter(|named| *named != id) {
        return Err(TransferError::Refused(format!(
            "--replace names organization {named}, and {} is of {id}",
            options.input.display()
        )));
    }
    if options.sealed.is_none() && !file.with_credentials.is_empty() {
        let users = match file.with_credentials.len() {
            1 => "1 user has".to_owned(),
            users => format!("{users} users have"),
        };
        return Err(TransferError::Refused(format!(
            "{users} calendar credentials in {}, sealed under a key that is not in the file; say \
             `--sealed keep` (the target seals with the same key), `--sealed drop` (these users \
             connect their calendars again), or `--sealed reseal` with `--source-sealing-key` and \
             `--sealing-key`",
            options.input.display()
        )));
    }
    Ok(())
}

impl Import<'_> {
    fn with_credentials(&self) -> Result<Vec<UserId>, TransferError> {
        let keys = self.file.with_credentials.iter();
        keys.map(|key| match self.file.kind(key)? {
            Kind::User(id) | Kind::DeletedUser(id) => Ok(id),
            _ => Err(Error::internal("credentials that are no user's").into()),
        })
        .collect()
    }

    /// Everything is opened and sealed before anything is written.
    async fn prepare_sealed(
        &mut self,
        policy: Option<&SealedPolicy>,
    ) -> Result<Option<HashMap<UserId, Vec<String>>>, TransferError> {
        let (source, target) = match policy {
            None | Some(SealedPolicy::Keep) => return Ok(None),
            Some(SealedPolicy::Drop) => return Ok(Some(HashMap::new())),
            Some(SealedPolicy::Reseal { source, target }) => (source, target),
        };
        let mut all = HashMap::new();
        for key in self.file.with_credentials.clone() {
            let user: User = from_item(self.file.item(&key)?)?;
            let sealed = reseal(source, target, user.id, &user.sealed_calendars).await;
            let sealed = sealed.map_err(|error| {
                TransferError::Refused(format!(
                    "the credentials of user {} were not sealed anew ({error}); is \
                     --source-sealing-key the key they were sealed with, and may you use both \
                     keys? `--sealed drop` leaves credentials out",
                    user.id
                ))
            })?;
            all.insert(user.id, sealed);
        }
        Ok(Some(all))
    }

    /// The numbers that differ, told from the table: an import that was
    /// interrupted may have given some of them.
    async fn renumbered(&mut self) -> Result<Vec<Renumbered>, TransferError> {
        let mut keys = Vec::new();
        for key in self.file.keys() {
            match self.file.kind(key)? {
                Kind::User(id) | Kind::DeletedUser(id) => keys.push((key.clone(), Some(id))),
                Kind::Organization => keys.push((key.clone(), None)),
                _ => {}
            }
        }
        let mut all = Vec::new();
        for chunk in keys.chunks(KEYS_AT_ONCE) {
            let wanted = chunk.iter().map(|(key, _)| key.clone());
            let found = items(raw::table(&self.store), wanted).await?;
            for (key, user) in chunk {
                let new = found.get(key).and_then(number_of);
                let old = number_of(&self.file.item(key)?);
                if let (Some(old), Some(new)) = (old, new)
                    && old != new
                {
                    let user = *user;
                    all.push(Renumbered { user, old, new });
                }
            }
        }
        all.sort_by_key(|renumbered| (renumbered.user.is_some(), renumbered.old));
        Ok(all)
    }
}
