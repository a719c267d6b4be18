//! The kinds of member that a body has: how each is read. `schema/members.rs` says what
//! the schema of each is.

use std::{marker::PhantomData, ops::RangeInclusive};

use roster_domain::{
    Patch,
    users::language::{Language, ShownLanguage},
};

use crate::json::{
    from_json::{FromJson, Wrong},
    read::{Node, Object},
};

/// What a member's value can be.
pub trait Readable {
    /// What it is read as.
    type Read;

    /// Reads it; none where it is wrong, which is noted.
    fn read(node: Node<'_>) -> Option<Self::Read>;
}

impl<T: FromJson> Readable for T {
    type Read = T;

    fn read(node: Node<'_>) -> Option<T> {
        Node::read(&node)
    }
}

/// A member of an object, or a few that belong together.
pub trait Member {
    /// What is read of it, before it is known whether all of the object is right.
    type Read;
    /// What the value that is read has of it.
    type Value;

    /// Reads it, and notes everything that is wrong with it.
    fn read(object: &Object<'_>, name: &'static str) -> Self::Read;

    /// What was read; none where that was wrong.
    fn value(read: Self::Read) -> Option<Self::Value>;
}

/// A member that may be absent, and that null clears.
#[derive(Debug)]
pub struct Patched<T>(PhantomData<T>);

impl<T: Readable> Member for Patched<T> {
    type Read = Patch<T::Read>;
    type Value = Patch<T::Read>;

    fn read(object: &Object<'_>, name: &'static str) -> Self::Read {
        object.patch_with(name, T::read)
    }

    fn value(read: Self::Read) -> Option<Self::Value> {
        Some(read)
    }
}

/// As [`Patched`], where an empty text clears, too: what `/api/v2` shows for what is not
/// set.
#[derive(Debug)]
pub struct Emptied<T>(PhantomData<T>);

impl<T: Readable> Member for Emptied<T> {
    type Read = Patch<T::Read>;
    type Value = Patch<T::Read>;

    fn read(object: &Object<'_>, name: &'static str) -> Self::Read {
        if object.is_empty(name) {
            Patch::Clear
        } else {
            object.patch_with(name, T::read)
        }
    }

    fn value(read: Self::Read) -> Option<Self::Value> {
        Some(read)
    }
}

/// A member that may be absent, that an empty text clears, and that is not null: as forms
/// have it.
#[derive(Debug)]
pub struct OrEmpty<T>(PhantomData<T>);

impl<T: Readable> Member for OrEmpty<T> {
    type Read = Patch<T::Read>;
    type Value = Patch<T::Read>;

    fn read(object: &Object<'_>, name: &'static str) -> Self::Read {
        if object.is_empty(name) {
            Patch::Clear
        } else {
            let read = object.optional_with(name, T::read);
            read.map_or(Patch::Keep, Patch::Set)
        }
    }

    fn value(read: Self::Read) -> Option<Self::Value> {
        Some(read)
    }
}

/// A member that may be absent or null: none in both cases.
pub type Nullable<T> = Given<Patched<T>>;

/// As another member, where what is cleared and what is absent are the same.
#[derive(Debug)]
pub struct Given<M>(PhantomData<M>);

impl<T, M: Member<Read = Patch<T>>> Member for Given<M> {
    type Read = Option<T>;
    type Value = Option<T>;

    fn read(object: &Object<'_>, name: &'static str) -> Self::Read {
        match M::read(object, name) {
            Patch::Set(value) => Some(value),
            Patch::Keep | Patch::Clear => None,
        }
    }

    fn value(read: Self::Read) -> Option<Self::Value> {
        Some(read)
    }
}

/// As another member, with the default of its type where there is none.
#[derive(Debug)]
pub struct OrDefault<M>(PhantomData<M>);

impl<T: Default, M: Member<Read = Option<T>>> Member for OrDefault<M> {
    type Read = T;
    type Value = T;

    fn read(object: &Object<'_>, name: &'static str) -> T {
        M::read(object, name).unwrap_or_default()
    }

    fn value(read: T) -> Option<T> {
        Some(read)
    }
}

/// What a member says that is absent.
pub trait Fallback {
    /// Its type.
    type Of;

    /// The value.
    fn value() -> Self::Of;
}

/// As another member, with a value of its own where there is none.
#[derive(Debug)]
pub struct Or<M, Default>(PhantomData<(M, Default)>);

impl<T, M: Member<Read = Option<T>>, Default: Fallback<Of = T>> Member for Or<M, Default> {
    type Read = T;
    type Value = T;

    fn read(object: &Object<'_>, name: &'static str) -> T {
        M::read(object, name).unwrap_or_else(Default::value)
    }

    fn value(read: T) -> Option<T> {
        Some(read)
    }
}

/// A member that may be absent, and is not null.
#[derive(Debug)]
pub struct Optional<T>(PhantomData<T>);

impl<T: Readable> Member for Optional<T> {
    type Read = Option<T::Read>;
    type Value = Option<T::Read>;

    fn read(object: &Object<'_>, name: &'static str) -> Self::Read {
        object.optional_with(name, T::read)
    }

    fn value(read: Self::Read) -> Option<Self::Value> {
        Some(read)
    }
}

/// A member that must be there.
#[derive(Debug)]
pub struct Required<T>(PhantomData<T>);

impl<T: Readable> Member for Required<T> {
    type Read = Option<T::Read>;
    type Value = T::Read;

    fn read(object: &Object<'_>, name: &'static str) -> Self::Read {
        object.require(name);
        object.optional_with(name, T::read)
    }

    fn value(read: Self::Read) -> Option<Self::Value> {
        read
    }
}

/// The other name of a member.
pub trait OtherName {
    /// The name.
    const NAME: &'static str;
}

/// As [`Patched`], under either of two names. Under both, it must be the same.
#[derive(Debug)]
pub struct EitherName<T, Other>(PhantomData<(T, Other)>);

impl<T, Other> Member for EitherName<T, Other>
where
    T: Readable<Read: PartialEq>,
    Other: OtherName,
{
    type Read = Patch<T::Read>;
    type Value = Patch<T::Read>;

    fn read(object: &Object<'_>, name: &'static str) -> Self::Read {
        let first = object.patch_with(name, T::read);
        let other = object.patch_with(Other::NAME, T::read);
        match (first, other) {
            (Patch::Keep, one) | (one, Patch::Keep) => one,
            (first, other) => {
                if first != other {
                    refuse_other::<Other>(object, name);
                }
                first
            }
        }
    }

    fn value(read: Self::Read) -> Option<Self::Value> {
        Some(read)
    }
}

fn refuse_other<Other: OtherName>(object: &Object<'_>, name: &str) {
    let pointer = format!("{}/{}", object.pointer, Other::NAME);
    let detail = format!("must match {name}");
    object.violations().unacceptable(pointer, detail);
}

/// As [`Nullable`], under either of two names. Where both have a value, it must be the
/// same.
#[derive(Debug)]
pub struct NullableEitherName<T, Other>(PhantomData<(T, Other)>);

impl<T, Other> Member for NullableEitherName<T, Other>
where
    T: Readable<Read: PartialEq>,
    Other: OtherName,
{
    type Read = Option<T::Read>;
    type Value = Option<T::Read>;

    fn read(object: &Object<'_>, name: &'static str) -> Self::Read {
        let first = Nullable::<T>::read(object, name);
        let other = Nullable::<T>::read(object, Other::NAME);
        if first.is_some() && other.is_some() && first != other {
            refuse_other::<Other>(object, name);
        }
        first.or(other)
    }

    fn value(read: Self::Read) -> Option<Self::Value> {
        Some(read)
    }
}

/// What a member says that is a language: see [`LanguageOf`].
#[derive(Clone, Debug, Default)]
pub struct LanguageRead {
    /// The language, out of the surface's own list.
    pub own: Patch<Language>,
    /// Another one, which is right only where the user has it already.
    pub shown: Option<ShownLanguage>,
}

/// A language out of a surface's `Own` list, or else one that its answers may show. Null
/// clears it.
#[derive(Debug)]
pub struct LanguageOf<Own>(PhantomData<Own>);

impl<Own: FromJson + Into<Language>> Member for LanguageOf<Own> {
    type Read = LanguageRead;
    type Value = LanguageRead;

    fn read(object: &Object<'_>, name: &'static str) -> LanguageRead {
        let mut shown = None;
        let own = object.patch_with(name, |node| {
            let wrong = match Own::from_json(node.value) {
                Ok(own) => return Some(own.into()),
                Err(wrong) => wrong,
            };
            match (node.value.as_str().and_then(Language::of_code), wrong) {
                (Some(language), Wrong::Value(detail)) => {
                    shown = Some(ShownLanguage {
                        language,
                        pointer: node.pointer,
                        detail,
                    });
                }
                (_, wrong) => node.note(wrong),
            }
            None
        });
        LanguageRead { own, shown }
    }

    fn value(read: LanguageRead) -> Option<LanguageRead> {
        Some(read)
    }
}

/// As [`LanguageOf`], where an empty text clears, too.
#[derive(Debug)]
pub struct EmptiedLanguageOf<Own>(PhantomData<Own>);

impl<Own: FromJson + Into<Language>> Member for EmptiedLanguageOf<Own> {
    type Read = LanguageRead;
    type Value = LanguageRead;

    fn read(object: &Object<'_>, name: &'static str) -> LanguageRead {
        if object.is_empty(name) {
            return LanguageRead {
                own: Patch::Clear,
                shown: None,
            };
        }
        LanguageOf::<Own>::read(object, name)
    }

    fn value(read: LanguageRead) -> Option<LanguageRead> {
        Some(read)
    }
}

/// A whole number of a range.
#[derive(Debug)]
pub struct Whole<const MIN: u32, const MAX: u32>;

impl<const MIN: u32, const MAX: u32> Whole<MIN, MAX> {
    /// The range.
    pub const RANGE: RangeInclusive<u32> = MIN..=MAX;
}

impl<const MIN: u32, const MAX: u32> Readable for Whole<MIN, MAX> {
    type Read = u32;

    fn read(node: Node<'_>) -> Option<u32> {
        node.integer(&Self::RANGE)
    }
}

/// An array of at most `MAX` elements.
#[derive(Debug)]
pub struct ListOf<T, const MAX: usize>(PhantomData<T>);

impl<T: Readable, const MAX: usize> Readable for ListOf<T, MAX> {
    type Read = Vec<T::Read>;

    fn read(node: Node<'_>) -> Option<Self::Read> {
        node.elements(MAX, T::read)
    }
}

/// An array of at most `MAX` elements, or one of them without the array.
#[derive(Debug)]
pub struct OneOrMore<T, const MAX: usize>(PhantomData<T>);

impl<T: Readable, const MAX: usize> Readable for OneOrMore<T, MAX> {
    type Read = Vec<T::Read>;

    fn read(node: Node<'_>) -> Option<Self::Read> {
        node.one_or_more(MAX, T::read)
    }
}
