//! A member whose value answers show as nothing where there is none.

use std::marker::PhantomData;

use roster_domain::Patch;
use roster_runtime::{
    json::read::Object,
    wire::members::{Member, Readable},
};
use serde_json::Value;

use super::user_out::NO_NUMBER;

/// A member that null and an empty text clear; and what answers show for no number,
/// where it is shown like `A_NUMBER`.
#[derive(Debug)]
pub(super) struct Detail<T, const A_NUMBER: bool>(PhantomData<T>);

impl<T: Readable, const A_NUMBER: bool> Member for Detail<T, A_NUMBER> {
    type Read = Patch<T::Read>;
    type Value = Patch<T::Read>;

    fn read(object: &Object<'_>, name: &'static str) -> Self::Read {
        let Some(node) = object.node(name) else {
            return Patch::Keep;
        };
        let is_none = match node.value {
            Value::Null => true,
            Value::String(text) => text.is_empty() || (A_NUMBER && text == NO_NUMBER),
            Value::Number(number) => A_NUMBER && number.to_string() == NO_NUMBER,
            _ => false,
        };
        if is_none {
            Patch::Clear
        } else {
            T::read(node).map_or(Patch::Keep, Patch::Set)
        }
    }

    fn value(read: Self::Read) -> Option<Self::Value> {
        Some(read)
    }
}

#[cfg(feature = "schema")]
mod schema {
    use roster_runtime::schema::{Field, MemberFields, Parts, Taken, any_of, may, null, values};
    use serde_json::json;

    use super::{Detail, NO_NUMBER};

    impl<T: Taken, const A_NUMBER: bool> MemberFields for Detail<T, A_NUMBER> {
        fn fields(name: &'static str) -> Vec<Field> {
            let mut none = vec![json!("")];
            if A_NUMBER {
                none.extend([json!(NO_NUMBER), json!(0)]);
            }
            vec![may(name, any_of([T::taken(), values(none), null()]))]
        }

        fn collect(parts: &mut Parts) {
            T::collect(parts);
        }
    }
}
