//! The macro that declares a body: each of its members once, as what reads it and as its
//! schema.

/// Declares what a body says: `"member" => field: Kind`. A member's docstring is its
/// description in the OpenAPI document, and its kind says how it is read and what its
/// schema is: one of [`members`](crate::wire::members), or one of your own.
///
/// - `struct Body` declares the struct, too. Its fields are what was read; of what is
///   wrong there is none. `Body::members` reads the members of an object; rules that need
///   more than one of them follow by hand.
/// - `struct Body for Type` reads a struct of that name: none where a member is wrong that
///   the struct needs.
/// - `..field: Body` reads a field whose members are members of the same object. It comes
///   after the others, and is of the same form.
/// - `also "member": Kind = "…"` reads a member that no field keeps, and describes it.
/// - `ignored NAMES` lets through what answers show and nobody reads.
/// - `as "Name"` gives the schema a name, and `as "Name", "…"` describes it.
///
/// Whatever else an object has is refused. The schema is there with the feature `schema`
/// of the package that declares it.
#[macro_export]
macro_rules! body {
    () => {};
    (
        $(#[$meta:meta])*
        $vis:vis struct $Body:ident for $Type:ident $(as $name:literal $(, $about:literal)?)? {
            $(
                $(#[doc = $doc:literal])*
                $json:literal => $field:ident: $member:ty,
            )*
            $(..$flat:ident: $flat_ty:ty,)*
            $(also $also:literal: $also_ty:ty = $also_about:literal,)*
            $(ignored $ignored:expr,)*
        }
        $($rest:tt)*
    ) => {
        $(#[$meta])*
        #[derive(Debug)]
        $vis struct $Body;

        impl $Body {
            /// Reads the members of an object that may have others, too.
            $vis fn members(object: &$crate::json::read::Object<'_>) -> Option<$Type> {
                $(let $field = <$member as $crate::wire::members::Member>::read(object, $json);)*
                $(let $flat = <$flat_ty>::members(object);)*
                $(<$also_ty as $crate::wire::members::Member>::read(object, $also);)*
                $(object.read_only(&$ignored);)*
                Some($Type {
                    $($field: <$member as $crate::wire::members::Member>::value($field)?,)*
                    $($flat: $flat?,)*
                })
            }
        }

        impl $crate::wire::members::Readable for $Body {
            type Read = $Type;

            fn read(node: $crate::json::read::Node<'_>) -> Option<$Type> {
                let object = node.object()?;
                let read = Self::members(&object);
                object.end();
                read
            }
        }

        $crate::body! { @schema $Body $(as $name $(, $about)?)? {
            $($(#[doc = $doc])* $json: $member,)*
            $(..$flat_ty,)*
            $(also $also: $also_ty = $also_about,)*
            $(ignored $ignored,)*
        } }
        $crate::body! { $($rest)* }
    };
    (
        $(#[$meta:meta])*
        $vis:vis struct $Body:ident $(as $name:literal $(, $about:literal)?)? {
            $(
                $(#[doc = $doc:literal])*
                $json:literal => $of:vis $field:ident: $member:ty,
            )*
            $(..$flat_of:vis $flat:ident: $flat_ty:ty,)*
            $(also $also:literal: $also_ty:ty = $also_about:literal,)*
            $(ignored $ignored:expr,)*
        }
        $($rest:tt)*
    ) => {
        // Without Debug: a body may hold a password.
        $(#[$meta])*
        $vis struct $Body {
            $($(#[doc = $doc])* $of $field: <$member as $crate::wire::members::Member>::Read,)*
            $($flat_of $flat: $flat_ty,)*
        }

        impl $Body {
            /// Reads the members of an object that may have others, too.
            $vis fn members(object: &$crate::json::read::Object<'_>) -> Self {
                $(let $field = <$member as $crate::wire::members::Member>::read(object, $json);)*
                $(let $flat = <$flat_ty>::members(object);)*
                $(<$also_ty as $crate::wire::members::Member>::read(object, $also);)*
                $(object.read_only(&$ignored);)*
                Self { $($field,)* $($flat,)* }
            }
        }

        impl $crate::wire::members::Readable for $Body {
            type Read = Self;

            fn read(node: $crate::json::read::Node<'_>) -> Option<Self> {
                let object = node.object()?;
                let read = Self::members(&object);
                object.end();
                Some(read)
            }
        }

        $crate::body! { @schema $Body $(as $name $(, $about)?)? {
            $($(#[doc = $doc])* $json: $member,)*
            $(..$flat_ty,)*
            $(also $also: $also_ty = $also_about,)*
            $(ignored $ignored,)*
        } }
        $crate::body! { $($rest)* }
    };
    (
        @schema $Body:ident $(as $name:literal $(, $about:literal)?)? {
            $($(#[doc = $doc:literal])* $json:literal: $member:ty,)*
            $(..$flat_ty:ty,)*
            $(also $also:literal: $also_ty:ty = $also_about:literal,)*
            $(ignored $ignored:expr,)*
        }
    ) => {
        #[cfg(feature = "schema")]
        impl $crate::schema::Fields for $Body {
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
        impl $crate::schema::Taken for $Body {
            fn taken() -> $crate::schema::Part {
                $crate::body!(@part $($name)?)
            }

            fn collect(parts: &mut $crate::schema::Parts) {
                $(<$member as $crate::schema::MemberFields>::collect(parts);)*
                $(<$flat_ty as $crate::schema::Taken>::collect(parts);)*
                $(
                    let part = $crate::schema::closed(<Self as $crate::schema::Fields>::fields());
                    $(let part = $crate::schema::about(part, $about);)?
                    $crate::schema::add(parts, $name, part);
                )?
            }
        }
    };
    (@part) => { $crate::schema::closed(<Self as $crate::schema::Fields>::fields()) };
    (@part $name:literal) => { $crate::schema::named($name) };
}

#[cfg(test)]
mod tests;
