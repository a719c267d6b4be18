use roster_domain::{Error, OrganizationId};

use super::*;
use crate::dynamodb::guard::guard;

fn user(last: char) -> UserId {
    format!("5f0d7eb02003d0f6e32a962{last}")
        .parse()
        .expect("an id")
}

#[test]
fn whoever_has_what_is_taken_is_named_where_the_guard_says_who() {
    let conflict = |guard: Option<&Item>| match taken(Field::Email, "address a@b".into())(guard) {
        Error::Conflict(conflict) => conflict,
        other => panic!("{other}"),
    };
    let held = conflict(Some(&guard(user('1'))));
    assert_eq!(held.detail, "another user has the address a@b");
    assert_eq!(held.existing, Some(user('1').to_string()));
    assert_eq!(conflict(None).existing, None);
    let broken = guard("nobody's id");
    assert_eq!(conflict(Some(&broken)).existing, None);
}

#[test]
fn a_guard_names_the_organization_only_where_there_is_one() {
    let organization: OrganizationId = "5f0d7eb02003d0f6e32a9620".parse().expect("an id");
    let within = global_guard(organization.into(), user('1'));
    let named = AttributeValue::S(organization.to_string());
    assert_eq!(within.get(ORGANIZATION), Some(&named));
    assert_eq!(
        global_guard(Tenancy::None, user('1')).get(ORGANIZATION),
        None
    );
}

#[test]
fn a_name_that_somebody_else_has_proven_is_not_taken_over() {
    let proof = |guard| Proof { guard }.condition(user('1')).expression;
    assert_eq!(proof(None), Condition::absent().expression);
    let own = proof(Some(guard(user('1'))));
    assert_eq!(own, Condition::held_by("me").expression);
    let other = proof(Some(guard(user('2'))));
    assert!(other.contains("attribute_not_exists(#proven)"), "{other}");
}
