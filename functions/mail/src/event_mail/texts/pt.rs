//! Portuguese, as in Brazil.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    invited: "Você recebeu um convite para um compromisso.",
    booked: "Você tem uma nova reserva.",
    you_booked: "Você reservou um compromisso.",
    confirmed: "A data do compromisso está confirmada.",
    moved: "O compromisso tem uma nova data.",
    undecided: "A data do compromisso voltou a ficar em aberto.",
    changed: "O compromisso mudou.",
    cancelled: "O compromisso foi cancelado.",
    removed: "Você não participa mais deste compromisso.",
    message: "Há uma nova mensagem sobre o compromisso.",
    suggested: "Um convidado sugere outra data.",
    declined: "Um convidado não virá.",
    accepted: "Um convidado virá.",
    voted: "Um convidado informou quais datas servem.",
    vote_noted: "Suas respostas sobre as datas foram salvas.",
    reminder: "Este compromisso começa em breve.",
    when: "Quando",
    place: "Onde",
    organizer: "Organização",
    guests: "Convidados",
    no_date: "A definir",
    dates: "Datas para escolher",
    open: "Ver o compromisso",
    why: "Você recebe esta mensagem porque participa deste compromisso.",
    why_admin: "Você recebe esta mensagem porque administra a equipe deste compromisso.",
};
