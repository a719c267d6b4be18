//! Dutch.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    invited: "U bent uitgenodigd voor een afspraak.",
    booked: "U hebt een nieuwe boeking.",
    you_booked: "U hebt een afspraak geboekt.",
    confirmed: "De datum van de afspraak staat vast.",
    moved: "De afspraak heeft een nieuwe datum.",
    undecided: "De datum van de afspraak staat weer open.",
    changed: "De afspraak is gewijzigd.",
    cancelled: "De afspraak is geannuleerd.",
    removed: "U neemt niet meer deel aan deze afspraak.",
    message: "Er is een nieuw bericht over de afspraak.",
    suggested: "Een gast stelt een andere datum voor.",
    declined: "Een gast komt niet.",
    accepted: "Een gast komt.",
    voted: "Een gast heeft aangegeven welke data passen.",
    vote_noted: "Uw antwoorden over de data zijn opgeslagen.",
    reminder: "Deze afspraak begint binnenkort.",
    when: "Wanneer",
    place: "Waar",
    organizer: "Organisator",
    guests: "Gasten",
    no_date: "Nog niet bepaald",
    dates: "Data om uit te kiezen",
    open: "Afspraak openen",
    why: "U ontvangt dit bericht omdat u aan deze afspraak deelneemt.",
    why_admin: "U ontvangt dit bericht omdat u het team beheert dat deze afspraak heeft.",
};
