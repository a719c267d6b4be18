//! What is in the way of an import: all of it, before anything is written.

use std::collections::HashMap;

use roster_domain::{OrganizationId, UserId, access::key::ApiKey};
use roster_store::{
    Table,
    dynamodb::{
        item::{Item, from_item, key_of},
        schema_version,
        table::Freshness,
    },
    keys::{
        self, Key,
        kind::{Content, Kind},
    },
    raw::{
        belongings::{Guard, Guarded},
        forms::{IMPORTED, IMPORTED_FROM},
    },
};

use crate::{
    KEYS_AT_ONCE, Progress, TransferError, Watch, import::file::ImportFile, item, page, tell,
};

/// Attribute of a user and of an organization: its number.
pub(crate) const NUMBER: &str = "number";
/// Attribute of a user: sealed credentials.
pub(crate) const SEALED: &str = "sealed_calendars";
/// Attribute of a key: the organization it acts for.
pub(crate) const KEY_ORGANIZATION: &str = "organization";
/// Items that are named among those that only the target has.
const NAMED: usize = 3;

/// What an import may do to items on the way: an item of the target that
/// differs in nothing else was written by it before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowed {
    /// Numbers may change.
    pub(crate) numbers: bool,
    /// Sealed credentials may change.
    pub(crate) sealed: bool,
    /// What the organization has in the target is to be removed.
    pub(crate) replace: bool,
}

/// What the target has.
#[derive(Debug, Default)]
pub(crate) struct Target {
    /// All but the keys and the logins was imported before, from this file.
    pub(crate) is_complete: bool,
    /// What is in the way.
    pub(crate) conflicts: Vec<String>,
    /// The users whose numbers others have.
    pub(crate) users_with_taken_numbers: Vec<(UserId, u64)>,
    /// Whether another organization has the organization's number.
    pub(crate) organization_number_is_taken: bool,
    /// Numbers that an import of this file gave to users before.
    pub(crate) numbers: HashMap<UserId, u64>,
}

/// An item of the file as it is to be written: one without a schema version is
/// from before there were any.
pub(crate) fn with_version(mut item: Item) -> Item {
    item.entry(schema_version::ATTRIBUTE.to_owned())
        .or_insert_with(|| {
            aws_sdk_dynamodb::types::AttributeValue::N(schema_version::FIRST.to_string())
        });
    item
}

/// Whether an item of the target is one of the file, as far as an import may
/// not change it.
pub(crate) fn is_same(kind: Kind, allowed: Allowed, ours: &Item, theirs: &Item) -> bool {
    let strip = |item: &Item| {
        let mut item = with_version(item.clone());
        if matches!(kind, Kind::User(_) | Kind::DeletedUser(_)) {
            if allowed.numbers {
                item.remove(NUMBER);
            }
            if allowed.sealed {
                item.remove(SEALED);
            }
        }
        if kind == Kind::Other(Content::Event) {
            item.remove(IMPORTED);
        }
        item
    };
    strip(ours) == strip(theirs)
}

/// The number in an item.
pub(crate) fn number_of(item: &Item) -> Option<u64> {
    item.get(NUMBER)?.as_n().ok()?.parse().ok()
}

/// Looks at every place that an import of the file would write.
pub(crate) async fn compare(
    table: &Table,
    file: &mut ImportFile,
    allowed: Allowed,
    watch: Watch<'_>,
) -> Result<Target, TransferError> {
    let mut comparison = Comparison {
        table,
        allowed,
        target: Target::default(),
        organization_is_there: false,
    };
    comparison.organization(file).await?;
    if comparison.target.is_complete && !allowed.replace {
        return Ok(comparison.target);
    }
    if !comparison.organization_is_there && !allowed.replace {
        comparison.partition(file, watch).await?;
    }
    comparison.guards(file, watch).await?;
    comparison.keys_and_pages(file, watch).await?;
    Ok(comparison.target)
}

struct Comparison<'a> {
    table: &'a Table,
    allowed: Allowed,
    target: Target,
    organization_is_there: bool,
}

impl Comparison<'_> {
    async fn organization(&mut self, file: &ImportFile) -> Result<(), TransferError> {
        let id = file.organization();
        let key = keys::organization(id);
        let Some(found) = item(self.table, &key).await? else {
            return Ok(());
        };
        self.organization_is_there = true;
        let from = found.get(IMPORTED_FROM).and_then(|value| value.as_s().ok());
        self.target.is_complete = from == Some(&file.sha256);
        if !self.target.is_complete && !self.allowed.replace {
            self.target.conflicts.push(format!(
                "organization {id}: it exists; `--replace {id}` removes what it has here first"
            ));
        }
        Ok(())
    }

    /// What the organization has here although it does not exist: an import
    /// left it, or the organization's deletion.
    async fn partition(
        &mut self,
        file: &mut ImportFile,
        watch: Watch<'_>,
    ) -> Result<(), TransferError> {
        let range = keys::whole_partition(file.organization());
        let (mut start, mut items, mut strangers) = (None, 0, Vec::new());
        loop {
            let found = page(self.table, &range, start, Freshness::Strong).await?;
            for theirs in found.items {
                items += 1;
                let key = key_of(&theirs)?;
                if !file.has(&key) {
                    strangers.push(key.sk);
                    continue;
                }
                let (kind, ours) = (file.kind(&key)?, file.item(&key)?);
                if !is_same(kind, self.allowed, &ours, &theirs) {
                    let text = format!("{} / {}: another item is there", key.pk, key.sk);
                    self.target.conflicts.push(text);
                } else if let Kind::User(id) | Kind::DeletedUser(id) = kind
                    && let Some(number) = number_of(&theirs)
                    && number_of(&ours) != Some(number)
                {
                    self.target.numbers.insert(id, number);
                }
            }
            tell(watch, Progress::Comparing { items, of: items })?;
            start = found.next;
            if start.is_none() {
                break;
            }
        }
        if !strangers.is_empty() {
            let (count, id) = (strangers.len(), file.organization());
            strangers.truncate(NAMED);
            self.target.conflicts.push(format!(
                "organization {id}: it does not exist, but left {count} items that the file does \
                 not have ({}{}); `--replace {id}` removes them first",
                strangers.join(", "),
                if count > NAMED { ", …" } else { "" },
            ));
        }
        Ok(())
    }

    async fn guards(&mut self, file: &ImportFile, watch: Watch<'_>) -> Result<(), TransferError> {
        let guards: Vec<&Guard> = file.guards.values().collect();
        let (mut items, of) = (0, guards.len() as u64);
        for chunk in guards.chunks(KEYS_AT_ONCE) {
            let wanted = chunk.iter().map(|guard| guard.key.clone());
            let found = crate::items(self.table, wanted).await?;
            for guard in chunk {
                let Some(item) = found.get(&guard.key) else {
                    continue;
                };
                let is_removed = self.allowed.replace && guard.is_in(item);
                if !guard.is(item) && !is_removed {
                    self.is_taken(&guard.guarded);
                }
            }
            items += chunk.len() as u64;
            tell(watch, Progress::Comparing { items, of })?;
        }
        Ok(())
    }

    fn is_taken(&mut self, guarded: &Guarded) {
        let text = match guarded {
            Guarded::UserNumber(user, number) => {
                self.target.users_with_taken_numbers.push((*user, *number));
                format!("{guarded}: it is taken; `--renumber` gives the user another")
            }
            Guarded::OrganizationNumber(_) => {
                self.target.organization_number_is_taken = true;
                format!("{guarded}: it is taken; `--renumber` gives the organization another")
            }
            Guarded::Login(..) => {
                format!("{guarded}: it is taken; give one of the two users another")
            }
            Guarded::SignupToken(_) | Guarded::Nickname(..) => {
                format!("{guarded}: it is taken")
            }
        };
        let is_number = matches!(
            guarded,
            Guarded::UserNumber(..) | Guarded::OrganizationNumber(_)
        );
        if !(is_number && self.allowed.numbers) {
            self.target.conflicts.push(text);
        }
    }

    async fn keys_and_pages(
        &mut self,
        file: &mut ImportFile,
        watch: Watch<'_>,
    ) -> Result<(), TransferError> {
        let organization = file.organization();
        let (mut api_keys, mut teams) = (Vec::new(), Vec::new());
        for key in file.keys() {
            match file.kind(key)? {
                Kind::ApiKey(_) => api_keys.push(key.clone()),
                Kind::Team(id) => teams.push(id),
                _ => {}
            }
        }
        let (mut items, of) = (0, (api_keys.len() + teams.len()) as u64);
        for chunk in api_keys.chunks(KEYS_AT_ONCE) {
            let found = crate::items(self.table, chunk.iter().cloned()).await?;
            for (key, theirs) in found {
                self.look_at_key(organization, &key, &file.item(&key)?, &theirs);
            }
            items += chunk.len() as u64;
            tell(watch, Progress::Comparing { items, of })?;
        }
        if !self.organization_is_there && !self.allowed.replace {
            self.keys_left_behind(file).await?;
        }
        for team in teams {
            let range = keys::whole_page(team);
            let found = page(self.table, &range, None, Freshness::Eventual).await?;
            let own = keys::organization(organization).pk;
            for item in found.items {
                if key_of(&item)?.pk != own {
                    let text = format!("team {team}: another organization has a team with this id");
                    self.target.conflicts.push(text);
                    break;
                }
            }
            items += 1;
            tell(watch, Progress::Comparing { items, of })?;
        }
        Ok(())
    }

    /// A key of an organization that is gone does nothing; it would work again.
    async fn keys_left_behind(&mut self, file: &ImportFile) -> Result<(), TransferError> {
        let range = keys::api_keys(Some(file.organization()));
        let mut start = None;
        loop {
            let found = page(self.table, &range, start, Freshness::Eventual).await?;
            for item in found.items {
                let key = key_of(&item)?;
                let left: ApiKey = from_item(item)?;
                if left.revoked_at.is_none() && !file.has(&key) {
                    let (id, of) = (left.id, file.organization());
                    self.target.conflicts.push(format!(
                        "key {id}: the organization had it before and the file does not have it; \
                         it would work again. End it with DELETE /v2/keys/{id}?organization={of} \
                         and the operator's key"
                    ));
                }
            }
            start = found.next;
            if start.is_none() {
                return Ok(());
            }
        }
    }

    fn look_at_key(&mut self, id: OrganizationId, key: &Key, ours: &Item, theirs: &Item) {
        let owner = theirs
            .get(KEY_ORGANIZATION)
            .and_then(|value| value.as_s().ok());
        let is_own = owner == Some(&id.to_string());
        // One of an organization that is in the way as a whole is not told
        // apart.
        let is_covered = is_own && (self.allowed.replace || self.organization_is_there);
        let kind = Kind::Guard;
        if !is_covered && !is_same(kind, self.allowed, ours, theirs) {
            let text = format!("{}: another key has this id", key.pk);
            self.target.conflicts.push(text);
        }
    }
}
