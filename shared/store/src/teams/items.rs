//! How a team is kept: one item for the team, one for each of its people.
//!
//! A person's item copies the name and photo, so that the public team is one
//! query, and is written in the same transaction as the role in the user's
//! `teams`. A team therefore never lists somebody who is gone.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use roster_domain::{
    OrganizationId, Result, TeamId, UserId,
    access::feed::Feed,
    bookings::{assignment::Rules, time_off::TimeOff},
    team::{AdminPreferences, Face, Team, TeamRole},
    text::{ExternalId, Name, WebUrl},
    users::user::User,
};
use serde::{Deserialize, Serialize};

use crate::{
    Tenant,
    dynamodb::{
        condition::Condition,
        item::{Item, from_item, key_of, to_attribute, to_item},
        transaction::Write,
    },
    keys::{self, INDEX_PK, INDEX_SK, Key},
};

/// The team's own item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TeamItem {
    #[serde(rename = "_id")]
    pub(crate) id: TeamId,
    pub(crate) extid: ExternalId,
    pub(crate) name: Name,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) level_name: Option<Name>,
    /// How many hours before an event people are reminded of it, where that was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reminder_hours: Option<u32>,
    pub(crate) public: bool,
    /// How bookings are assigned, where that was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) assignment: Option<Rules>,
    /// What its admins are mailed about, where that was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) admin_preferences: Option<AdminPreferences>,
    /// When all its members are away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) time_off: Vec<TimeOff>,
    /// What opens the feed of its calendar, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) feed: Option<Feed>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    #[serde(rename = "__v")]
    pub(crate) version: u64,
    /// How often people were put in the team without a new version of it.
    /// Whoever read its people and goes by them holds to this, too.
    #[serde(default)]
    pub(crate) joins: u64,
}

/// Attribute: [`TeamItem::joins`].
pub(crate) const JOINS: &str = "joins";

impl TeamItem {
    /// How bookings are assigned, and when they are not.
    pub(crate) fn rules(&self) -> Rules {
        Rules {
            holidays: self.time_off.clone(),
            ..self.stored_rules()
        }
    }

    /// How bookings are assigned, as it was set.
    pub(crate) fn stored_rules(&self) -> Rules {
        self.assignment.clone().unwrap_or_default()
    }
}

/// A person's item. A position says where the person stands in the team's
/// list; a person without one is not in that list.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PersonItem {
    pub(crate) user: UserId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    admin_position: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) member_position: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first_name: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_name: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    picture_url: Option<WebUrl>,
    /// Whether the user is deactivated, and not on the team's page.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) deactivated: bool,
}

impl PersonItem {
    pub(crate) fn positions(&self) -> Positions {
        Positions {
            admin: self.admin_position,
            member: self.member_position,
        }
    }

    pub(crate) fn into_face(self) -> Face {
        Face {
            user: self.user,
            first_name: self.first_name,
            last_name: self.last_name,
            picture_url: self.picture_url,
        }
    }
}

/// A team as it was read.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) team: TeamItem,
    pub(crate) people: Vec<PersonItem>,
}

impl Stored {
    /// Reads the items of one or more teams, in the order of their sort keys:
    /// each team, then its people. People whose team is not there (it is being
    /// created or deleted) are passed over.
    pub(crate) fn read(items: Vec<Item>) -> Result<Vec<Self>> {
        let mut teams: Vec<Self> = Vec::new();
        for item in items {
            let Key { sk, .. } = key_of(&item)?;
            if let Some((team, _)) = sk.split_once("#USER#") {
                let person = from_item(item)?;
                if let Some(last) = teams.last_mut()
                    && team.strip_prefix("TEAM#") == Some(&last.team.id.to_string())
                {
                    last.people.push(person);
                }
            } else {
                teams.push(Self {
                    team: from_item(item)?,
                    people: Vec::new(),
                });
            }
        }
        Ok(teams)
    }

    /// Admins in the team's order.
    pub(crate) fn admins(&self) -> Vec<UserId> {
        self.listed(|person| person.admin_position)
    }

    /// Members in the team's order.
    pub(crate) fn members(&self) -> Vec<UserId> {
        self.listed(|person| person.member_position)
    }

    fn listed(&self, position: fn(&PersonItem) -> Option<i64>) -> Vec<UserId> {
        let people = self.people.iter();
        let listed = people.filter_map(|person| Some((position(person)?, person.user)));
        let mut listed: Vec<_> = listed.collect();
        listed.sort_unstable();
        listed.into_iter().map(|(_, user)| user).collect()
    }

    pub(crate) fn into_team(self, organization: OrganizationId) -> Team {
        let admins = self.admins();
        let members = self.members();
        let assignment = self.team.stored_rules();
        Team {
            id: self.team.id,
            organization,
            assignment,
            extid: self.team.extid,
            name: self.team.name,
            level_name: self.team.level_name,
            reminder_hours: self.team.reminder_hours,
            public: self.team.public,
            admins,
            members,
            created_at: self.team.created_at,
            updated_at: self.team.updated_at,
            version: self.team.version,
        }
    }
}

/// Where a person comes to stand in the lists they are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Positions {
    pub(crate) admin: Option<i64>,
    pub(crate) member: Option<i64>,
}

impl Positions {
    /// What somebody who stands there is in the team.
    pub(crate) fn role(self) -> TeamRole {
        TeamRole {
            member: self.member.is_some(),
            admin: self.admin.is_some(),
        }
    }
}

/// The first of a run of positions behind all that were given out before.
pub(crate) fn next_position(now: Timestamp) -> i64 {
    // Room for the people of one request within a millisecond.
    now.as_millisecond() * 4_096
}

fn text(value: impl ToString) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

/// What is copied of a user.
pub(crate) fn face_attributes(
    user: &User,
) -> impl Iterator<Item = (String, Option<AttributeValue>)> {
    let profile = &user.profile;
    [
        (
            "first_name".to_owned(),
            profile.first_name.as_ref().map(text),
        ),
        ("last_name".to_owned(), profile.last_name.as_ref().map(text)),
        (
            "picture_url".to_owned(),
            profile.picture_url.as_ref().map(text),
        ),
        (
            "deactivated".to_owned(),
            (!user.is_active()).then_some(AttributeValue::Bool(true)),
        ),
    ]
    .into_iter()
}

/// Whether a change of a user need not be copied to the user's teams.
pub(crate) fn same_face(a: &User, b: &User) -> bool {
    let face = |user: &User| {
        let profile = &user.profile;
        let name = (profile.first_name.clone(), profile.last_name.clone());
        (name, profile.picture_url.clone(), user.is_active())
    };
    face(a) == face(b)
}

impl Tenant<'_> {
    pub(crate) fn put_team(&self, team: &TeamItem, condition: Condition) -> Result<Write> {
        let index = team.public.then(|| keys::page(team.id));
        let key = keys::team(self.tenancy(), team.id);
        Ok(Write::put(&key, index.as_ref(), to_item(team)?, condition))
    }

    /// Writes where a person stands in a team. A newcomer's name and photo are
    /// copied from the user; those of somebody who is there are current
    /// already, because every change of them is written here too.
    pub(crate) fn put_person(
        &self,
        team: TeamId,
        user: UserId,
        positions: Positions,
        newcomer: Option<&User>,
    ) -> Write {
        let number = |position: i64| AttributeValue::N(position.to_string());
        let index = positions.member.map(|_| keys::page_member(team, user));
        let attributes = [
            ("user".to_owned(), Some(text(user))),
            ("admin_position".to_owned(), positions.admin.map(number)),
            ("member_position".to_owned(), positions.member.map(number)),
            (
                INDEX_PK.to_owned(),
                index.as_ref().map(|index| text(&index.pk)),
            ),
            (
                INDEX_SK.to_owned(),
                index.as_ref().map(|index| text(&index.sk)),
            ),
        ];
        let condition = match newcomer {
            Some(_) => Condition::absent(),
            None => Condition::present(),
        };
        let face = newcomer.into_iter().flat_map(face_attributes);
        Write::update(
            &keys::person(self.tenancy(), team, user),
            attributes.into_iter().chain(face),
            false,
            condition,
        )
    }

    /// Says in a team that is there that somebody joins it: who deletes the team
    /// at the same time must not overlook them. Those who join at once do not
    /// depend on one another.
    pub(crate) fn join_team(&self, team: TeamId, condition: Condition) -> Write {
        let key = keys::team(self.tenancy(), team);
        Write::add(&key, JOINS, 1, condition)
    }

    pub(crate) fn remove_person(&self, team: TeamId, user: UserId) -> Write {
        Write::delete(
            &keys::person(self.tenancy(), team, user),
            Condition::present(),
        )
    }

    /// Writes the role in the user's own `teams`. With a version, the user must
    /// not have changed since it was read.
    pub(crate) fn set_role(
        &self,
        user: UserId,
        team: TeamId,
        role: Option<TeamRole>,
        version: Option<u64>,
    ) -> Result<Write> {
        let role = role.map(|role| to_attribute(&role)).transpose()?;
        Ok(Write::update(
            &keys::user(self.tenancy(), user),
            [(format!("teams.{team}"), role)],
            true,
            version.map_or_else(Condition::present, Condition::version),
        ))
    }
}
