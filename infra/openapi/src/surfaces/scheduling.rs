//! `/v2`.

mod audit;
mod batch;
mod calendars;
mod event;
mod feed;
mod hook;
mod key;
mod slots;
mod team;
mod time_off;
mod user;

use crate::{operation::Operation, schema::Parts};

/// The descriptions.
pub(crate) fn operations() -> Vec<Operation> {
    [
        user::operations(),
        team::operations(),
        event::operations(),
        feed::operations(),
        hook::operations(),
        audit::operations(),
        key::operations(),
        slots::operations(),
        time_off::operations(),
        calendars::operations(),
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
        hook::parts(),
        audit::parts(),
        key::parts(),
        slots::parts(),
        time_off::parts(),
        calendars::parts(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
