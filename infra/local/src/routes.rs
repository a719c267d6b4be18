//! Every route of the API.

use roster_runtime::{Route, function::deployment::Operation};

/// The operations of every package.
#[must_use]
pub(crate) fn operations() -> Vec<Operation> {
    [
        roster_scheduling::routes::OPERATIONS,
        roster_accounts::routes::OPERATIONS,
        roster_directory::routes::OPERATIONS,
        roster_guests::routes::OPERATIONS,
        roster_reference::routes::OPERATIONS,
    ]
    .concat()
}

/// The routes of every package.
#[must_use]
pub fn routes() -> Vec<&'static Route> {
    let operations = operations().into_iter();
    operations.map(|operation| operation.route).collect()
}
