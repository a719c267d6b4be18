//! English.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    invited: "You are invited to an event.",
    booked: "You have a new booking.",
    you_booked: "You have booked an event.",
    confirmed: "The date of the event is confirmed.",
    moved: "The event has a new date.",
    undecided: "The date of the event is open again.",
    changed: "The event has changed.",
    cancelled: "The event is cancelled.",
    removed: "You no longer take part in this event.",
    message: "There is a new message about the event.",
    suggested: "A guest suggests another date.",
    declined: "A guest is not coming.",
    accepted: "A guest is coming.",
    voted: "A guest has said which dates suit.",
    vote_noted: "Your answers about the dates are saved.",
    reminder: "This event starts soon.",
    when: "When",
    place: "Where",
    organizer: "Organizer",
    guests: "Guests",
    no_date: "Not decided yet",
    dates: "Dates to choose from",
    open: "Open the event",
    why: "You get this mail because you take part in this event.",
    why_admin: "You get this mail because you are an admin of the team that has this event.",
};
