//! Spanish.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    invited: "Está invitado a una cita.",
    booked: "Tiene una nueva reserva.",
    you_booked: "Ha reservado una cita.",
    confirmed: "La fecha de la cita está confirmada.",
    moved: "La cita tiene una nueva fecha.",
    undecided: "La fecha de la cita está otra vez por decidir.",
    changed: "La cita ha cambiado.",
    cancelled: "La cita está cancelada.",
    removed: "Ya no participa en esta cita.",
    message: "Hay un nuevo mensaje sobre la cita.",
    suggested: "Un invitado propone otra fecha.",
    declined: "Un invitado no asistirá.",
    accepted: "Un invitado asistirá.",
    voted: "Un invitado ha indicado qué fechas le convienen.",
    vote_noted: "Sus respuestas sobre las fechas están guardadas.",
    reminder: "Esta cita empieza pronto.",
    when: "Cuándo",
    place: "Dónde",
    organizer: "Organizador",
    guests: "Invitados",
    no_date: "Por decidir",
    dates: "Fechas para elegir",
    open: "Ver la cita",
    why: "Recibe este mensaje porque participa en esta cita.",
    why_admin: "Recibe este mensaje porque administra el equipo que tiene esta cita.",
};
