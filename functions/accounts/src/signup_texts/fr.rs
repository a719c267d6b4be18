//! French, with the formal “vous”, and a no-break space before a colon.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    form_title: "Créez votre compte",
    form_intro: "Saisissez vos prénom et nom, puis choisissez un mot de passe. Tous les champs sont obligatoires.",
    login_name: "Identifiant",
    login_name_hint: "Vous vous connecterez avec cet identifiant.",
    first_name: "Prénom",
    last_name: "Nom",
    password: "Mot de passe",
    password_hint: "De 8 à 128 caractères",
    password_confirmation: "Confirmez le mot de passe",
    submit: "Créer le compte",
    first_name_missing: "Saisissez votre prénom.",
    first_name_invalid: "Saisissez un prénom de 100 caractères au maximum, sans caractère invisible.",
    last_name_missing: "Saisissez votre nom.",
    last_name_invalid: "Saisissez un nom de 100 caractères au maximum, sans caractère invisible.",
    password_length: "Choisissez un mot de passe de 8 à 128 caractères.",
    password_invalid: "Ce mot de passe contient un caractère invisible qui ne peut pas être utilisé. Choisissez-en un autre.",
    passwords_differ: "Les deux mots de passe sont différents. Saisissez le même mot de passe dans les deux champs.",
    login_name_taken: "Cet identifiant a été pris entre-temps. Demandez une nouvelle invitation à la personne qui vous a envoyé l’invitation.",
    finished_title: "Votre compte est prêt",
    finished_text: "Vous pouvez maintenant vous connecter avec cet identifiant\u{a0}:",
    dead_link_reasons: "Il a déjà été utilisé, il date de plus de 7 jours ou un lien plus récent l’a remplacé.",
    dead_link_advice: "Si vous n’avez pas encore créé votre compte, demandez un nouveau lien à la personne qui vous a envoyé l’invitation.",
};
