//! What an answer shows, written once: a struct whose fields are the members of the JSON
//! object, and whose docstrings are their descriptions in the OpenAPI document. What a
//! body says is in [`body`].

pub mod body;
pub mod members;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// Declares a struct of an answer: `"member" => field: Type`. Its docstring is the
/// member's description in the OpenAPI document.
///
/// - `"member" [optional] => field: Type` is left out where there is none. A member
///   that is null then has the type `Option`.
/// - `..field: Type` comes last, and adds the members of another such struct.
/// - `struct Type as "Name"` gives the schema a name; without one, it stands where
///   the type is used. `as "Name", "…"` describes it.
///
/// The schema is there with the feature `schema` of the package that declares it.
#[macro_export]
macro_rules! answer {
    ($(
        $(#[$meta:meta])*
        $vis:vis struct $Type:ident $(<$life:lifetime>)? $(as $name:literal $(, $about:literal)?)? {
            $(
                $(#[doc = $doc:literal])*
                $json:literal $([$kind:ident])? => $field:ident: $ty:ty,
            )*
            $(..$flat:ident: $flat_ty:ty,)*
        }
    )*) => { $(
        $(#[$meta])*
        #[derive(Debug, ::serde::Serialize)]
        $vis struct $Type $(<$life>)? {
            $(
                $(#[doc = $doc])*
                #[serde(rename = $json)]
                $(
                    #[doc = stringify!($kind)]
                    #[serde(skip_serializing_if = "Option::is_none")]
                )?
                $field: $crate::answer!(@type $ty $(, $kind)?),
            )*
            $(
                #[serde(flatten)]
                $flat: $flat_ty,
            )*
        }

        #[cfg(feature = "schema")]
        impl $(<$life>)? $crate::schema::Fields for $Type $(<$life>)? {
            fn fields() -> Vec<$crate::schema::Field> {
                #[allow(unused_mut, reason = "not every struct adds another's members")]
                let mut fields = vec![$(
                    $crate::answer!(@field $json, $ty $(, $kind)?)
                        .about(&[$($doc),*].map(str::trim).join(" ")),
                )*];
                $(fields.extend(<$flat_ty as $crate::schema::Fields>::fields());)*
                fields
            }
        }

        #[cfg(feature = "schema")]
        impl $(<$life>)? $crate::schema::Described for $Type $(<$life>)? {
            fn part() -> $crate::schema::Part {
                $crate::answer!(@part $($name)?)
            }

            fn collect(parts: &mut $crate::schema::Parts) {
                $(<$ty as $crate::schema::Described>::collect(parts);)*
                $(<$flat_ty as $crate::schema::Described>::collect(parts);)*
                $(
                    let part = $crate::schema::object(<Self as $crate::schema::Fields>::fields());
                    $(let part = $crate::schema::about(part, $about);)?
                    $crate::schema::add(parts, $name, part);
                )?
            }
        }
    )* };
    (@type $ty:ty) => { $ty };
    (@type $ty:ty, optional) => { Option<$ty> };
    (@field $json:literal, $ty:ty) => {
        $crate::schema::must($json, <$ty as $crate::schema::Described>::part())
    };
    (@field $json:literal, $ty:ty, optional) => {
        $crate::schema::may($json, <$ty as $crate::schema::Described>::part())
    };
    (@part) => { $crate::schema::object(<Self as $crate::schema::Fields>::fields()) };
    (@part $name:literal) => { $crate::schema::named($name) };
}

/// An answer's struct as JSON.
#[must_use]
pub fn value(answer: impl Serialize) -> Value {
    serde_json::to_value(answer).unwrap_or_else(|error| {
        // Of the types that answers are made of, none can fail.
        tracing::error!(cause = %error, "an answer could not be written");
        Value::Null
    })
}

/// A member that has one value wherever it is shown.
#[derive(Clone, Copy, Debug)]
pub struct Always<const VALUE: bool>;

impl<const VALUE: bool> Always<VALUE> {
    /// The member where something holds.
    #[must_use]
    pub fn when(holds: bool) -> Option<Self> {
        holds.then_some(Self)
    }
}

impl<const VALUE: bool> Serialize for Always<VALUE> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(VALUE)
    }
}

/// A number that is always the same.
#[derive(Clone, Copy, Debug)]
pub struct Exactly<const VALUE: i64>;

impl<const VALUE: i64> Serialize for Exactly<VALUE> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(VALUE)
    }
}

/// A list that never has more than `MAX` elements.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct AtMost<const MAX: usize, T>(pub Vec<T>);

/// Something for each of some ids.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct ById<T>(pub BTreeMap<String, T>);

/// Something for each of some dates.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct ByDate<T>(pub BTreeMap<Date, T>);

/// An id that the table has as a text.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(transparent)]
pub struct IdText<'a>(pub &'a str);

/// Declares a text of which there are few: `struct Type of ["one", "other"]`.
#[macro_export]
macro_rules! choice {
    ($($(#[$meta:meta])* $vis:vis struct $Type:ident of $texts:expr;)*) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, ::serde::Serialize)]
        #[serde(transparent)]
        $vis struct $Type(&'static str);

        #[cfg(feature = "schema")]
        impl $crate::schema::Described for $Type {
            fn part() -> $crate::schema::Part {
                $crate::schema::one_of(&$texts)
            }
        }
    )* };
}
