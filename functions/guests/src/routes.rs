//! The operations of the pages that guests see.

use roster_domain::Field;
use roster_runtime::{function::deployment::prelude::*, function::route::Access::Public};

use crate::{booking, event};

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
        /// Show the times of a booking page.
        SHOW_PAGE = "guests-show-page", Public, Cached, booking::show,
            [GET "/{nickname}", GET "/{nickname}/{minutes}", GET "/team/{team_id}"] => {
                round_trips: 4,
                variables: &[V::CalendarAge, V::CalendarsFunction],
                grants: &[
                    table(&[GetItem], &[P::Organization]),
                    table(&[BatchGetItem], &[P::Organization, P::Calendars]),
                    table(&[Query], &[P::Organization, P::Nickname]),
                    Index(&[P::Page]),
                    ReadCalendars,
                ],
            };
        /// Choose and book a time on a booking page.
        BOOK_ON_PAGE = "guests-book-on-page", Public, Cached, booking::change,
            [POST "/{nickname}", POST "/{nickname}/{minutes}", POST "/team/{team_id}"] => {
                round_trips: 8,
                variables: &[V::CalendarAge, V::CalendarsFunction, V::ReplyDomain],
                grants: &[
                    table(&[BatchGetItem], &[P::Organization, P::Calendars]),
                    table(
                        &[GetItem, ConditionCheckItem, PutItem, DeleteItem],
                        &[P::Organization],
                    ),
                    table(&[Query], &[P::Organization, P::Nickname]),
                    table(&[UpdateItem], &[P::Attempts]),
                    Index(&[P::Page]),
                    ReadCalendars,
                    TAKE_TURNS,
                ],
            };
    }
}
