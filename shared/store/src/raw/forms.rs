//! Whether an item of a file is one that this release could have written: each
//! is read as what its key says, and must be nothing else than what would be
//! written of that again. What the writing code knows is declared there alone.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use roster_domain::{
    EventId, TeamId, UserId,
    access::key::ApiKey,
    bookings::event::Event,
    bookings::hold::{Hold, MAX_MINUTES},
    organization::Organization,
    team::{MAX_TEAMS_PER_USER, TeamRole},
    users::calendar::MAX_CALENDARS,
    users::user::User,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    bookings::{
        agenda::Day,
        event_items::Part,
        holds::HoldItem,
        ledger::{DecisionRecord, LedgerItem},
        migrate::Weeks,
    },
    dynamodb::{
        guard::{HOLDER, PROVEN},
        item::{Item, from_item, to_item},
        schema_version,
    },
    idempotency::{KEPT_SECONDS, Record},
    keys::{
        INDEX_PK, INDEX_SK, PK, SK,
        kind::{Content, Kind},
    },
    raw::belongings::GUARD_ATTRIBUTES,
    teams::items::{PersonItem, TeamItem},
    users::commit::COUNT,
};

/// Attribute of an organization that was imported: the SHA-256 of the export.
/// The next change of the organization takes it away.
pub const IMPORTED_FROM: &str = "imported_from";
pub use crate::mail::notices::IMPORTED;

/// How far the clocks of the two places may be apart.
const SKEW: SignedDuration = SignedDuration::from_hours(1);

/// Whether an item must be in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// It must be.
    Yes,
    /// It must not be.
    No,
    /// The item does not say.
    Either,
}

/// What an item of a file is, as far as others depend on it.
#[derive(Debug)]
pub enum Read {
    /// The organization.
    Organization(Organization),
    /// A user, also a deleted one.
    User(Box<User>),
    /// An API key.
    Key(Box<ApiKey>),
    /// A team.
    Team {
        /// Its id.
        id: TeamId,
        /// Whether it has a public page.
        public: bool,
    },
    /// Who it is, and what the person is in the team.
    Person(UserId, TeamRole),
    /// Whose part it is: the event.
    Part(EventId),
    /// Nothing that others depend on.
    Nothing,
}

impl Read {
    /// Reads an item.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn of(kind: Kind, item: &Item, now: Timestamp) -> Result<Self, String> {
        Ok(match kind {
            Kind::Organization => Self::Organization(form(item, &[IMPORTED_FROM])?),
            Kind::User(_) | Kind::DeletedUser(_) => {
                let user: User = form(item, &[])?;
                check_user(&user, now)?;
                Self::User(Box::new(user))
            }
            Kind::ApiKey(_) => Self::Key(Box::new(form(item, &[])?)),
            Kind::Team(_) => {
                let team: TeamItem = form(item, &[])?;
                Self::Team {
                    id: team.id,
                    public: team.public,
                }
            }
            Kind::Person(..) => {
                let person: PersonItem = form(item, &[])?;
                Self::Person(person.user, person.positions().role())
            }
            Kind::Part(..) => Self::Part(form::<Part>(item, &[])?.event),
            Kind::Other(content) => {
                check_content(content, item, now)?;
                Self::Nothing
            }
            Kind::Guard => {
                // Nobody believes a file that a name is proven: it is not written.
                let [a, b, c, d] = GUARD_ATTRIBUTES;
                only(item, &[a, b, c, d, PROVEN])?;
                Self::Nothing
            }
            Kind::Mail => return Err("is a mail, which would be sent again".to_owned()),
        })
    }

    /// Whether such an item is in the index.
    #[must_use]
    pub fn is_listed(&self) -> Listed {
        match self {
            Self::Organization(_)
            | Self::Key(_)
            | Self::Part(_)
            | Self::Team { public: true, .. } => Listed::Yes,
            Self::Person(_, role) if role.member => Listed::Yes,
            Self::Team { .. } | Self::Person(..) | Self::User(_) => Listed::No,
            Self::Nothing => Listed::Either,
        }
    }
}

fn check_user(user: &User, now: Timestamp) -> Result<(), String> {
    let is_made_here =
        |login: &roster_domain::users::login::Login| login.password.is_of_this_make();
    if !user.login.as_ref().is_none_or(is_made_here) {
        return Err(
            "has a password hash that Roster does not make: it would dictate what a \
                    login costs"
                .to_owned(),
        );
    }
    let signup = user.signup.as_ref().map(|signup| signup.invited_at);
    let latest = now.saturating_add(SKEW).unwrap_or(now);
    if [signup, user.invited_at]
        .into_iter()
        .flatten()
        .any(|at| at > latest)
    {
        return Err("was invited in the future".to_owned());
    }
    for (what, count, most) in [
        ("teams", user.teams.len(), MAX_TEAMS_PER_USER),
        ("calendars", user.sealed_calendars.len(), MAX_CALENDARS),
    ] {
        if count > most {
            return Err(format!("has {count} {what}, a user can have {most}"));
        }
    }
    Ok(())
}

fn check_content(content: Content, item: &Item, now: Timestamp) -> Result<(), String> {
    match content {
        Content::Managers => only(item, &[COUNT]),
        Content::Holder => only(item, &[HOLDER]),
        Content::Event => form::<Event>(item, &[IMPORTED]).map(|_| ()),
        Content::Hold => {
            let HoldItem { hold, .. } = form(item, &[])?;
            let longest = Hold::end(now, MAX_MINUTES).saturating_add(SKEW);
            if hold.until > longest.unwrap_or(Timestamp::MAX) {
                return Err("lasts longer than a hold ever does".to_owned());
            }
            Ok(())
        }
        Content::AgendaDay => form::<Day>(item, &[]).map(|_| ()),
        Content::AgendaWeeks => form::<Weeks>(item, &[]).map(|_| ()),
        Content::Ledger => form::<LedgerItem>(item, &[]).map(|_| ()),
        Content::Decision => form::<DecisionRecord>(item, &[]).map(|_| ()),
        Content::Idempotency => {
            let record: Record = form(item, &[])?;
            let longest = now.as_second() + KEPT_SECONDS + SKEW.as_secs();
            if record.expires_at > longest {
                return Err("is kept longer than such an item ever is".to_owned());
            }
            Ok(())
        }
    }
}

/// Attributes that every item may have: looked at elsewhere.
fn is_common(name: &str) -> bool {
    [PK, SK, INDEX_PK, INDEX_SK, schema_version::ATTRIBUTE].contains(&name)
}

/// Reads an item as a type, which must have all that the item has.
fn form<T: Serialize + DeserializeOwned>(item: &Item, besides: &[&str]) -> Result<T, String> {
    let unreadable = |error: roster_domain::Error| format!("cannot be read: {error}");
    let value: T = from_item(item.clone()).map_err(unreadable)?;
    let own = to_item(&value).map_err(unreadable)?;
    for (name, value) in item {
        let known = own.get(name).is_some_and(|own| is_part(value, own));
        if !known && !is_common(name) && !besides.contains(&&**name) {
            return Err(format!("has a {name} that Roster does not write there"));
        }
    }
    Ok(value)
}

/// Whether the item has no other attributes than these.
fn only(item: &Item, known: &[&str]) -> Result<(), String> {
    let mut names = item.keys().filter(|name| !is_common(name));
    match names.find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(format!("has a {name} that Roster does not write there")),
        None => Ok(()),
    }
}

/// Whether a value says nothing that another does not say. The other may say
/// more: a default that an earlier release did not write.
fn is_part(value: &AttributeValue, of: &AttributeValue) -> bool {
    match (value, of) {
        (AttributeValue::M(value), AttributeValue::M(of)) => value
            .iter()
            .all(|(name, value)| of.get(name).is_some_and(|of| is_part(value, of))),
        (AttributeValue::L(value), AttributeValue::L(of)) => {
            value.len() == of.len() && value.iter().zip(of).all(|(value, of)| is_part(value, of))
        }
        (AttributeValue::N(value), AttributeValue::N(of)) => {
            // DynamoDB writes a number its own way.
            value == of
                || matches!((value.parse::<f64>(), of.parse::<f64>()), (Ok(a), Ok(b)) if a.total_cmp(&b).is_eq())
        }
        _ => value == of,
    }
}
