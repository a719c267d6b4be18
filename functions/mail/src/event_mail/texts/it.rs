//! Italian.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    invited: "È stato invitato a un appuntamento.",
    booked: "Ha una nuova prenotazione.",
    you_booked: "Ha prenotato un appuntamento.",
    confirmed: "La data dell’appuntamento è confermata.",
    moved: "L’appuntamento ha una nuova data.",
    undecided: "La data dell’appuntamento è di nuovo da decidere.",
    changed: "L’appuntamento è cambiato.",
    cancelled: "L’appuntamento è annullato.",
    removed: "Non partecipa più a questo appuntamento.",
    message: "C’è un nuovo messaggio sull’appuntamento.",
    suggested: "Un invitato propone un’altra data.",
    declined: "Un invitato non verrà.",
    accepted: "Un invitato verrà.",
    voted: "Un invitato ha indicato quali date vanno bene.",
    vote_noted: "Le Sue risposte sulle date sono salvate.",
    reminder: "Questo appuntamento inizia tra poco.",
    when: "Quando",
    place: "Dove",
    organizer: "Organizzatore",
    guests: "Invitati",
    no_date: "Da decidere",
    dates: "Date fra cui scegliere",
    open: "Apri l’appuntamento",
    why: "Riceve questo messaggio perché partecipa a questo appuntamento.",
    why_admin: "Riceve questo messaggio perché amministra il team che ha questo appuntamento.",
};
