//! Swedish, with “du”, which is usual there.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    form_title: "Skapa ditt konto",
    form_intro: "Ange ditt namn och välj ett lösenord. Alla fält är obligatoriska.",
    login_name: "Användarnamn",
    login_name_hint: "Du loggar in med det här namnet.",
    first_name: "Förnamn",
    last_name: "Efternamn",
    password: "Lösenord",
    password_hint: "8 till 128 tecken",
    password_confirmation: "Upprepa lösenordet",
    submit: "Skapa konto",
    first_name_missing: "Ange ditt förnamn.",
    first_name_invalid: "Ange ett förnamn på högst 100 tecken utan osynliga tecken.",
    last_name_missing: "Ange ditt efternamn.",
    last_name_invalid: "Ange ett efternamn på högst 100 tecken utan osynliga tecken.",
    password_length: "Välj ett lösenord på 8 till 128 tecken.",
    password_invalid: "Lösenordet innehåller ett osynligt tecken som inte kan användas. Välj ett annat.",
    passwords_differ: "De två lösenorden är olika. Ange samma lösenord i båda fälten.",
    login_name_taken: "Användarnamnet har tagits av någon annan under tiden. Be den som bjöd in dig om en ny inbjudan.",
    finished_title: "Ditt konto är klart",
    finished_text: "Nu kan du logga in med det här användarnamnet:",
    dead_link_reasons: "Den har redan använts, är mer än 7 dagar gammal eller har ersatts av en nyare länk.",
    dead_link_advice: "Om du inte har skapat ditt konto än, be den som bjöd in dig om en ny länk.",
};
