use super::*;

fn key() -> Key {
    Key {
        pk: "ORG#1".to_owned(),
        sk: "USER#2".to_owned(),
    }
}

#[test]
fn an_item_has_the_key_that_it_was_given() {
    assert_eq!(key_of(&with_key(Item::new(), &key())).ok(), Some(key()));
}

#[test]
fn an_item_without_a_key_is_an_error_that_says_what_is_missing() {
    let mut item = with_key(Item::new(), &key());
    item.remove(SK);
    let error = key_of(&item).expect_err("it has no sort key").to_string();
    assert!(error.contains("sk"), "{error}");
    item.insert(SK.to_owned(), AttributeValue::N("2".to_owned()));
    assert!(key_of(&item).is_err(), "a number is no sort key");
}

#[test]
fn what_has_no_place_in_the_index_has_none_of_its_attributes() {
    let item = with_index(Item::new(), None);
    assert!(!item.contains_key(INDEX_PK) && !item.contains_key(INDEX_SK));
}
