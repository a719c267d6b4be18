//! English.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    form_title: "Set up your account",
    form_intro: "Enter your name and choose a password. All fields are required.",
    login_name: "Username",
    login_name_hint: "You will log in with this name.",
    first_name: "First name",
    last_name: "Last name",
    password: "Password",
    password_hint: "8 to 128 characters",
    password_confirmation: "Repeat the password",
    submit: "Create account",
    first_name_missing: "Enter your first name.",
    first_name_invalid: "Enter a first name of at most 100 characters, without invisible characters.",
    last_name_missing: "Enter your last name.",
    last_name_invalid: "Enter a last name of at most 100 characters, without invisible characters.",
    password_length: "Choose a password of 8 to 128 characters.",
    password_invalid: "This password contains an invisible character that cannot be used. Choose another one.",
    passwords_differ: "The two passwords are different. Enter the same password in both fields.",
    login_name_taken: "This username has been taken in the meantime. Ask the person who invited you for a new invitation.",
    finished_title: "Your account is ready",
    finished_text: "You can now log in with this username:",
    dead_link_reasons: "It has already been used, it is more than 7 days old, or a newer link has replaced it.",
    dead_link_advice: "If you have not set up your account yet, ask the person who invited you for a new link.",
};
