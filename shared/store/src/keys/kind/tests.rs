use roster_domain::Tenancy;

use super::{Content, Kind};
use crate::keys::{self, Key};

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(last: char) -> T {
    let text = format!("5f0d7eb02003d0f6e32a962{last}");
    text.parse().expect("an id")
}

fn kind(key: &Key) -> Option<Kind> {
    Kind::of(key, id('0'))
}

fn own(sk: &str) -> Key {
    let pk = keys::organization(id::<roster_domain::OrganizationId>('0')).pk;
    Key {
        pk,
        sk: sk.to_owned(),
    }
}

#[test]
fn a_key_is_read_back_as_what_it_was_written_for() {
    let organization: roster_domain::OrganizationId = id('0');
    let (user, team, event) = (id('1'), id('2'), id('3'));
    let end = "2030-01-14T09:00:00Z".parse().expect("an instant");
    for (key, expected) in [
        (keys::organization(organization), Kind::Organization),
        (keys::user(organization, user), Kind::User(user)),
        (
            keys::deleted_user(organization, user),
            Kind::DeletedUser(user),
        ),
        (keys::team(organization, team), Kind::Team(team)),
        (
            keys::person(organization, team, user),
            Kind::Person(team, user),
        ),
        (
            keys::part(organization, user, Some(end), event),
            Kind::Part(user, event),
        ),
        (
            keys::part(organization, user, None, event),
            Kind::Part(user, event),
        ),
        (keys::mail(organization, id('4')), Kind::Mail),
        (
            keys::account_managers(organization),
            Kind::Other(Content::Managers),
        ),
        (
            keys::event(organization, event),
            Kind::Other(Content::Event),
        ),
        (
            keys::agenda_day(organization, user, jiff::civil::date(2030, 1, 9)),
            Kind::Other(Content::AgendaDay),
        ),
        (keys::hold(organization, event), Kind::Other(Content::Hold)),
        (
            keys::ledger(organization, team),
            Kind::Other(Content::Ledger),
        ),
        (
            keys::decision(organization, team, 7),
            Kind::Other(Content::Decision),
        ),
        (keys::api_key(id('5')), Kind::ApiKey(id('5'))),
        (keys::user_number_guard(7), Kind::Guard),
        (
            keys::page_owner(organization, &"Jean".parse().expect("a nickname")),
            Kind::Guard,
        ),
    ] {
        assert_eq!(Kind::of(&key, organization), Some(expected), "{key:?}");
    }
}

#[test]
fn a_key_of_another_partition_is_of_nothing() {
    let other: roster_domain::OrganizationId = id('9');
    assert_eq!(kind(&keys::user(other, id('1'))), None);
    assert_eq!(kind(&keys::user(Tenancy::None, id('1'))), None);
    let nickname = "jean".parse().expect("a nickname");
    assert_eq!(kind(&keys::page_owner(other, &nickname)), None);
}

#[test]
fn a_key_that_no_release_writes_is_of_nothing() {
    for sk in [
        "",
        "ORGANIZATION",
        "USER#",
        "USER#x",
        "TEAM#x#USER#y",
        "PART#x",
        "NEW#1",
        "USER",
    ] {
        assert_eq!(kind(&own(sk)), None, "{sk}");
    }
    // A session stays where it was begun.
    assert_eq!(kind(&keys::session(id('5'))), None);
}

#[test]
fn only_what_the_index_lists_may_be_in_it() {
    let organization = id('0');
    let (user, team, event) = (id('1'), id('2'), id('3'));
    let places = |kind: Kind| kind.indexes(organization).len();
    assert_eq!(places(Kind::User(user)), 0);
    assert_eq!(places(Kind::Mail), 0);
    assert_eq!(places(Kind::Team(team)), 1);
    assert_eq!(places(Kind::Person(team, user)), 1);
    assert_eq!(places(Kind::Part(user, event)), 2, "confirmed or not");
}
