//! Spanish, with the formal “usted”.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    form_title: "Configure su cuenta",
    form_intro: "Introduzca su nombre y apellidos y elija una contraseña. Todos los campos son obligatorios.",
    login_name: "Nombre de usuario",
    login_name_hint: "Iniciará sesión con este nombre.",
    first_name: "Nombre",
    last_name: "Apellidos",
    password: "Contraseña",
    password_hint: "De 8 a 128 caracteres",
    password_confirmation: "Repita la contraseña",
    submit: "Crear cuenta",
    first_name_missing: "Introduzca su nombre.",
    first_name_invalid: "Introduzca un nombre de 100 caracteres como máximo, sin caracteres invisibles.",
    last_name_missing: "Introduzca sus apellidos.",
    last_name_invalid: "Introduzca unos apellidos de 100 caracteres como máximo, sin caracteres invisibles.",
    password_length: "Elija una contraseña de 8 a 128 caracteres.",
    password_invalid: "La contraseña contiene un carácter invisible que no se puede utilizar. Elija otra.",
    passwords_differ: "Las dos contraseñas no coinciden. Introduzca la misma contraseña en ambos campos.",
    login_name_taken: "Este nombre de usuario ya no está disponible. Pida una nueva invitación a la persona que le envió la invitación.",
    finished_title: "Su cuenta está lista",
    finished_text: "Ya puede iniciar sesión con este nombre de usuario:",
    dead_link_reasons: "Ya se ha utilizado, tiene más de 7 días o se ha sustituido por otro más reciente.",
    dead_link_advice: "Si aún no ha configurado su cuenta, pida un nuevo enlace a la persona que le envió la invitación.",
};
