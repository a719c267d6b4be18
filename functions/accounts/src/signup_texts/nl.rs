//! Dutch, with the formal “u”.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    form_title: "Stel uw account in",
    form_intro: "Vul uw naam in en kies een wachtwoord. Alle velden zijn verplicht.",
    login_name: "Gebruikersnaam",
    login_name_hint: "U logt straks met deze naam in.",
    first_name: "Voornaam",
    last_name: "Achternaam",
    password: "Wachtwoord",
    password_hint: "8 tot en met 128 tekens",
    password_confirmation: "Herhaal het wachtwoord",
    submit: "Account aanmaken",
    first_name_missing: "Vul uw voornaam in.",
    first_name_invalid: "Vul een voornaam van maximaal 100 tekens in, zonder onzichtbare tekens.",
    last_name_missing: "Vul uw achternaam in.",
    last_name_invalid: "Vul een achternaam van maximaal 100 tekens in, zonder onzichtbare tekens.",
    password_length: "Kies een wachtwoord van 8 tot en met 128 tekens.",
    password_invalid: "Dit wachtwoord bevat een onzichtbaar teken dat niet kan worden gebruikt. Kies een ander wachtwoord.",
    passwords_differ: "De twee wachtwoorden zijn niet gelijk. Vul in beide velden hetzelfde wachtwoord in.",
    login_name_taken: "Deze gebruikersnaam is inmiddels bezet. Vraag een nieuwe uitnodiging aan de persoon die u heeft uitgenodigd.",
    finished_title: "Uw account is klaar",
    finished_text: "U kunt nu inloggen met deze gebruikersnaam:",
    dead_link_reasons: "De link is al gebruikt, is meer dan 7 dagen oud of is vervangen door een nieuwere link.",
    dead_link_advice: "Hebt u uw account nog niet ingesteld, vraag dan een nieuwe link aan de persoon die u heeft uitgenodigd.",
};
