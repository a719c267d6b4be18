//! What a user may do: `/api/v2`'s five permissions, and who may grant them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::error::{Result, Unacceptable};

/// One of the five permissions of `/api/v2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Keys and the organization.
    AccountManagement,
    /// Users and teams.
    UserManagement,
    /// `/api/v2` has beacons, Roster has none: kept and answered, nothing needs it.
    AddBeacons,
    /// As [`Permission::AddBeacons`].
    ToggleBeacons,
    /// How bookings are shared among a team's members.
    ViewMetrics,
}

impl Permission {
    /// All five, in the order of `/api/v2`'s table.
    pub const ALL: [Self; 5] = [
        Self::AccountManagement,
        Self::UserManagement,
        Self::AddBeacons,
        Self::ToggleBeacons,
        Self::ViewMetrics,
    ];

    /// Its name in `/api/v2`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AccountManagement => "accountManagement",
            Self::UserManagement => "userManagement",
            Self::AddBeacons => "addBeacons",
            Self::ToggleBeacons => "toggleBeacons",
            Self::ViewMetrics => "viewMetrics",
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Permission {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|permission| permission.name() == text)
            .ok_or_else(|| Unacceptable::new("must be one of userManagement, accountManagement, viewMetrics, addBeacons, toggleBeacons"))
    }
}

/// The permissions that a user has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "/api/v2 has these five switches, each on its own"
)]
pub struct Permissions {
    /// May manage keys and the organization; `/v2/users` calls such a user the
    /// organization's admin (`account.organization.admin`).
    #[serde(default)]
    pub account_management: bool,
    /// May manage users and teams.
    #[serde(default)]
    pub user_management: bool,
    /// May add beacons.
    #[serde(default)]
    pub add_beacons: bool,
    /// May switch beacons.
    #[serde(default)]
    pub toggle_beacons: bool,
    /// May see how bookings are shared.
    #[serde(default)]
    pub view_metrics: bool,
}

impl Permissions {
    /// Every permission.
    pub const ALL: Self = Self {
        account_management: true,
        user_management: true,
        add_beacons: true,
        toggle_beacons: true,
        view_metrics: true,
    };

    /// Whether this one is among them.
    #[must_use]
    pub fn has(&self, permission: Permission) -> bool {
        match permission {
            Permission::AccountManagement => self.account_management,
            Permission::UserManagement => self.user_management,
            Permission::AddBeacons => self.add_beacons,
            Permission::ToggleBeacons => self.toggle_beacons,
            Permission::ViewMetrics => self.view_metrics,
        }
    }

    /// Grants or withdraws one.
    pub fn set(&mut self, permission: Permission, granted: bool) {
        *match permission {
            Permission::AccountManagement => &mut self.account_management,
            Permission::UserManagement => &mut self.user_management,
            Permission::AddBeacons => &mut self.add_beacons,
            Permission::ToggleBeacons => &mut self.toggle_beacons,
            Permission::ViewMetrics => &mut self.view_metrics,
        } = granted;
    }

    /// Those that are among these, in the order of `/api/v2`'s table.
    pub fn iter(&self) -> impl Iterator<Item = Permission> + '_ {
        Permission::ALL
            .into_iter()
            .filter(|permission| self.has(*permission))
    }

    /// Those that are among these and among `others`.
    #[must_use]
    pub fn common(&self, others: &Self) -> Self {
        let mut common = Self::default();
        for permission in self.iter().filter(|one| others.has(*one)) {
            common.set(permission, true);
        }
        common
    }

    /// Those of `others` that are not among these.
    #[must_use]
    pub fn missing(&self, others: &Self) -> Vec<Permission> {
        others.iter().filter(|one| !self.has(*one)).collect()
    }
}

/// Names in the order of `/api/v2`'s table, joined by commas: as the authorizer hands
/// them on.
impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(Permission::name).collect();
        f.write_str(&names.join(","))
    }
}

impl FromStr for Permissions {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut permissions = Self::default();
        for name in text.split(',').filter(|name| !name.is_empty()) {
            permissions.set(name.parse()?, true);
        }
        Ok(permissions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_read_back_from_their_names() {
        let mut some = Permissions::default();
        some.set(Permission::ViewMetrics, true);
        some.set(Permission::AccountManagement, true);
        assert_eq!(some.to_string(), "accountManagement,viewMetrics");
        for permissions in [some, Permissions::ALL, Permissions::default()] {
            assert_eq!(permissions.to_string().parse(), Ok(permissions));
        }
        assert!("accountManagement,root".parse::<Permissions>().is_err());
    }
}
