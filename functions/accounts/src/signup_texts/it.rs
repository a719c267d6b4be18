//! Italian, with the formal “Lei”.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    form_title: "Attivazione dell’account",
    form_intro: "Inserisca nome e cognome e scelga una password. Tutti i campi sono obbligatori.",
    login_name: "Nome utente",
    login_name_hint: "Accederà con questo nome.",
    first_name: "Nome",
    last_name: "Cognome",
    password: "Password",
    password_hint: "Da 8 a 128 caratteri",
    password_confirmation: "Ripeta la password",
    submit: "Crea account",
    first_name_missing: "Inserisca il Suo nome.",
    first_name_invalid: "Inserisca un nome di massimo 100 caratteri, senza caratteri invisibili.",
    last_name_missing: "Inserisca il Suo cognome.",
    last_name_invalid: "Inserisca un cognome di massimo 100 caratteri, senza caratteri invisibili.",
    password_length: "Scelga una password da 8 a 128 caratteri.",
    password_invalid: "La password contiene un carattere invisibile che non può essere usato. Ne scelga un’altra.",
    passwords_differ: "Le due password non coincidono. Inserisca la stessa password in entrambi i campi.",
    login_name_taken: "Nel frattempo questo nome utente è stato preso. Chieda un nuovo invito a chi ha inviato l’invito.",
    finished_title: "Il Suo account è pronto",
    finished_text: "Ora può accedere con questo nome utente:",
    dead_link_reasons: "È già stato usato, ha più di 7 giorni oppure è stato sostituito da un link più recente.",
    dead_link_advice: "Se non ha ancora attivato l’account, chieda un nuovo link a chi ha inviato l’invito.",
};
