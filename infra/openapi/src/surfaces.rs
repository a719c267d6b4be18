//! The descriptions of every operation, one file for each surface.

mod accounts;
mod booking_pages;
mod directory;
mod guests;
mod reference;
mod scheduling;

use crate::{operation::Operation, schema::Parts};

/// The descriptions.
pub(crate) fn operations() -> impl Iterator<Item = Operation> {
    [
        scheduling::operations(),
        accounts::operations(),
        directory::operations(),
        guests::operations(),
        booking_pages::operations(),
        reference::operations(),
    ]
    .into_iter()
    .flatten()
}

/// The schemas.
pub(crate) fn parts() -> impl Iterator<Item = Parts> {
    [
        scheduling::parts(),
        accounts::parts(),
        directory::parts(),
        guests::parts(),
        booking_pages::parts(),
    ]
    .into_iter()
}
