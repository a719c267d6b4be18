//! What happened to a user, worked out from what they were and are.

use super::user::User;
use crate::changes::action::Action;

/// What happened to a user.
#[must_use]
pub fn happened_to_user(before: Option<&User>, user: Option<&User>) -> Vec<Action> {
    match (before, user) {
        (None, None) => Vec::new(),
        (None, Some(user)) if user.booking_page.is_some() => {
            vec![Action::UserJoined, Action::VytemeUpdated]
        }
        (None, Some(_)) => vec![Action::UserJoined],
        (Some(_), None) => vec![Action::UserLeft],
        (Some(before), Some(user)) if before.version == user.version => Vec::new(),
        (Some(before), Some(user)) if has_only_logged_in(before, user) => {
            vec![Action::UserLoggedIn]
        }
        (Some(before), Some(user)) if before.booking_page != user.booking_page => {
            vec![Action::UserUpdated, Action::VytemeUpdated]
        }
        (Some(_), Some(_)) => vec![Action::UserUpdated],
    }
}

fn has_only_logged_in(before: &User, user: &User) -> bool {
    let logged_in = User {
        last_login: user.last_login,
        version: user.version,
        ..before.clone()
    };
    logged_in == *user && before.last_login != user.last_login
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{UserId, users::booking_page::BookingPage};

    #[test]
    fn what_happened_to_a_user_follows_from_what_they_were_and_are() {
        let id = UserId::from_bytes([1; 12]);
        let user = User::new(id, 1, Timestamp::UNIX_EPOCH);
        let mut changed = user.clone();
        changed.last_login = Some(Timestamp::UNIX_EPOCH);
        changed.version += 1;
        let logged_in = [Action::UserLoggedIn];
        assert_eq!(happened_to_user(Some(&user), Some(&changed)), logged_in);
        assert_eq!(happened_to_user(Some(&user), Some(&user)), []);
        changed.updated_at = Timestamp::MAX;
        let updated = [Action::UserUpdated];
        assert_eq!(happened_to_user(Some(&user), Some(&changed)), updated);
        changed.booking_page = Some(BookingPage::default());
        let both = [Action::UserUpdated, Action::VytemeUpdated];
        assert_eq!(happened_to_user(Some(&user), Some(&changed)), both);
        assert_eq!(happened_to_user(None, Some(&user)), [Action::UserJoined]);
        assert_eq!(happened_to_user(Some(&user), None), [Action::UserLeft]);
    }
}
