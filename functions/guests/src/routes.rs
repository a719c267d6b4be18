//! The operations of an event's page.

use roster_domain::Field;
use roster_runtime::{function::deployment::prelude::*, function::route::Access::Public};

use crate::event;

roster_runtime::routes! {
    roster_pages::render_error, Field::nowhere => {
        /// Show an event to somebody who takes part.
        SHOW_EVENT = "guests-show-event", Public, Cached, event::show,
            [GET "/e/{event_id}"] => {
                round_trips: 2,
                grants: &[table(&[BatchGetItem, GetItem], &[P::Organization])],
            };
        /// Do what somebody who takes part asks for.
        CHANGE_EVENT = "guests-change-event", Public, Cached, event::change,
            [POST "/e/{event_id}"] => {
                round_trips: 5,
                grants: &[
                    table(
                        &[BatchGetItem, GetItem, Query, ConditionCheckItem, PutItem, DeleteItem],
                        &[P::Organization],
                    ),
                    TAKE_TURNS,
                ],
            };
    }
}
