//! The schema of each kind of member that a body has: `wire/reads.rs` reads it.

use super::{Field, Part, Taken, array_of, clearable, may, must, whole};
use crate::wire::reads::{
    EitherName, Given, ListOf, Optional, OtherName, Patched, Required, Whole,
};

/// The fields that a member is.
pub trait MemberFields {
    /// The fields, under the member's name.
    fn fields(name: &'static str) -> Vec<Field>;
}

impl<T: Taken> MemberFields for Patched<T> {
    fn fields(name: &'static str) -> Vec<Field> {
        vec![clearable(name, T::taken())]
    }
}

impl<M: MemberFields> MemberFields for Given<M> {
    fn fields(name: &'static str) -> Vec<Field> {
        M::fields(name)
    }
}

impl<T: Taken> MemberFields for Optional<T> {
    fn fields(name: &'static str) -> Vec<Field> {
        vec![may(name, T::taken())]
    }
}

impl<T: Taken> MemberFields for Required<T> {
    fn fields(name: &'static str) -> Vec<Field> {
        vec![must(name, T::taken())]
    }
}

impl<T: Taken, Other: OtherName> MemberFields for EitherName<T, Other> {
    fn fields(name: &'static str) -> Vec<Field> {
        let other = clearable(Other::NAME, T::taken()).about(&format!("The same as `{name}`."));
        vec![clearable(name, T::taken()), other]
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
}

/// Fields, the first of which its docstring describes.
#[must_use]
pub fn described(fields: Vec<Field>, doc: &[&str]) -> Vec<Field> {
    let text: Vec<_> = doc.iter().map(|line| line.trim()).collect();
    let mut fields = fields.into_iter();
    let first = fields.next().map(|field| field.about(&text.join(" ")));
    first.into_iter().chain(fields).collect()
}
