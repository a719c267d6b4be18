//! The schema of each kind of member that a body has: `wire/members.rs` reads it.

use super::{
    Field, Part, Parts, Taken, any_of, array_of, clearable, closed, either, emptied, may, must,
    named, one_of, whole,
};
use crate::wire::members::{
    EitherName, Emptied, EmptiedLanguageOf, Given, LanguageOf, ListOf, NullableEitherName,
    OneOrMore, Optional, Or, OrDefault, OrEmpty, OtherName, Patched, Required, Whole,
};

/// The fields that a member is.
pub trait MemberFields {
    /// The fields, under the member's name.
    fn fields(name: &'static str) -> Vec<Field>;

    /// Adds the named schemas that it is made of.
    fn collect(_parts: &mut Parts) {}
}

/// Members that are one field of one type.
macro_rules! of_one_type {
    ($($Kind:ident($name:ident, $part:ident) $field:expr;)*) => { $(
        impl<T: Taken> MemberFields for $Kind<T> {
            fn fields($name: &'static str) -> Vec<Field> {
                let $part = T::taken();
                vec![$field]
            }

            fn collect(parts: &mut Parts) {
                T::collect(parts);
            }
        }
    )* };
}
of_one_type! {
    Required(name, part) must(name, part);
    Optional(name, part) may(name, part);
    Patched(name, part) clearable(name, part);
    Emptied(name, part) emptied(name, part);
    OrEmpty(name, part) may(name, any_of([part, one_of(&[""])]));
}

/// Any language: one out of the surface's own list, or the one that the user has.
const LANGUAGE: &str = "Language";

impl<Own> MemberFields for LanguageOf<Own> {
    fn fields(name: &'static str) -> Vec<Field> {
        vec![clearable(name, named(LANGUAGE))]
    }
}

impl<Own> MemberFields for EmptiedLanguageOf<Own> {
    fn fields(name: &'static str) -> Vec<Field> {
        vec![emptied(name, named(LANGUAGE))]
    }
}

impl<M: MemberFields> MemberFields for Given<M> {
    fn fields(name: &'static str) -> Vec<Field> {
        M::fields(name)
    }

    fn collect(parts: &mut Parts) {
        M::collect(parts);
    }
}

impl<M: MemberFields> MemberFields for OrDefault<M> {
    fn fields(name: &'static str) -> Vec<Field> {
        M::fields(name)
    }

    fn collect(parts: &mut Parts) {
        M::collect(parts);
    }
}

impl<M: MemberFields, Default> MemberFields for Or<M, Default> {
    fn fields(name: &'static str) -> Vec<Field> {
        M::fields(name)
    }

    fn collect(parts: &mut Parts) {
        M::collect(parts);
    }
}

impl<T: Taken, Other: OtherName> MemberFields for NullableEitherName<T, Other> {
    fn fields(name: &'static str) -> Vec<Field> {
        EitherName::<T, Other>::fields(name)
    }

    fn collect(parts: &mut Parts) {
        T::collect(parts);
    }
}

impl<T: Taken, Other: OtherName> MemberFields for EitherName<T, Other> {
    fn fields(name: &'static str) -> Vec<Field> {
        let other = clearable(Other::NAME, T::taken()).about(&format!("The same as `{name}`."));
        vec![clearable(name, T::taken()), other]
    }

    fn collect(parts: &mut Parts) {
        T::collect(parts);
    }
}

impl<const MIN: u32, const MAX: u32> Taken for Whole<MIN, MAX> {
    fn taken() -> Part {
        whole(Self::RANGE)
    }
}

impl<T: Taken, const MAX: usize> Taken for ListOf<T, MAX> {
    fn taken() -> Part {
        array_of(T::taken(), MAX)
    }

    fn collect(parts: &mut Parts) {
        T::collect(parts);
    }
}

impl<T: Taken, const MAX: usize> Taken for OneOrMore<T, MAX> {
    fn taken() -> Part {
        any_of([array_of(T::taken(), MAX), T::taken()])
    }

    fn collect(parts: &mut Parts) {
        T::collect(parts);
    }
}

/// Fields, the first of which its docstring describes.
#[must_use]
pub fn described(fields: Vec<Field>, doc: &[&str]) -> Vec<Field> {
    let text: Vec<_> = doc.iter().map(|line| line.trim()).collect();
    let mut fields = fields.into_iter();
    let first = fields.next().map(|field| field.about(&text.join(" ")));
    first.into_iter().chain(fields).collect()
}

/// An object in a body that has exactly one of some of its members.
#[must_use]
pub fn exactly_one(of: &[&'static str], fields: impl Fn() -> Vec<Field>) -> Part {
    let with = |name: &&'static str| {
        let kept = fields().into_iter().filter_map(|field| match field.name {
            own if own == *name => Some(Field {
                required: true,
                ..field
            }),
            other if of.contains(&other) => None,
            _ => Some(field),
        });
        closed(kept.collect())
    };
    either(of.iter().map(with))
}
