use aws_sdk_dynamodb::types::{AttributeValue, Update};
use roster_domain::UserId;

use super::{Condition, Write};
use crate::{
    dynamodb::item::Item,
    keys::{self, Key},
};

fn key(last: char) -> Key {
    let organization: roster_domain::OrganizationId =
        "5f0d7eb02003d0f6e32a9620".parse().expect("an id");
    let user: UserId = format!("5f0d7eb02003d0f6e32a962{last}")
        .parse()
        .expect("an id");
    keys::user(organization, user)
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn update(write: Write) -> Update {
    let (item, _) = write.build("table").expect("a write");
    item.update().expect("an update").clone()
}

/// The path that a placeholder stands for.
fn path(update: &Update, placeholder: &str) -> String {
    let names = update.expression_attribute_names().expect("names");
    let steps = placeholder.split('.').map(|step| names[step].as_str());
    steps.collect::<Vec<_>>().join(".")
}

#[test]
fn an_update_sets_what_has_a_value_and_removes_what_has_none() {
    let attributes = [
        ("name".to_owned(), Some(text("Jean"))),
        ("teams.1".to_owned(), None),
    ];
    let update = update(Write::update(
        &key('1'),
        attributes,
        false,
        Condition::present(),
    ));
    let expression = update.update_expression();
    let (set, remove) = expression.split_once(" REMOVE ").expect("both clauses");
    let set = set.strip_prefix("SET ").expect("a clause");
    let (name, value) = set
        .split_once(", ")
        .expect("a stamp")
        .0
        .split_once(" = ")
        .expect("=");
    assert_eq!(path(&update, name), "name");
    let values = update.expression_attribute_values().expect("values");
    assert_eq!(values[value], text("Jean"));
    assert_eq!(path(&update, remove), "teams.1");
}

#[test]
fn an_update_counts_where_it_is_told_to() {
    let attributes = || [("name".to_owned(), Some(text("Jean")))];
    let counted = update(Write::update(
        &key('1'),
        attributes(),
        true,
        Condition::present(),
    ));
    assert!(
        counted
            .update_expression()
            .contains("#version = #version + :one")
    );
    assert_eq!(path(&counted, "#version"), "__v");
    let silent = update(Write::update(
        &key('1'),
        attributes(),
        false,
        Condition::present(),
    ));
    assert!(!silent.update_expression().contains("#version"));
}

#[test]
fn every_write_refuses_an_item_of_a_newer_form() {
    for write in [
        Write::put(&key('1'), None, Item::new(), Condition::none()),
        Write::delete(&key('1'), Condition::none()),
        Write::check(&key('1'), Condition::none()),
        Write::add(&key('1'), "joins", 1, Condition::none()),
    ] {
        let (item, _) = write.build("table").expect("a write");
        let condition = item
            .put()
            .and_then(|put| put.condition_expression())
            .or_else(|| {
                item.delete()
                    .and_then(|delete| delete.condition_expression())
            })
            .or_else(|| {
                item.update()
                    .and_then(|update| update.condition_expression())
            })
            .or_else(|| Some(item.condition_check()?.condition_expression()));
        let condition = condition.expect("a condition");
        assert!(
            condition.contains("attribute_not_exists(#schema_version)"),
            "{condition}"
        );
    }
}

#[test]
fn a_write_is_of_its_own_item_alone() {
    let write = Write::delete(&key('1'), Condition::present());
    assert!(write.is_of(&key('1')));
    assert!(!write.is_of(&key('2')));
}

#[test]
fn a_write_that_is_held_to_more_keeps_its_own_condition() {
    let mut write = Write::check(&key('1'), Condition::present());
    write.hold_to(&Condition::above("left", 0));
    let (item, _) = write.build("table").expect("a write");
    let condition = item.condition_check().expect("a check");
    let expression = condition.condition_expression();
    assert!(
        expression.contains("(attribute_exists(#pk)) AND #above > :above"),
        "{expression}"
    );
}

#[test]
fn a_write_is_as_large_as_what_it_writes() {
    let item = |name: &str| Item::from([("name".to_owned(), AttributeValue::S(name.to_owned()))]);
    let size = |name| Write::put(&key('1'), None, item(name), Condition::none()).size();
    assert_eq!(size("12345678") - size("1234"), 4);
}
