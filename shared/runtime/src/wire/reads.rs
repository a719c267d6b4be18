//! What a body says, read into a value of the domain: each member declared once, as
//! what reads it and as its schema.

use std::{marker::PhantomData, ops::RangeInclusive};

use roster_domain::Patch;

use crate::json::{
    from_json::FromJson,
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

/// A member that may be absent or null: none in both cases.
pub type Nullable<T> = Given<Patched<T>>;

/// As another member, where what is cleared and what is absent are the same.
#[derive(Debug)]
pub struct Given<M>(PhantomData<M>);

impl<T, M: Member<Value = Patch<T>>> Member for Given<M> {
    type Read = M::Read;
    type Value = Option<T>;

    fn read(object: &Object<'_>, name: &'static str) -> Self::Read {
        M::read(object, name)
    }

    fn value(read: Self::Read) -> Option<Self::Value> {
        M::value(read).map(|patch| match patch {
            Patch::Set(value) => Some(value),
            Patch::Keep | Patch::Clear => None,
        })
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
                    let pointer = format!("{}/{}", object.pointer, Other::NAME);
                    let detail = format!("must match {name}");
                    object.violations().unacceptable(pointer, detail);
                }
                first
            }
        }
    }

    fn value(read: Self::Read) -> Option<Self::Value> {
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

/// Declares what reads a type: `struct Reader for Type` with `"member" => field: Member`
/// for each of its fields. A member's docstring is its description in the OpenAPI
/// document, and the member says how it is read and what its schema is: [`Patched`],
/// [`Optional`], [`Required`], or one of your own.
///
/// - `..field: Reader` reads a field whose members are members of the same object.
/// - `also "member": Member = "…"` reads a member that no field keeps, and describes it.
/// - `ignored NAMES` lets through what answers show and nobody reads.
/// - `as "Name"` gives the schema a name, and `as "Name", "…"` describes it.
///
/// The schema is there with the feature `schema` of the package that declares it.
#[macro_export]
macro_rules! reads {
    ($(
        $(#[$meta:meta])*
        $vis:vis struct $Reader:ident for $Type:ident $(as $name:literal $(, $about:literal)?)? {
            $(
                $(#[doc = $doc:literal])*
                $json:literal => $field:ident: $member:ty,
            )*
            $(..$flat:ident: $flat_ty:ty,)*
            $(also $also:literal: $also_ty:ty = $also_about:literal,)*
            $(ignored $ignored:expr,)*
        }
    )*) => { $(
        $(#[$meta])*
        #[derive(Debug)]
        $vis struct $Reader;

        impl $Reader {
            /// Reads the members of an object that may have others, too.
            fn members(object: &$crate::json::read::Object<'_>) -> Option<$Type> {
                $(let $field = <$member as $crate::wire::reads::Member>::read(object, $json);)*
                $(let $flat = <$flat_ty>::members(object);)*
                $(<$also_ty as $crate::wire::reads::Member>::read(object, $also);)*
                $(object.read_only(&$ignored);)*
                Some($Type {
                    $($field: <$member as $crate::wire::reads::Member>::value($field)?,)*
                    $($flat: $flat?,)*
                })
            }
        }

        impl $crate::wire::reads::Readable for $Reader {
            type Read = $Type;

            fn read(node: $crate::json::read::Node<'_>) -> Option<$Type> {
                let object = node.object()?;
                let read = Self::members(&object);
                object.end();
                read
            }
        }

        #[cfg(feature = "schema")]
        impl $crate::schema::Fields for $Reader {
            fn fields() -> Vec<$crate::schema::Field> {
                let mut fields = Vec::new();
                $(fields.extend($crate::schema::described(
                    <$member as $crate::schema::MemberFields>::fields($json),
                    &[$($doc),*],
                ));)*
                $(fields.extend(<$flat_ty as $crate::schema::Fields>::fields());)*
                $(fields.extend($crate::schema::described(
                    <$also_ty as $crate::schema::MemberFields>::fields($also),
                    &[$also_about],
                ));)*
                $(fields.extend($ignored.map($crate::schema::unread));)*
                fields
            }
        }

        #[cfg(feature = "schema")]
        impl $crate::schema::Taken for $Reader {
            fn taken() -> $crate::schema::Part {
                $crate::reads!(@part $($name)?)
            }
        }

        $(
            #[cfg(feature = "schema")]
            impl $Reader {
                /// The schema, under its name.
                #[must_use]
                $vis fn schema() -> (&'static str, $crate::schema::Part) {
                    let part = $crate::schema::closed(<Self as $crate::schema::Fields>::fields());
                    $(let part = $crate::schema::about(part, $about);)?
                    ($name, part)
                }
            }
        )?
    )* };
    (@part) => { $crate::schema::closed(<Self as $crate::schema::Fields>::fields()) };
    (@part $name:literal) => { $crate::schema::named($name) };
}

#[cfg(test)]
mod tests;
