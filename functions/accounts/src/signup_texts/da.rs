//! Danish, with “du”, which is usual there.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    form_title: "Opret din konto",
    form_intro: "Skriv dit navn, og vælg en adgangskode. Alle felter skal udfyldes.",
    login_name: "Brugernavn",
    login_name_hint: "Du skal logge ind med dette navn.",
    first_name: "Fornavn",
    last_name: "Efternavn",
    password: "Adgangskode",
    password_hint: "8 til 128 tegn",
    password_confirmation: "Gentag adgangskoden",
    submit: "Opret konto",
    first_name_missing: "Skriv dit fornavn.",
    first_name_invalid: "Skriv et fornavn på højst 100 tegn uden usynlige tegn.",
    last_name_missing: "Skriv dit efternavn.",
    last_name_invalid: "Skriv et efternavn på højst 100 tegn uden usynlige tegn.",
    password_length: "Vælg en adgangskode på 8 til 128 tegn.",
    password_invalid: "Adgangskoden indeholder et usynligt tegn, som ikke kan bruges. Vælg en anden.",
    passwords_differ: "De to adgangskoder er forskellige. Skriv den samme adgangskode i begge felter.",
    login_name_taken: "Brugernavnet er i mellemtiden blevet taget. Bed den, der inviterede dig, om en ny invitation.",
    finished_title: "Din konto er klar",
    finished_text: "Du kan nu logge ind med dette brugernavn:",
    dead_link_reasons: "Det er allerede blevet brugt, er mere end 7 dage gammelt eller er blevet erstattet af et nyere link.",
    dead_link_advice: "Hvis du endnu ikke har oprettet din konto, så bed den, der inviterede dig, om et nyt link.",
};
