//! German, with the formal “Sie”.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    form_title: "Richten Sie Ihr Konto ein",
    form_intro: "Geben Sie Ihren Namen ein und wählen Sie ein Passwort. Alle Felder sind Pflichtfelder.",
    login_name: "Benutzername",
    login_name_hint: "Mit diesem Namen melden Sie sich künftig an.",
    first_name: "Vorname",
    last_name: "Nachname",
    password: "Passwort",
    password_hint: "8 bis 128 Zeichen",
    password_confirmation: "Passwort wiederholen",
    submit: "Konto einrichten",
    first_name_missing: "Geben Sie Ihren Vornamen ein.",
    first_name_invalid: "Geben Sie einen Vornamen mit höchstens 100 Zeichen und ohne unsichtbare Zeichen ein.",
    last_name_missing: "Geben Sie Ihren Nachnamen ein.",
    last_name_invalid: "Geben Sie einen Nachnamen mit höchstens 100 Zeichen und ohne unsichtbare Zeichen ein.",
    password_length: "Wählen Sie ein Passwort mit 8 bis 128 Zeichen.",
    password_invalid: "Das Passwort enthält ein unsichtbares Zeichen, das nicht verwendet werden kann. Wählen Sie ein anderes.",
    passwords_differ: "Die beiden Passwörter stimmen nicht überein. Geben Sie in beiden Feldern dasselbe Passwort ein.",
    login_name_taken: "Dieser Benutzername ist inzwischen vergeben. Bitten Sie die Person, die Sie eingeladen hat, um eine neue Einladung.",
    finished_title: "Ihr Konto ist eingerichtet",
    finished_text: "Sie können sich jetzt mit diesem Benutzernamen anmelden:",
    dead_link_reasons: "Er wurde bereits verwendet, ist älter als 7 Tage oder wurde durch einen neueren Link ersetzt.",
    dead_link_advice: "Wenn Ihr Konto noch nicht eingerichtet ist, bitten Sie die Person, die Sie eingeladen hat, um einen neuen Link.",
};
