//! Danish.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    invited: "Du er inviteret til en aftale.",
    booked: "Du har en ny booking.",
    you_booked: "Du har booket en aftale.",
    confirmed: "Datoen for aftalen er bekræftet.",
    moved: "Aftalen har en ny dato.",
    undecided: "Datoen for aftalen er åben igen.",
    changed: "Aftalen er ændret.",
    cancelled: "Aftalen er aflyst.",
    removed: "Du deltager ikke længere i denne aftale.",
    message: "Der er en ny besked om aftalen.",
    suggested: "En gæst foreslår en anden dato.",
    declined: "En gæst kommer ikke.",
    accepted: "En gæst kommer.",
    voted: "En gæst har angivet, hvilke datoer der passer.",
    vote_noted: "Dine svar om datoerne er gemt.",
    reminder: "Denne aftale begynder snart.",
    when: "Hvornår",
    place: "Hvor",
    organizer: "Arrangør",
    guests: "Gæster",
    no_date: "Ikke besluttet endnu",
    dates: "Datoer at vælge imellem",
    open: "Åbn aftalen",
    why: "Du får denne besked, fordi du deltager i aftalen.",
    why_admin: "Du får denne besked, fordi du administrerer det team, der har aftalen.",
};
