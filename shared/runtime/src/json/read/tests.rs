use roster_domain::{text::Name, zone::ZoneName};
use serde_json::json;

use super::*;

fn pointers(violations: Violations) -> Vec<String> {
    match violations.check(()) {
        Err(Error::Invalid(all)) => all
            .into_iter()
            .map(|violation| match violation.location {
                Location::Body(pointer) => pointer,
                other => panic!("{other:?}"),
            })
            .collect(),
        _ => vec![],
    }
}

#[test]
fn every_violation_of_a_body_is_noted_with_its_pointer() {
    let body = json!({ "name": 7, "zone": "Mars", "size": 11, "a/b": 1 });
    let violations = Violations::default();
    let object = Node::body(&body, &violations).object().expect("an object");
    let _: Option<Name> = object.optional("name");
    let _: Option<ZoneName> = object.optional("zone");
    let _ = object.patch_with("size", |node| node.integer(&(0..=10)));
    let _: Option<Name> = object.required("missing");
    object.end();
    assert_eq!(
        pointers(violations),
        ["/name", "/zone", "/size", "/missing", "/a~1b"]
    );
}

#[test]
fn elements_behind_a_wrong_one_are_read_too() {
    let body = json!([1, "fine", 2]);
    let violations = Violations::default();
    let read = Node::body(&body, &violations).elements(3, |node| node.read::<Name>());
    assert_eq!(read, None);
    assert_eq!(pointers(violations), ["/0", "/2"]);
}
