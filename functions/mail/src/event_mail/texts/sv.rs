//! Swedish.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    invited: "Du är inbjuden till ett möte.",
    booked: "Du har en ny bokning.",
    you_booked: "Du har bokat ett möte.",
    confirmed: "Datumet för mötet är bekräftat.",
    moved: "Mötet har ett nytt datum.",
    undecided: "Datumet för mötet är öppet igen.",
    changed: "Mötet har ändrats.",
    cancelled: "Mötet är inställt.",
    removed: "Du deltar inte längre i det här mötet.",
    message: "Det finns ett nytt meddelande om mötet.",
    suggested: "En gäst föreslår ett annat datum.",
    declined: "En gäst kommer inte.",
    accepted: "En gäst kommer.",
    voted: "En gäst har angett vilka datum som passar.",
    vote_noted: "Dina svar om datumen är sparade.",
    reminder: "Det här mötet börjar snart.",
    when: "När",
    place: "Var",
    organizer: "Arrangör",
    guests: "Gäster",
    no_date: "Inte bestämt än",
    dates: "Datum att välja mellan",
    open: "Öppna mötet",
    why: "Du får det här meddelandet eftersom du deltar i mötet.",
    why_admin: "Du får det här meddelandet eftersom du administrerar teamet som har mötet.",
};
