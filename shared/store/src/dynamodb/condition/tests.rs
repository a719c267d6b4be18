use aws_sdk_dynamodb::types::AttributeValue;

use super::{Condition, found, is_version};
use crate::dynamodb::item::Item;

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn item() -> Item {
    let inner = AttributeValue::M(Item::from([("deep".to_owned(), text("x"))]));
    let version = AttributeValue::N("3".to_owned());
    Item::from([
        ("map".to_owned(), inner),
        ("flat".to_owned(), text("y")),
        ("__v".to_owned(), version),
    ])
}

/// The expression with the names and values that its placeholders stand for.
fn resolved(condition: &Condition) -> String {
    let mut placeholders: Vec<(String, String)> = condition.names.clone().into_iter().collect();
    let value = |value: &AttributeValue| match value {
        AttributeValue::S(text) => format!("'{text}'"),
        AttributeValue::N(number) => number.clone(),
        other => format!("{other:?}"),
    };
    let values = condition.values.iter();
    placeholders.extend(values.map(|(name, found)| (name.clone(), value(found))));
    // The longest first: one may begin like another.
    placeholders.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let expression = condition.expression.clone();
    placeholders
        .into_iter()
        .fold(expression, |text, (name, value)| {
            text.replace(&name, &value)
        })
}

#[test]
fn a_path_leads_into_maps_and_nowhere_else() {
    assert_eq!(found(&item(), "map.deep"), Some(&text("x")));
    assert_eq!(found(&item(), "flat"), Some(&text("y")));
    assert_eq!(found(&item(), "map.other"), None);
    assert_eq!(found(&item(), "flat.deep"), None, "a text has no members");
}

#[test]
fn an_item_is_in_the_version_that_it_says() {
    assert!(is_version(&item(), 3));
    assert!(!is_version(&item(), 2));
    assert!(!is_version(&Item::new(), 0), "it says none");
}

#[test]
fn a_dot_in_the_name_of_a_text_leads_into_a_map() {
    let condition = Condition::equal("map.deep", "x");
    assert_eq!(resolved(&condition), "map.deep = 'x'");
}

#[test]
fn what_was_absent_must_still_be_absent() {
    let condition = Condition::unchanged(&item(), &["map.deep", "gone"]);
    let expected = "attribute_exists(pk) AND map.deep = 'x' AND attribute_not_exists(gone)";
    assert_eq!(resolved(&condition), expected);
}

#[test]
fn a_number_that_was_never_written_counts_as_zero() {
    let zero = Condition::version_and(3, "joins", 0);
    let expected = "__v = 3 AND (attribute_not_exists(joins) OR joins = 0)";
    assert_eq!(resolved(&zero), expected);
    let one = Condition::version_and(3, "joins", 1);
    assert_eq!(resolved(&one), "__v = 3 AND joins = 1");
}

#[test]
fn an_item_that_is_the_same_is_as_good_as_none() {
    let attributes = Item::from([("holder".to_owned(), text("me"))]);
    let condition = Condition::absent_or_same(&attributes);
    let expected = "attribute_not_exists(pk) OR (holder = 'me')";
    assert_eq!(resolved(&condition), expected);
}

#[test]
fn of_two_conditions_both_must_hold() {
    let either = Condition::held_by_or_absent("me");
    let both = either.and(&Condition::above("left", 0));
    let expected = "(attribute_not_exists(holder) OR holder = 'me') AND left > 0";
    assert_eq!(resolved(&both), expected);
    let alone = Condition::none().and(&Condition::above("left", 0));
    assert_eq!(resolved(&alone), "left > 0");
}
