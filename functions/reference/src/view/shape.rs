//! A schema as the page shows it.

use askama::Template;
use serde_json::Value;

use super::{about, elements, entries};

/// A schema.
#[derive(Template)]
#[template(path = "shape.html")]
pub(crate) struct Shape {
    /// The schema that it refers to.
    link: Option<String>,
    /// What it is, in a few words.
    words: String,
    /// What it means, as HTML.
    about: String,
    /// The members of an object.
    fields: Vec<Field>,
    /// The alternatives, or the elements.
    parts: Vec<Shape>,
}

/// A member of an object.
struct Field {
    name: String,
    required: bool,
    shape: Shape,
}

impl Shape {
    /// Reads a schema.
    pub(crate) fn read(schema: &Value) -> Self {
        let link = schema["$ref"]
            .as_str()
            .and_then(|reference| reference.rsplit('/').next())
            .map(str::to_owned);
        let required = elements(&schema["required"]);
        let field = |(name, shape): (&String, &Value)| Field {
            name: name.clone(),
            required: required.iter().any(|one| one == name),
            shape: Self::read(shape),
        };
        let parts = ["anyOf", "oneOf", "allOf"]
            .iter()
            .flat_map(|kind| elements(&schema[*kind]))
            .chain(schema.get("items"))
            .chain(
                schema
                    .get("additionalProperties")
                    .filter(|more| more.is_object()),
            );
        Self {
            words: if link.is_some() {
                String::new()
            } else {
                words(schema)
            },
            link,
            about: about(schema),
            fields: entries(&schema["properties"]).map(field).collect(),
            parts: parts.map(Self::read).collect(),
        }
    }
}

fn words(schema: &Value) -> String {
    let mut words = Vec::new();
    for (keyword, phrase) in [
        ("anyOf", "any of"),
        ("oneOf", "one of"),
        ("allOf", "all of"),
    ] {
        if schema.get(keyword).is_some() {
            words.push(phrase.to_owned());
        }
    }
    match (&schema["type"], &schema["enum"]) {
        (_, Value::Array(values)) => {
            let values: Vec<_> = values.iter().map(ToString::to_string).collect();
            words.push(values.join(" or "));
        }
        (Value::String(kind), _) => words.push(kind.clone()),
        // An object's other members are not known.
        _ if schema.get("required").is_some() => {
            let names: Vec<_> = elements(&schema["required"])
                .iter()
                .map(ToString::to_string)
                .collect();
            words.push(format!("has {}", names.join(", ")));
        }
        _ if words.is_empty() => words.push("any value".to_owned()),
        _ => {}
    }
    if schema.get("items").is_some() {
        words.push("of".to_owned());
    }
    if schema["additionalProperties"].is_object() {
        words.push("by name, of".to_owned());
    }
    let rules = [
        ("format", "format"),
        ("minLength", "at least so many characters:"),
        ("maxLength", "at most so many characters:"),
        ("minimum", "from"),
        ("maximum", "to"),
        ("maxItems", "at most so many elements:"),
        ("maxProperties", "at most so many members:"),
        ("pattern", "matches"),
    ];
    for (keyword, phrase) in rules {
        match schema.get(keyword) {
            Some(Value::String(value)) => words.push(format!("{phrase} {value}")),
            Some(value) => words.push(format!("{phrase} {value}")),
            None => {}
        }
    }
    words.join(" ")
}
