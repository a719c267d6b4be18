//! A change to one optional value.

/// What a `PUT` says of a field: nothing, "clear it" (an explicit `null`), or a
/// new value.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// The field is absent: keep what is stored.
    #[default]
    Keep,
    /// The field is `null`: remove what is stored.
    Clear,
    /// The field has a value: store it.
    Set(T),
}

impl<T> Patch<T> {
    /// Makes the change.
    pub fn apply(self, to: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *to = None,
            Self::Set(value) => *to = Some(value),
        }
    }

    /// The new value, where there is one.
    pub fn set(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// Maps the new value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(f(value)),
        }
    }

    /// Whether the field is absent.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

/// Declares a group of optional settings once: the struct that is stored (and
/// serialized under the same names), and the change that a request makes to it.
macro_rules! settings {
    (
        $(#[$doc:meta])*
        pub struct $Value:ident changed by $Change:ident {
            $( $(#[$field_doc:meta])* $field:ident: $Type:ty, )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $Value {
            $(
                $(#[$field_doc])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$Type>,
            )*
        }

        #[doc = concat!("A change to [`", stringify!($Value), "`], field by field.")]
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $Change {
            $( $(#[$field_doc])* pub $field: $crate::Patch<$Type>, )*
        }

        impl $Change {
            /// Makes the change.
            pub fn apply(self, to: &mut $Value) {
                self.apply_over(&$Value::default(), to);
            }

            /// Makes the change. What is not set, and comes as the default that
            /// answers show for it, stays not set: it was read, not chosen.
            pub fn apply_over(self, shown: &$Value, to: &mut $Value) {
                $(
                    let is_shown = to.$field.is_none()
                        && self.$field.set().is_some()
                        && self.$field.set() == shown.$field.as_ref();
                    if !is_shown {
                        self.$field.apply(&mut to.$field);
                    }
                )*
            }
        }
    };
}
pub(crate) use settings;
