//! One operation of the API, declared once.

use std::{future::Future, pin::Pin};

pub use lambda_http::http::Method;
use roster_domain::{Error, Field, Location, Permission, Result};

use crate::{Call, Repeats, Reply};

/// What a handler answers with.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<Reply>> + Send + 'a>>;

/// Who may call an operation. An organization's key may do everything in its
/// organization, and an operator's everywhere; what a user may do who calls
/// with a key or a session of their own stands here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Whoever has a key, users whatever their permissions.
    Key,
    /// Whoever has a key, users with this permission.
    Permission(Permission),
    /// Whoever has a key, users with this permission and the user that the
    /// path's `user_id` names.
    OwnOr(Permission),
    /// Nobody but the operator.
    Operator,
    /// Anybody, without a key.
    Public,
}

/// How old what is known of the caller may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// As old as the authorizer's answer: for what reads, and for what does no
    /// lasting harm when it is done with a key that ended a minute ago.
    Cached,
    /// Not at all: the operation makes, moves, restores or ends authority. Its
    /// key and the user behind it are read again, and each of its transactions
    /// is held to what was found.
    Present,
}

/// One operation: what API Gateway routes to it, and what serves it.
#[derive(Debug)]
pub struct Route {
    /// Name of the binary that serves it; unique in the workspace.
    pub binary: &'static str,
    /// Methods and paths, as API Gateway writes them (`/v2/users/{user_id}`).
    pub matches: &'static [(Method, &'static str)],
    /// Who may call it.
    pub access: Access,
    /// How old what is known of the caller may be.
    pub authority: Authority,
    /// What it does with an `Idempotency-Key`.
    pub repeats: Repeats,
    /// Serves it.
    pub handler: for<'a> fn(&'a Call<'a>) -> Answer<'a>,
    /// Renders what went wrong. The request's id is missing where an answer
    /// must be the same bytes every time.
    pub render_error: fn(&Error, Option<&str>) -> Reply,
    /// Where the surface's bodies have the field that an error is about.
    pub locate: fn(Field) -> Option<Location>,
}

impl Route {
    /// Whether it changes something. `/api/v1` resets a password with a `GET`.
    #[must_use]
    pub fn changes_something(&self) -> bool {
        let mut matches = self.matches.iter();
        matches.any(|(method, path)| *method != Method::GET || path.contains("/resetUserPassword/"))
    }
}

/// Declares the routes of a package and the list of all of them, so that neither
/// can miss the other. Each group says how its errors are rendered and where its bodies have
/// fields; each route who
/// may call it, and how old what is known of the caller may be. An operation
/// refuses an `Idempotency-Key` unless `AnswerFirst` stands behind its paths. Behind
/// the arrow stands what its function needs ([`Needs`](crate::function::deployment::Needs)).
#[macro_export]
macro_rules! routes {
    ($(
        $render_error:path, $locate:path => {
            $(
                $(#[$doc:meta])*
                $NAME:ident = $binary:literal, $access:expr, $authority:ident, $handler:path,
                    [$($method:ident $path:literal),+] $(, $repeats:ident)?
                    => { $($need:ident: $what:expr),* $(,)? };
            )*
        }
    )+) => {
        $($(
            $(#[$doc])*
            pub static $NAME: $crate::Route = $crate::Route {
                binary: $binary,
                matches: &[$(($crate::function::route::Method::$method, $path)),+],
                access: $access,
                repeats: $crate::repeats!($($repeats)?),
                authority: $crate::function::route::Authority::$authority,
                handler: |call| Box::pin($handler(call)),
                render_error: $render_error,
                locate: $locate,
            };
        )*)+

        /// Every operation of this package.
        pub static ROUTES: &[&$crate::Route] = &[$($(&$NAME),*),+];

        /// The same with what their functions need, for the template. Not in the
        /// routes themselves: a binary carries what its route refers to.
        pub static OPERATIONS: &[$crate::function::deployment::Operation] = &[$($(
            $crate::function::deployment::Operation {
                name: stringify!($NAME),
                route: &$NAME,
                needs: $crate::function::deployment::Needs {
                    $($need: $what,)*
                    ..$crate::function::deployment::Needs::NONE
                },
            },
        )*)+];
    };
}

/// What an operation does with an `Idempotency-Key`, from what stands behind its
/// paths.
#[doc(hidden)]
#[macro_export]
macro_rules! repeats {
    () => {
        $crate::Repeats::Refuse
    };
    ($repeats:ident) => {
        $crate::Repeats::$repeats
    };
}
