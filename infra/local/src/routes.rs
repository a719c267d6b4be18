//! Every route of the API.

use roster_runtime::Route;

/// The routes of every package.
#[must_use]
pub fn routes() -> Vec<&'static Route> {
    [
        roster_scheduling::routes::ROUTES,
        roster_accounts::routes::ROUTES,
        roster_directory::routes::ROUTES,
        roster_reference::routes::ROUTES,
    ]
    .concat()
}
