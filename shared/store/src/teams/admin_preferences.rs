//! What a team's admins are mailed about.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use roster_domain::{
    Error, Result, TeamId,
    id::ObjectId,
    team::AdminPreferences,
    users::mail_topic::{Defaults, MailPreferences, MailTopic},
};

use crate::{
    Tenant,
    dynamodb::{
        condition::Condition, item::to_item, retry::retry, table::Freshness, transaction::Write,
    },
    keys,
};

/// Attribute: [`crate::teams::items::TeamItem::admin_preferences`].
const ADMIN_PREFERENCES: &str = "admin_preferences";

/// What a team's admins are mailed about, and the version of the team that says so.
#[derive(Debug)]
pub struct TeamPreferences {
    /// What was set; none where nothing was.
    pub preferences: Option<AdminPreferences>,
    /// The team's version.
    pub version: u64,
}

impl Tenant<'_> {
    /// What a team's admins are mailed about: one round trip.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such team.
    pub async fn admin_preferences(&self, team: TeamId) -> Result<TeamPreferences> {
        let item = self.team_item(team, Freshness::Eventual).await?;
        Ok(TeamPreferences {
            preferences: item.admin_preferences,
            version: item.version,
        })
    }

    /// Sets what a team's admins are mailed about: two round trips.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such team, [`Error::PreconditionFailed`] where it is not
    /// in the version that is expected.
    pub async fn set_admin_preferences(
        &self,
        team: TeamId,
        topics: &BTreeMap<MailTopic, bool>,
        expected: Option<u64>,
    ) -> Result<TeamPreferences> {
        retry!(async {
            let item = self.team_item(team, Freshness::Strong).await?;
            Error::hold_version(expected, item.version)?;
            let now = self.store.now;
            let before = item.admin_preferences;
            let mut preferences = before.clone().unwrap_or_else(|| AdminPreferences {
                id: ObjectId::generate(now),
                email: MailPreferences::default(),
                created_at: now,
                updated_at: now,
            });
            preferences.email.set(topics.clone(), Defaults::TeamAdmins);
            if before.as_ref() == Some(&preferences) {
                return Ok(TeamPreferences {
                    preferences: before,
                    version: item.version,
                });
            }
            preferences.updated_at = now;
            let value = AttributeValue::M(to_item(&preferences)?);
            let key = keys::team(self.tenancy(), team);
            let set = [(ADMIN_PREFERENCES.to_owned(), Some(value))];
            let as_read = Condition::version(item.version);
            let write = Write::update(&key, set, true, as_read);
            self.store.transact(vec![write]).await?;
            Ok(TeamPreferences {
                preferences: Some(preferences),
                version: item.version + 1,
            })
        })
    }
}
