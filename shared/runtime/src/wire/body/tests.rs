use roster_domain::{Error, Location, Patch, text::Name};
use serde_json::{Value, json};

use crate::{
    json::read::{Node, Violations},
    wire::members::{
        Emptied, Fallback, ListOf, NullableEitherName, Optional, Or, OrDefault, OrEmpty, OtherName,
        Patched, Readable, Required, Whole,
    },
};

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

crate::body! {
    /// A place.
    struct PlaceBody for Place as "Place", "A place." {
        /// What it is called.
        "name" => name: Required<Name>,
        "floor" => floor: Patched<Whole<0, 99>>,
        "address" => address: NullableEitherName<Name, Adress>,
        "rooms" => rooms: Optional<ListOf<Name, 2>>,
        ignored ["_id"],
    }
}

/// The seats of a place that does not say.
#[derive(Debug)]
struct FourSeats;

impl Fallback for FourSeats {
    type Of = u32;

    fn value() -> u32 {
        4
    }
}

crate::body! {
    /// A place, as a form has it.
    struct PlaceForm {
        "note" => note: OrEmpty<Name>,
        "nick" => nick: Emptied<Name>,
        "seats" => seats: Or<Optional<Whole<1, 9>>, FourSeats>,
        "open" => open: OrDefault<Optional<bool>>,
        also "name": Required<Name> = "What it is called.",
    }
}

/// What is read, or what is wrong and where.
fn read(body: &Value) -> Result<Option<Place>, Vec<(String, String)>> {
    read_as::<PlaceBody>(body)
}

fn read_form(body: &Value) -> Result<PlaceForm, Vec<(String, String)>> {
    read_as::<PlaceForm>(body).map(|form| form.expect("it is read"))
}

fn read_as<T: Readable>(body: &Value) -> Result<Option<T::Read>, Vec<(String, String)>> {
    let violations = Violations::default();
    let read = T::read(Node::body(body, &violations));
    match violations.check(read) {
        Ok(read) => Ok(read),
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

fn wrong_form(body: &Value) -> Vec<(String, String)> {
    read_form(body).err().expect("it is wrong")
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

#[test]
fn an_empty_text_clears_where_the_member_says_so() {
    let form = json!({ "name": "Attic", "note": "", "nick": "" });
    let place = read_form(&form).expect("it is right");
    assert_eq!((place.note, place.nick), (Patch::Clear, Patch::Clear));
    let form = json!({ "name": "Attic", "note": null, "nick": null });
    let refused = wrong_form(&form);
    let pointers: Vec<_> = refused.iter().map(|(pointer, _)| &**pointer).collect();
    assert_eq!(pointers, ["/note"]);
}

#[test]
fn what_is_absent_has_the_value_that_is_declared_for_it() {
    let form = read_form(&json!({ "name": "Attic" })).expect("it is right");
    assert_eq!((form.seats, form.open), (4, false));
}

#[cfg(feature = "schema")]
#[test]
fn the_schema_has_the_members_that_are_read_and_no_other() {
    let mut parts = Vec::new();
    <PlaceBody as crate::schema::Taken>::collect(&mut parts);
    let (name, part) = parts.pop().expect("a schema");
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
