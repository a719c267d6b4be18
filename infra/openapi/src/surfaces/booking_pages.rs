//! Booking pages (`/{nickname}`, `/team/{team_id}`).

use roster_guests::booking::{
    ACTION, BACK, BOOK, CHOOSE, MORE, START,
    form::{COMPANY, EMAIL, GUESTS, MESSAGE, NAME, OTHER_PLACE, PHONE, PLACE, TITLE, TOKEN, TRAP},
    query::{CHANGE, DATE, DATES, EMBED, FILLED_IN, HOLD, LANG, PROBLEM, TIMEZONE},
};
use serde_json::json;

use crate::{
    errors::PAGE,
    operation::{Answer, AnswerHeader, FORM, Operation, Style, operation},
    parameters::{header, query},
    schema::{Parts, about, may, must, named, object, one_of, string},
};

/// What each name in [`FILLED_IN`] fills in.
const FILLS_IN: [&str; FILLED_IN.len()] = [
    "Name of the person who books, if the page has `enable_api`.",
    "Email address of the person who books, if the page has `enable_api`.",
    "Company of the person who books, if the page has `enable_api`.",
    "Phone number of the person who books, if the page has `enable_api`.",
    "Message, if the page has `enable_api`.",
    "Title of the event, if the page has `enable_api`. `{{invitee}}` and `{{me}}` stand for the \
     names of both.",
    "Places to choose from, if the page has `enable_api`: `name|address||name|address`.",
    "`third_party.app` of the event, if the page has `enable_api`.",
    "An ID in `third_party.group_ids` of the event, if the page has `enable_api`.",
];

/// The descriptions.
pub(crate) fn operations() -> Vec<Operation> {
    let text = |name, about| query(name, string(), about);
    let language = header("Accept-Language", string(), "The language of the page.");
    let mut takes = vec![
        text(DATE, "The first day to show. Default: today."),
        text(
            TIMEZONE,
            "The time zone to show times in. Default: the user's.",
        ),
        text(LANG, "The language of the page, as an ISO 639-1 code."),
        text(HOLD, "The `_id` of the hold to show the form for."),
        text(DATES, "The times that are chosen, separated by commas."),
        text(CHANGE, "`timezone` shows the time zones to choose from."),
        text(
            EMBED,
            "If present, the page can be embedded in the websites in the user's \
             `vyteme.custom.embed_origins`.",
        ),
        text(PROBLEM, "Why the last form was not accepted."),
        language,
    ];
    let fills_in = FILLED_IN.into_iter().zip(FILLS_IN);
    takes.extend(fills_in.map(|(name, about)| text(name, about)));
    let on_page = |binary, summary| {
        operation(binary, "Booking page", Style::Page, summary).takes(takes.clone())
    };
    vec![
        on_page("guests-show-page", "Show a booking page")
            .about(
                "The page of a user with this nickname, or of a public team: the free times, or \
                 the form for the times that are chosen. Unknown query parameters are ignored.",
            )
            .answer(Answer {
                status: 200,
                about: "The page.",
                content: Some((PAGE, string())),
                example: None,
                headers: vec![AnswerHeader::CacheControl],
            })
            .refuses([404]),
        on_page("guests-book-on-page", "Book on a booking page")
            .about(
                "The forms of the page. Choosing a time holds it if the page confirms events \
                 automatically. Booking creates the event. A form creates one event, however \
                 often it is sent. People who book too often are shown the page again.",
            )
            .bodies(
                vec![(FORM, named("BookingForm"))],
                true,
                vec![("back", json!({ ACTION: BACK }))],
            )
            .answer(Answer {
                status: 303,
                about: "Done. `Location` is the next page: the form, the event, or the times if \
                        the time is not free any more.",
                content: Some((PAGE, string())),
                example: None,
                headers: vec![AnswerHeader::CacheControl],
            })
            .answer(Answer {
                status: 200,
                about: "Booked, on an embedded page or by the person who is booked.",
                content: Some((PAGE, string())),
                example: None,
                headers: vec![AnswerHeader::CacheControl],
            })
            .refuses([404, 422]),
    ]
}

/// The schemas.
pub(crate) fn parts() -> Parts {
    let said = |text: &'static str| about(string(), text);
    let form = object(vec![
        must(ACTION, one_of(&[CHOOSE, MORE, BACK, BOOK])),
        may(START, said("The time to choose.")),
        may(NAME, said("Name of the person who books.")),
        may(EMAIL, said("Email address of the person who books.")),
        may(PHONE, said("Phone number of the person who books.")),
        may(COMPANY, said("Company of the person who books.")),
        may(TITLE, said("Title of the event.")),
        may(MESSAGE, said("A message to the people who take part.")),
        may(PLACE, said("The index of a place, or `other`.")),
        may(OTHER_PLACE, said("The name of another place.")),
        may(
            GUESTS,
            said("Email addresses of other guests, one on each line."),
        ),
        may(TRAP, said("Must be empty: people do not see this field.")),
        may(TOKEN, said("What the page put into the form.")),
    ]);
    let form = about(
        form,
        "The forms of a booking page. Each time that is chosen on a page where several can be \
         is a field `time-` and its start.",
    );
    vec![("BookingForm", form)]
}
