//! The pages of `/signup/{token}`, where an invited user sets a name and a
//! password. HTML without any script and without any other resource.

use std::sync::LazyLock;

use askama::Template;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use lambda_http::http::{HeaderName, header};
use roster_domain::users::language::Language;
use roster_runtime::answer::reply::NO_STORE;
use sha2::{Digest as _, Sha256};

pub use crate::signup_problem::{Field, Problem};
use crate::signup_texts::{Texts, texts};

/// The media type of every page.
pub const MEDIA_TYPE: &str = "text/html; charset=utf-8";

const STYLE: &str = include_str!("../templates/page.css");

/// Allows the pages' own style, by its hash, and a form to the same origin;
/// nothing else can be loaded or run (Content Security Policy Level 3).
static CONTENT_SECURITY_POLICY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "default-src 'none'; style-src 'sha256-{}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        BASE64_STANDARD.encode(Sha256::digest(STYLE))
    )
});

/// The headers that every page needs, besides [`MEDIA_TYPE`].
///
/// The page's URL holds a secret, so no referrer leaves it, to its own origin
/// neither. That makes browsers send `Origin: null` with the form (Fetch, 3.2):
/// the secret in the URL says that a `POST` is meant, `Origin` cannot.
#[must_use]
pub fn headers(language: Language) -> [(HeaderName, &'static str); 7] {
    [
        (
            header::CONTENT_SECURITY_POLICY,
            CONTENT_SECURITY_POLICY.as_str(),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, NO_STORE),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (header::CONTENT_LANGUAGE, language.code()),
    ]
}

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

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage<'a> {
    /// Names the page to tests: the texts depend on the language.
    page: &'static str,
    language: Language,
    organization: Option<&'a str>,
    title: &'static str,
    paragraphs: &'a [&'static str],
    login_name: Option<&'a str>,
}

/// The account is ready, and this is the name to log in with.
#[must_use]
pub fn finished(language: Language, organization: &str, login_name: &str) -> String {
    let texts = texts(language);
    render(&MessagePage {
        page: "finished",
        language,
        organization: Some(organization),
        title: texts.finished_title,
        paragraphs: &[texts.finished_text],
        login_name: Some(login_name),
    })
}

/// The link was used, is too old or was replaced; which of them is not said, and
/// neither is whether there ever was such a link.
#[must_use]
pub fn dead_link(language: Language) -> String {
    let texts = texts(language);
    render(&MessagePage {
        page: "dead-link",
        language,
        organization: None,
        title: texts.dead_link_title,
        paragraphs: &[texts.dead_link_reasons, texts.dead_link_advice],
        login_name: None,
    })
}

/// Something went wrong or is too busy: try again in a moment.
#[must_use]
pub fn unavailable(language: Language) -> String {
    let texts = texts(language);
    render(&MessagePage {
        page: "unavailable",
        language,
        organization: None,
        title: texts.unavailable_title,
        paragraphs: &[texts.unavailable_text],
        login_name: None,
    })
}

/// Writing to a `String` does not fail, and neither does showing a string, so
/// there is no error to pass on.
fn render(page: &impl Template) -> String {
    page.render().unwrap_or_default()
}

#[cfg(test)]
mod tests;
