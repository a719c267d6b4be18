//! Schemas in few words: `utoipa`'s builders with what Roster's bodies need, and the
//! schemas of the types that stand in answers. Only `infra/openapi` turns the feature
//! on: no function carries this.

mod described;
mod form;
mod members;
mod taken;

use std::ops::RangeInclusive;

use serde_json::Value;
use utoipa::openapi::{
    AllOfBuilder, ArrayBuilder, KnownFormat, ObjectBuilder, OneOfBuilder, Ref, RefOr, Schema,
    SchemaFormat, Type,
    schema::{AdditionalProperties, AnyOfBuilder, SchemaType},
};

pub use self::{
    described::{Described, Fields},
    form::form,
    members::{MemberFields, described, exactly_one},
    taken::Taken,
};

/// A schema, or the name of one.
pub type Part = RefOr<Schema>;

/// The schemas of the document, by name.
pub type Parts = Vec<(&'static str, Part)>;

/// Adds a schema under its name, once.
pub fn add(parts: &mut Parts, name: &'static str, part: Part) {
    if parts.iter().all(|(known, _)| *known != name) {
        parts.push((name, part));
    }
}

/// One member of an object.
pub struct Field {
    name: &'static str,
    part: Part,
    required: bool,
}

impl Field {
    /// With a word on what it means here, unless that is empty.
    #[must_use]
    pub fn about(mut self, text: &str) -> Self {
        if !text.is_empty() {
            self.part = about(self.part, text);
        }
        self
    }
}

/// A member that is always there.
#[must_use]
pub fn must(name: &'static str, part: impl Into<Part>) -> Field {
    Field {
        name,
        part: part.into(),
        required: true,
    }
}

/// A member that may be absent.
#[must_use]
pub fn may(name: &'static str, part: impl Into<Part>) -> Field {
    Field {
        required: false,
        ..must(name, part)
    }
}

/// A member of a body that may be absent, and is cleared with null.
#[must_use]
pub fn clearable(name: &'static str, part: impl Into<Part>) -> Field {
    may(name, nullable(part.into()))
}

/// As [`clearable`], also with an empty text.
#[must_use]
pub fn emptied(name: &'static str, part: impl Into<Part>) -> Field {
    may(name, any_of([part.into(), one_of(&[""]), null()]))
        .about("An empty string clears it, like null.")
}

/// A member of a body that answers show: it may be sent back and is not read.
#[must_use]
pub fn unread(name: &'static str) -> Field {
    may(name, anything()).about("As in responses. Ignored in requests.")
}

fn builder(fields: Vec<Field>) -> ObjectBuilder {
    fields
        .into_iter()
        .fold(ObjectBuilder::new(), |object, field| {
            let object = object.property(field.name, field.part);
            if field.required {
                object.required(field.name)
            } else {
                object
            }
        })
}

/// An object in an answer. Clients ignore members that they do not know: more
/// may come.
#[must_use]
pub fn object(fields: Vec<Field>) -> Part {
    builder(fields).into()
}

/// An object in a body: members that it does not name are refused.
#[must_use]
pub fn closed(fields: Vec<Field>) -> Part {
    let nothing_else = AdditionalProperties::FreeForm(false);
    builder(fields)
        .additional_properties(Some(nothing_else))
        .into()
}

/// An object that has at least this member, whatever else it has.
#[must_use]
pub fn having(name: &'static str) -> Part {
    ObjectBuilder::new()
        .schema_type(SchemaType::AnyValue)
        .required(name)
        .into()
}

/// What an id looks like.
pub const ID: &str = "^[0-9a-fA-F]{24}$";

/// What a date looks like, as a name.
pub const DATE: &str = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";

/// An object whose names are ids, or another text that is not fixed.
#[must_use]
pub fn map(values: Part, names: Option<&str>, max: Option<usize>) -> Part {
    let names = names.map(|pattern| {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(pattern))
            .build()
    });
    ObjectBuilder::new()
        .additional_properties(Some(values))
        .property_names(names)
        .max_properties(max)
        .into()
}

/// The schema of this name.
#[must_use]
pub fn named(name: &str) -> Part {
    Ref::from_schema_name(name).into()
}

/// An array.
#[must_use]
pub fn array(items: impl Into<Part>) -> Part {
    ArrayBuilder::new().items(items.into()).into()
}

/// An array of at most `max` elements.
#[must_use]
pub fn array_of(items: impl Into<Part>, max: usize) -> Part {
    let array = ArrayBuilder::new().items(items.into());
    array.max_items(Some(max)).into()
}

/// A text without rules.
#[must_use]
pub fn string() -> Part {
    ObjectBuilder::new().schema_type(Type::String).into()
}

/// A text of some length, in Unicode's characters, that matches a pattern.
#[must_use]
pub fn text(length: RangeInclusive<usize>, pattern: &str) -> Part {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(*length.start()))
        .max_length(Some(*length.end()))
        .pattern(Some(pattern))
        .into()
}

/// A text that matches a pattern.
#[must_use]
pub fn pattern(pattern: &str) -> Part {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(pattern))
        .into()
}

/// A text of a format that JSON Schema knows.
#[must_use]
pub fn format(format: KnownFormat) -> Part {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(format)))
        .into()
}

/// One of some texts.
#[must_use]
pub fn one_of(texts: &[&str]) -> Part {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(texts.iter().copied()))
        .into()
}

/// One of some values of any types.
#[must_use]
pub fn values(values: impl IntoIterator<Item = Value>) -> Part {
    ObjectBuilder::new()
        .schema_type(SchemaType::AnyValue)
        .enum_values(Some(values))
        .into()
}

/// True or false.
#[must_use]
pub fn boolean() -> Part {
    ObjectBuilder::new().schema_type(Type::Boolean).into()
}

/// A whole number.
#[must_use]
pub fn integer() -> Part {
    ObjectBuilder::new().schema_type(Type::Integer).into()
}

/// A whole number from 0 up.
#[must_use]
pub fn count() -> Part {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(0_usize))
        .into()
}

/// A whole number in a range.
#[must_use]
pub fn within(range: RangeInclusive<usize>) -> Part {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(*range.start()))
        .maximum(Some(*range.end()))
        .into()
}

/// A whole number of a range that may be negative.
#[must_use]
pub fn integer_within(least: i64, most: i64) -> Part {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(least))
        .maximum(Some(most))
        .into()
}

/// Digits that make a number of at most nine of them.
const DIGITS: &str = "^[0-9]{1,9}$";

/// A whole number in a small range, or a string of its digits.
#[must_use]
pub fn whole(range: RangeInclusive<u32>) -> Part {
    let limit = |limit: u32| usize::try_from(limit).unwrap_or(usize::MAX);
    let number = within(limit(*range.start())..=limit(*range.end()));
    any_of([number, pattern(DIGITS)])
}

/// Null alone.
#[must_use]
pub fn null() -> Part {
    ObjectBuilder::new().schema_type(Type::Null).into()
}

/// Any value.
#[must_use]
pub fn anything() -> Part {
    ObjectBuilder::new()
        .schema_type(SchemaType::AnyValue)
        .into()
}

/// Something or null.
#[must_use]
pub fn nullable(part: Part) -> Part {
    any_of([part, null()])
}

/// At least one of these.
#[must_use]
pub fn any_of(parts: impl IntoIterator<Item = Part>) -> Part {
    let any = AnyOfBuilder::new();
    parts.into_iter().fold(any, AnyOfBuilder::item).into()
}

/// Exactly one of these.
#[must_use]
pub fn either(parts: impl IntoIterator<Item = Part>) -> Part {
    let one = OneOfBuilder::new();
    parts.into_iter().fold(one, OneOfBuilder::item).into()
}

/// All of these.
#[must_use]
pub fn all_of(parts: impl IntoIterator<Item = Part>) -> Part {
    let all = AllOfBuilder::new();
    parts.into_iter().fold(all, AllOfBuilder::item).into()
}

/// A schema with a word on what it means.
#[must_use]
pub fn about(part: Part, text: &str) -> Part {
    let text = text.to_owned();
    match part {
        RefOr::Ref(mut named) => {
            named.description = text;
            named.into()
        }
        RefOr::T(mut schema) => {
            match &mut schema {
                Schema::Array(array) => array.description = Some(text),
                Schema::Object(object) => object.description = Some(text),
                Schema::OneOf(one) => one.description = Some(text),
                Schema::AllOf(all) => all.description = Some(text),
                Schema::AnyOf(any) => any.description = Some(text),
                _ => {}
            }
            RefOr::T(schema)
        }
    }
}
