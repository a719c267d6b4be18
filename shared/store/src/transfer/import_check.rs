//! Whether the items of a file are of one organization alone. Nothing that the
//! file says is believed because it says so: it must not lead to another
//! tenant's items, pages, names, numbers or keys.

use std::collections::btree_map;

use roster_domain::{
    Error,
    key::{ApiKey, Role},
    organization::Organization,
    user::User,
};

use super::{
    Progress, TransferError, Watch,
    belongings::{Guarded, guards_of},
    import_file::{ImportFile, LINES_AT_ONCE, Place},
    tell,
};
use crate::{
    keys::{INDEX_PK, INDEX_SK, Key, kind::Kind},
    schema_version,
    table::{Item, from_item},
};

/// Largest number that a user or an organization is given: what every client
/// reads as a whole number (RFC 8259, section 6).
const MAX_NUMBER: u64 = (1 << 53) - 1;

impl ImportFile {
    /// Looks at every item, and at what they say of one another.
    pub(crate) fn look_at_items(&mut self, watch: Watch<'_>) -> Result<(), TransferError> {
        let places: Vec<_> = self
            .places
            .iter()
            .map(|(key, place)| (key.clone(), *place))
            .collect();
        let (mut guards, mut looked) = (Vec::new(), 0);
        for (key, place) in places {
            let item = self.item(&key)?;
            let kind = self
                .look_at(&key, &item)
                .map_err(|what| self.wrong(place, &what))?;
            if kind == Kind::Guard {
                guards.push((key, item, place));
            }
            looked += 1;
            if looked % LINES_AT_ONCE == 0 {
                tell(watch, Progress::Validating { lines: looked })?;
            }
        }
        if self.organization_number == 0 {
            let text = format!("{} has no organization", self.path.display());
            return Err(TransferError::Refused(text));
        }
        for (key, item, place) in guards {
            if !self.guards.get(&key).is_some_and(|guard| guard.is(&item)) {
                let what = "guards what nobody in the file has".to_owned();
                return Err(self.wrong(place, &what));
            }
        }
        let missing = self.guards.iter().find(|(key, guard)| {
            // A link may have expired.
            !self.has(key) && !matches!(guard.guarded, Guarded::SignupToken(_))
        });
        match missing {
            None => Ok(()),
            Some((_, guard)) => Err(TransferError::Refused(format!(
                "{} lacks the guard of {}",
                self.path.display(),
                guard.guarded
            ))),
        }
    }

    fn wrong(&self, place: Place, what: &str) -> TransferError {
        let (file, line) = (self.path.display(), place.number);
        TransferError::Refused(format!("{file}: line {line} {what}"))
    }

    /// Looks at one item; answers what is wrong with it.
    fn look_at(&mut self, key: &Key, item: &Item) -> Result<Kind, String> {
        let organization = self.organization();
        let kind = Kind::of(key, organization).ok_or_else(|| {
            format!(
                "is not organization {organization}'s: {} / {}",
                key.pk, key.sk
            )
        })?;
        if let Some(error) = schema_version::refusal(item) {
            return Err(error.to_string());
        }
        let text = |name| item.get(name).map(|value| value.as_s().ok());
        let place = (text(INDEX_PK), text(INDEX_SK));
        let own = kind.index(organization);
        let own = own
            .as_ref()
            .map(|index| (Some(Some(&index.pk)), Some(Some(&index.sk))));
        let must_be_listed = matches!(kind, Kind::Organization | Kind::ApiKey(_));
        if Some(place) != own && (must_be_listed || place != (None, None)) {
            return Err("is in the index where it does not belong".to_owned());
        }
        let unreadable = |error: Error| format!("cannot be read: {error}");
        let other = || Err("has another id than its key".to_owned());
        match kind {
            Kind::Mail => return Err("is a mail, which would be sent again".to_owned()),
            Kind::Organization => {
                let found: Organization = from_item(item.clone()).map_err(unreadable)?;
                if found.id != organization {
                    return other();
                }
                self.organization_number = checked(found.number)?;
            }
            Kind::User(id) | Kind::DeletedUser(id) => {
                let user: User = from_item(item.clone()).map_err(unreadable)?;
                if user.id != id {
                    return other();
                }
                self.last_user_number = self.last_user_number.max(checked(user.number)?);
                if !user.sealed_calendars.is_empty() {
                    self.with_credentials.insert(key.clone());
                }
            }
            Kind::ApiKey(id) => {
                let found: ApiKey = from_item(item.clone()).map_err(unreadable)?;
                let role = match found.user {
                    None => Role::Organization,
                    Some(_) => Role::User,
                };
                if found.id != id {
                    return other();
                }
                if found.organization != Some(organization) || found.role != role {
                    return Err(format!("is not a key of organization {organization}"));
                }
            }
            Kind::Team(_) | Kind::Person(..) | Kind::Other | Kind::Guard => {}
        }
        for guard in guards_of(organization, kind, item).map_err(unreadable)? {
            match self.guards.entry(guard.key.clone()) {
                btree_map::Entry::Vacant(place) => {
                    place.insert(guard);
                }
                btree_map::Entry::Occupied(held) => {
                    let (one, other) = (&held.get().guarded, &guard.guarded);
                    return Err(format!("cannot have {other}: the file has {one}"));
                }
            }
        }
        Ok(kind)
    }
}

fn checked(number: u64) -> Result<u64, String> {
    match number {
        1..=MAX_NUMBER => Ok(number),
        _ => Err(format!("has the number {number}, which is never given out")),
    }
}
