//! French.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    invited: "Vous êtes invité à un rendez-vous.",
    booked: "Vous avez une nouvelle réservation.",
    you_booked: "Vous avez réservé un rendez-vous.",
    confirmed: "La date du rendez-vous est confirmée.",
    moved: "Le rendez-vous a une nouvelle date.",
    undecided: "La date du rendez-vous est de nouveau à fixer.",
    changed: "Le rendez-vous a changé.",
    cancelled: "Le rendez-vous est annulé.",
    removed: "Vous ne participez plus à ce rendez-vous.",
    message: "Il y a un nouveau message au sujet du rendez-vous.",
    suggested: "Un invité propose une autre date.",
    declined: "Un invité ne viendra pas.",
    accepted: "Un invité viendra.",
    voted: "Un invité a indiqué les dates qui lui conviennent.",
    vote_noted: "Vos réponses au sujet des dates sont enregistrées.",
    reminder: "Ce rendez-vous commence bientôt.",
    when: "Quand",
    place: "Où",
    organizer: "Organisateur",
    guests: "Invités",
    no_date: "À fixer",
    dates: "Dates au choix",
    open: "Voir le rendez-vous",
    why: "Vous recevez ce message parce que vous participez à ce rendez-vous.",
    why_admin: "Vous recevez ce message parce que vous administrez l’équipe chargée de ce rendez-vous.",
};
