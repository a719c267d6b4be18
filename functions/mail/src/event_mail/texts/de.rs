//! German.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    invited: "Sie sind zu einem Termin eingeladen.",
    booked: "Sie haben eine neue Buchung.",
    you_booked: "Sie haben einen Termin gebucht.",
    confirmed: "Das Datum des Termins steht fest.",
    moved: "Der Termin hat ein neues Datum.",
    undecided: "Das Datum des Termins ist wieder offen.",
    changed: "Der Termin hat sich geändert.",
    cancelled: "Der Termin ist abgesagt.",
    removed: "Sie nehmen an diesem Termin nicht mehr teil.",
    message: "Es gibt eine neue Nachricht zum Termin.",
    suggested: "Ein Gast schlägt ein anderes Datum vor.",
    declined: "Ein Gast kommt nicht.",
    accepted: "Ein Gast kommt.",
    voted: "Ein Gast hat angegeben, welche Termine passen.",
    vote_noted: "Ihre Antworten zu den Terminen sind gespeichert.",
    reminder: "Dieser Termin beginnt bald.",
    when: "Wann",
    place: "Wo",
    organizer: "Gastgeber",
    guests: "Gäste",
    no_date: "Noch offen",
    dates: "Termine zur Auswahl",
    open: "Termin öffnen",
    why: "Sie erhalten diese Nachricht, weil Sie an diesem Termin teilnehmen.",
    why_admin: "Sie erhalten diese Nachricht, weil Sie das Team verwalten, das diesen Termin hat.",
};
