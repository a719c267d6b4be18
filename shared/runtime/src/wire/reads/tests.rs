use roster_domain::{Error, Location, Patch, text::Name};
use serde_json::{Value, json};

use super::*;
use crate::json::read::Violations;

#[derive(Debug, PartialEq)]
struct Place {
    name: Name,
    floor: Patch<u32>,
    address: Option<Name>,
    rooms: Option<Vec<Name>>,
}

#[derive(Debug)]
struct Adress;

impl OtherName for Adress {
    const NAME: &'static str = "adress";
}

reads! {
    /// A place.
    struct PlaceBody for Place as "Place", "A place." {
        /// What it is called.
        "name" => name: Required<Name>,
        "floor" => floor: Patched<Whole<0, 99>>,
        "address" => address: Given<EitherName<Name, Adress>>,
        "rooms" => rooms: Optional<ListOf<Name, 2>>,
        ignored ["_id"],
    }
}

/// What is read, or what is wrong and where.
fn read(body: &Value) -> Result<Option<Place>, Vec<(String, String)>> {
    let violations = Violations::default();
    let read = PlaceBody::read(Node::body(body, &violations));
    match violations.check(read) {
        Ok(place) => Ok(place),
        Err(Error::Invalid(all)) => Err(all
            .into_iter()
            .map(|one| match one.location {
                Location::Body(pointer) => (pointer, one.detail),
                other => panic!("{other:?} is not in the body"),
            })
            .collect()),
        Err(other) => panic!("{other}"),
    }
}

fn wrong(body: &Value) -> Vec<(String, String)> {
    read(body).expect_err("it is wrong")
}

fn name(text: &str) -> Name {
    text.parse().expect("a name")
}

#[test]
fn each_member_is_read_as_it_is_declared() {
    let body =
        json!({ "name": "Attic", "floor": 4, "adress": "Main St", "rooms": ["a"], "_id": 1 });
    let place = Place {
        name: name("Attic"),
        floor: Patch::Set(4),
        address: Some(name("Main St")),
        rooms: Some(vec![name("a")]),
    };
    assert_eq!(read(&body), Ok(Some(place)));
}

#[test]
fn null_clears_what_may_be_cleared_and_is_refused_elsewhere() {
    let cleared = read(&json!({ "name": "Attic", "floor": null, "address": null }));
    let place = cleared.expect("it is right").expect("it is read");
    assert_eq!((place.floor, place.address), (Patch::Clear, None));
    let refused = wrong(&json!({ "name": null, "rooms": null }));
    let pointers: Vec<_> = refused.iter().map(|(pointer, _)| &**pointer).collect();
    assert_eq!(pointers, ["/name", "/rooms"]);
}

#[test]
fn everything_that_is_wrong_is_noted_at_its_pointer() {
    let refused = wrong(&json!({ "floor": 100, "rooms": ["a", "b", "c"], "roof": 1 }));
    let pointers: Vec<_> = refused.iter().map(|(pointer, _)| &**pointer).collect();
    assert_eq!(pointers, ["/name", "/floor", "/rooms", "/roof"]);
}

#[test]
fn two_names_of_one_member_must_say_the_same() {
    let same = json!({ "name": "Attic", "address": "Main St", "adress": "Main St" });
    assert!(read(&same).is_ok());
    let other = json!({ "name": "Attic", "address": "Main St", "adress": "High St" });
    let expected = ("/adress".to_owned(), "must match address".to_owned());
    assert_eq!(wrong(&other), [expected]);
}

#[cfg(feature = "schema")]
#[test]
fn the_schema_has_the_members_that_are_read_and_no_other() {
    let (name, part) = PlaceBody::schema();
    let schema = serde_json::to_value(part).expect("a schema");
    assert_eq!(
        (name, &schema["description"]),
        ("Place", &json!("A place."))
    );
    let members = schema["properties"].as_object().expect("members");
    let names: Vec<_> = members.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["_id", "address", "adress", "floor", "name", "rooms"]
    );
    assert_eq!(schema["required"], json!(["name"]));
    assert_eq!(schema["additionalProperties"], json!(false));
    assert_eq!(schema["properties"]["rooms"]["maxItems"], json!(2));
    assert_eq!(
        schema["properties"]["adress"]["description"],
        json!("The same as `address`.")
    );
}
