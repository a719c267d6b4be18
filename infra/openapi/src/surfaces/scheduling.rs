//! `/v2`.

mod batch;
mod event;
mod feed;
mod key;
mod slots;
mod team;
mod user;

use crate::{operation::Operation, schema::Parts};

/// The descriptions.
pub(crate) fn operations() -> Vec<Operation> {
    [
        user::operations(),
        team::operations(),
        event::operations(),
        feed::operations(),
        key::operations(),
        slots::operations(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The schemas.
pub(crate) fn parts() -> Parts {
    [
        user::parts(),
        team::parts(),
        event::parts(),
        feed::parts(),
        key::parts(),
        slots::parts(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
