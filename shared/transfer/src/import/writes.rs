//! The writes of an import, in their order.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use roster_domain::Result;
use roster_store::{
    Store,
    dynamodb::{
        condition::{Condition, VERSION},
        item::Item,
        schema_version::whole,
    },
    keys::{
        self, Key,
        kind::{Content, Kind},
    },
    raw::{
        self, MAILED,
        belongings::{Guard, Guarded, is_expired},
        forms::{IMPORTED, IMPORTED_FROM},
    },
};

use crate::{
    AT_ONCE, KEYS_AT_ONCE, Progress, TransferError, Watch,
    conflicts::{Allowed, NUMBER, SEALED, is_same, number_of, with_version},
    import::Import,
    last_writes, patiently, tell,
};

impl Import<'_> {
    /// An item of the file as it is to be in the table.
    fn changed(&self, kind: Kind, item: Item) -> Item {
        let mut item = with_version(item);
        let number = |number: u64| AttributeValue::N(number.to_string());
        match kind {
            Kind::User(id) | Kind::DeletedUser(id) => {
                if let Some(new) = self.numbers.users.get(&id) {
                    item.insert(NUMBER.to_owned(), number(*new));
                }
                if let Some(sealed) = &self.sealed {
                    item.remove(SEALED);
                    let sealed = sealed.get(&id).into_iter().flatten().cloned();
                    let sealed: Vec<_> = sealed.map(AttributeValue::S).collect();
                    if !sealed.is_empty() {
                        item.insert(SEALED.to_owned(), AttributeValue::L(sealed));
                    }
                }
                if let Some(epoch) = self.session_epoch {
                    item.insert("session_epoch".to_owned(), number(epoch));
                }
            }
            Kind::Organization => {
                if let Some(new) = self.numbers.organization {
                    item.insert(NUMBER.to_owned(), number(new));
                }
                let from = AttributeValue::S(self.file.sha256.clone());
                item.insert(IMPORTED_FROM.to_owned(), from);
            }
            Kind::Other(Content::Event) => {
                item.insert(IMPORTED.to_owned(), AttributeValue::Bool(true));
            }
            _ => {}
        }
        item
    }

    fn tell(&self, watch: Watch<'_>) -> Result<(), TransferError> {
        let progress = Progress::Writing {
            items: self.written,
            of: self.file.keys().count() as u64,
        };
        tell(watch, progress)
    }

    /// Writes items of these kinds.
    async fn write(
        &mut self,
        wanted: impl Fn(Kind) -> bool,
        watch: Watch<'_>,
    ) -> Result<(), TransferError> {
        let keys = self.file.keys().cloned();
        let keys = keys.map(|key| Ok((self.file.kind(&key)?, key)));
        let keys: Vec<_> = keys.collect::<Result<Vec<_>, TransferError>>()?;
        let keys: Vec<_> = keys.into_iter().filter(|(kind, _)| wanted(*kind)).collect();
        for chunk in keys.chunks(KEYS_AT_ONCE) {
            let mut items = Vec::with_capacity(chunk.len());
            for (kind, key) in chunk {
                let item = self.file.item(key)?;
                if !is_expired(&item, self.store.now) {
                    items.push((key.clone(), *kind, self.changed(*kind, item)));
                }
            }
            self.put_all(items, watch).await?;
        }
        Ok(())
    }

    /// Puts items, several at once.
    async fn put_all(
        &mut self,
        items: Vec<(Key, Kind, Item)>,
        watch: Watch<'_>,
    ) -> Result<(), TransferError> {
        let (store, allowed) = (&self.store, self.allowed);
        let puts = items
            .into_iter()
            .map(async |(key, kind, item)| put(store, allowed, &key, kind, item).await);
        let mut done = stream::iter(puts).buffer_unordered(AT_ONCE);
        let of = self.file.keys().count() as u64;
        while let Some(()) = done.try_next().await? {
            self.written += 1;
            let items = self.written;
            tell(watch, Progress::Writing { items, of })?;
        }
        Ok(())
    }

    pub(crate) async fn write_partition(&mut self, watch: Watch<'_>) -> Result<(), TransferError> {
        let is_in_partition =
            |kind| !matches!(kind, Kind::Organization | Kind::ApiKey(_) | Kind::Guard);
        self.write(is_in_partition, watch).await
    }

    /// The guards of numbers, nicknames and sign-up links: none lets anybody in while
    /// there is no organization.
    pub(crate) async fn write_guards(&mut self, watch: Watch<'_>) -> Result<(), TransferError> {
        let id = self.file.organization();
        let guards: Vec<Guard> = self.file.guards.values().cloned().collect();
        let mut items = Vec::new();
        for guard in guards {
            let guard = match guard.guarded {
                Guarded::Login(..) | Guarded::OrganizationNumber(_) => continue,
                Guarded::UserNumber(user, _) => match self.numbers.users.get(&user) {
                    Some(new) => Guard::of_user_number(id, user, *new),
                    None => guard,
                },
                Guarded::SignupToken(_) | Guarded::Nickname(..) => guard,
            };
            let item = match guard.guarded {
                // It has the time to live as well. That it was only mailed is
                // nothing that a file can prove.
                Guarded::SignupToken(_) if self.file.has(&guard.key) => {
                    let mut item = self.file.item(&guard.key)?;
                    item.remove(MAILED);
                    item
                }
                Guarded::SignupToken(_) => continue,
                _ => guard.item(),
            };
            if !is_expired(&item, self.store.now) {
                items.push((guard.key.clone(), Kind::Guard, with_version(item)));
            }
        }
        self.put_all(items, watch).await
    }

    pub(crate) async fn write_organization(&mut self) -> Result<(), TransferError> {
        let id = self.file.organization();
        let key = keys::organization(id);
        let item = self.file.item(&key)?;
        let item = self.changed(Kind::Organization, item);
        let number = self.numbers.organization;
        let number = number.unwrap_or(self.file.organization_number);
        let guard = Guard::of_organization_number(id, number);
        last_writes::put_organization(&self.store, &key, item, &guard, &self.file.sha256).await?;
        self.written += 2;
        Ok(())
    }

    /// What lets somebody in.
    pub(crate) async fn write_last(&mut self, watch: Watch<'_>) -> Result<(), TransferError> {
        let guards: Vec<Guard> = self.file.guards.values().cloned().collect();
        for guard in guards {
            if let Guarded::Login(user, name) = &guard.guarded {
                let user = keys::user(self.file.organization(), *user);
                last_writes::put_login(&self.store, &user, name, &guard).await?;
                self.written += 1;
                self.tell(watch)?;
            }
        }
        let keys: Vec<Key> = self.file.keys().cloned().collect();
        for key in keys {
            if let Kind::ApiKey(_) = self.file.kind(&key)? {
                let item = with_version(self.file.item(&key)?);
                last_writes::put_key(&self.store, &key, item).await?;
                self.written += 1;
                self.tell(watch)?;
            }
        }
        Ok(())
    }
}

/// Writes an item where there is none; passes over one that an earlier import
/// of the file wrote.
async fn put(
    store: &Store<'_>,
    allowed: Allowed,
    key: &Key,
    kind: Kind,
    item: Item,
) -> Result<(), TransferError> {
    let table = raw::table(store);
    let mut condition = Condition::absent();
    for _ in 0..2 {
        let put =
            patiently(async || raw::put_if(table, key, item.clone(), condition.clone()).await);
        let Err(there) = put.await? else {
            return Ok(());
        };
        let same_number = number_of(&there) == number_of(&item);
        if there == whole(item.clone(), key, None) {
            return Ok(());
        }
        if !is_same(kind, allowed, &item, &there) {
            break;
        }
        if same_number {
            return Ok(());
        }
        // Its number was taken before its guard was written.
        let version = there.get(VERSION).and_then(|value| value.as_n().ok());
        let version = version.and_then(|version| version.parse().ok());
        condition = Condition::version(version.unwrap_or_default());
    }
    Err(last_writes::taken_meanwhile(key))
}
