//! The page of an event (`/e/{event_id}`).

use roster_guests::event::{
    action,
    entered::{ACTION, MESSAGE, NEW_DATE, SUGGESTION, TIMEZONE},
};
use serde_json::json;

use crate::{
    errors::PAGE,
    operation::{Answer, AnswerHeader, FORM, Operation, Style, operation},
    parameters::{header, required_query},
    schema::{Parts, about, may, must, named, object, one_of, string},
};

/// The descriptions.
pub(crate) fn operations() -> Vec<Operation> {
    let key = required_query(
        "k",
        string(),
        "A participant's key, from `key_store` in the response that books.",
    );
    let language = header(
        "Accept-Language",
        string(),
        "The language of the page, for guests who are not users.",
    );
    let of_event = |binary, summary| {
        operation(binary, "Event page", Style::Page, summary).takes([key.clone(), language.clone()])
    };
    vec![
        of_event("guests-show-event", "Show an event to a participant")
            .about("The page shows the event in the participant's language and time zone.")
            .answer(Answer {
                status: 200,
                about: "The page.",
                content: Some((PAGE, string())),
                example: None,
                headers: vec![AnswerHeader::CacheControl],
            })
            .refuses([404]),
        of_event("guests-change-event", "Change an event as a participant")
            .about(
                "Votes, accepts, declines, writes a message, suggests a date, cancels or moves \
                 the event. What a participant can do depends on the event and on the \
                 organizer's `vyteme.custom`.",
            )
            .bodies(
                vec![(FORM, named("EventForm"))],
                true,
                vec![("accept", json!({ ACTION: "accept" }))],
            )
            .answer(Answer {
                status: 303,
                about: "Done. `Location` is the page.",
                content: Some((PAGE, string())),
                example: None,
                headers: vec![AnswerHeader::CacheControl],
            })
            .refuses([404, 409]),
    ]
}

/// The schemas.
pub(crate) fn parts() -> Parts {
    let form = object(vec![
        must(ACTION, one_of(&action::names())),
        may(MESSAGE, string()),
        may(
            SUGGESTION,
            about(
                string(),
                "When a suggested date starts, in the page's time zone.",
            ),
        ),
        may(
            NEW_DATE,
            about(
                string(),
                "When the event is to start, in the page's time zone.",
            ),
        ),
        may(TIMEZONE, named("TimeZone")),
    ]);
    let form = about(
        form,
        "The forms of the page. A vote has a field for each date and place, `date-{_id}` and \
         `place-{_id}`, with `yes` or `no`.",
    );
    vec![("EventForm", form)]
}
