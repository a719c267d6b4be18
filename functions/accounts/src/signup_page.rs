//! The pages of `/signup/{token}`, where an invited user sets a name and a
//! password. HTML without any script and without any other resource.

use askama::Template;
use roster_domain::users::language::Language;
use roster_pages::{CommonTexts, Message, STYLE, common_texts, render};

pub use crate::signup_problem::{Field, Problem};
use crate::signup_texts::{Texts, texts};

/// What the form shows. It has no place for a password, so none is sent back.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    /// The user's language.
    pub language: Language,
    /// The name of the organization that the user was invited to.
    pub organization: &'a str,
    /// The name that the user will log in with. It is shown so that a password
    /// manager keeps it with the password.
    pub login_name: &'a str,
    /// The first name to begin with, or as it was entered.
    pub first_name: &'a str,
    /// The last name to begin with, or as it was entered.
    pub last_name: &'a str,
    /// What was wrong with what was entered; empty for a first look.
    pub problems: &'a [Problem],
}

#[derive(Template)]
#[template(path = "signup_form.html")]
struct FormPage<'a> {
    language: Language,
    texts: &'static Texts,
    common: &'static CommonTexts,
    organization: &'a str,
    problems: Vec<Problem>,
    inputs: [Input<'a>; 5],
}

/// A label, a hint, what is wrong, and an input.
struct Input<'a> {
    field: Field,
    label: &'static str,
    /// Said before the field; may be empty.
    hint: &'static str,
    /// The input's attributes that are always the same, as HTML.
    attributes: &'static str,
    value: Option<&'a str>,
    problems: Vec<Problem>,
}

impl Input<'_> {
    /// The ids of what a screen reader reads with the input.
    fn described_by(&self) -> String {
        let name = self.field.name();
        let hint = (!self.hint.is_empty()).then(|| format!("{name}-hint"));
        let problem = (!self.problems.is_empty()).then(|| format!("{name}-problem"));
        let ids: Vec<String> = hint.into_iter().chain(problem).collect();
        ids.join(" ")
    }
}

/// The form. With problems it begins with a summary that links to the fields,
/// and each field says what is wrong with it.
#[must_use]
pub fn form(form: &Form<'_>) -> String {
    let texts = texts(form.language);
    let input = |field: Field, label, hint, attributes, value| Input {
        field,
        label,
        hint,
        attributes,
        value,
        problems: about(form.problems, field),
    };
    let inputs = [
        // Without a name, so that it is not sent: the invitation knows it.
        input(
            Field::LoginName,
            texts.login_name,
            texts.login_name_hint,
            r#"type="text" readonly autocomplete="username" spellcheck="false""#,
            Some(form.login_name),
        ),
        input(
            Field::FirstName,
            texts.first_name,
            "",
            r#"name="first_name" type="text" required maxlength="100" autocomplete="given-name""#,
            Some(form.first_name),
        ),
        input(
            Field::LastName,
            texts.last_name,
            "",
            r#"name="last_name" type="text" required maxlength="100" autocomplete="family-name""#,
            Some(form.last_name),
        ),
        input(
            Field::Password,
            texts.password,
            texts.password_hint,
            r#"name="password" type="password" required minlength="8" autocomplete="new-password""#,
            None,
        ),
        input(
            Field::PasswordConfirmation,
            texts.password_confirmation,
            "",
            r#"name="password_confirmation" type="password" required minlength="8" autocomplete="new-password""#,
            None,
        ),
    ];
    render(&FormPage {
        language: form.language,
        texts,
        common: common_texts(form.language),
        organization: form.organization,
        // In the order of the fields, whatever order they were found in.
        problems: inputs
            .iter()
            .flat_map(|input| input.problems.iter().copied())
            .collect(),
        inputs,
    })
}

/// The problems of a field, each once.
fn about(problems: &[Problem], field: Field) -> Vec<Problem> {
    let mut of_field = Vec::new();
    for problem in problems {
        if problem.field() == field && !of_field.contains(problem) {
            of_field.push(*problem);
        }
    }
    of_field
}

/// The account is ready, and this is the name to log in with.
#[must_use]
pub fn finished(language: Language, organization: &str, login_name: &str) -> String {
    let texts = texts(language);
    render(&Message {
        page: "finished",
        language,
        organization: Some(organization),
        title: texts.finished_title,
        paragraphs: &[texts.finished_text],
        value: Some(login_name),
    })
}

/// What is said of a link that was used, is too old or was replaced; which of them is not
/// said, and neither is whether there ever was such a link.
#[must_use]
pub fn dead_link(language: Language) -> Vec<&'static str> {
    let texts = texts(language);
    vec![texts.dead_link_reasons, texts.dead_link_advice]
}

#[cfg(test)]
mod tests;
