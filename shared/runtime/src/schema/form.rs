//! The schema of a body as a form has it: every value is a text.

use utoipa::openapi::{Object, RefOr, Schema, Type, schema::SchemaType};

use super::Part;

/// A body's schema as a form has it: no member is null, and what is not read is a text.
/// Whatever else a body takes as JSON it takes as a text, too.
#[must_use]
pub fn form(body: Part) -> Part {
    match body {
        RefOr::T(Schema::Object(mut object)) => {
            for (_, member) in &mut object.properties {
                as_text(member);
            }
            object.into()
        }
        other => other,
    }
}

fn as_text(member: &mut Part) {
    match member {
        RefOr::T(Schema::AnyOf(any)) => any.items.retain(|part| !is_null(part)),
        RefOr::T(Schema::Object(object)) if is_unread(object) => {
            object.schema_type = Type::String.into();
        }
        _ => {}
    }
}

fn is_null(part: &Part) -> bool {
    matches!(part, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null))
}

/// Whether any value will do.
fn is_unread(object: &Object) -> bool {
    object.schema_type == SchemaType::AnyValue && object.enum_values.is_none()
}
