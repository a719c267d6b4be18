use jiff::Timestamp;
use roster_domain::{Error, Field, Location, UserId, users::user::User};

use super::can_finish_signup;

fn user() -> User {
    let id: UserId = "5f0d7eb02003d0f6e32a9621".parse().expect("an id");
    let mut user = User::new(id, 1, Timestamp::UNIX_EPOCH);
    user.profile.email = "jean@example.com".parse().ok();
    user
}

#[test]
fn a_link_is_made_for_whoever_can_get_it_and_be_let_in() {
    assert!(can_finish_signup(&user()).is_ok());
}

#[test]
fn no_link_is_made_for_a_user_who_is_deactivated() {
    let mut user = user();
    user.set_active(false, Timestamp::UNIX_EPOCH);
    let Err(Error::Conflict(conflict)) = can_finish_signup(&user) else {
        panic!("it is no conflict");
    };
    assert_eq!(
        conflict.location,
        Some(Location::Field(Field::FinishSignup))
    );
}

#[test]
fn no_link_is_made_where_there_is_no_address_to_mail_it_to() {
    let mut user = user();
    user.profile.email = None;
    let Err(Error::Invalid(violations)) = can_finish_signup(&user) else {
        panic!("it is no violation");
    };
    assert_eq!(violations[0].location, Location::Field(Field::Email));
}
