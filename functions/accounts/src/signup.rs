//! `/signup/{token}`: an invited user sets a name and a password.
//!
//! A browser is at the other end, so every answer is a page, errors too.

use std::{collections::HashMap, str::FromStr};

use lambda_http::http::StatusCode;
use roster_domain::{
    Error, Field, Result, error::Unacceptable, text::Name, users::language::Language,
};
use roster_pages::reply;
use roster_runtime::{Call, Reply, request::call::MAX_BODY};
use roster_store::{
    access::sign_up::{Invited, SignUp},
    users::credentials,
};

use crate::signup_page::{self, Form, Problem};

/// `GET /signup/{token}`: the form. Looking at it changes nothing, so a mail
/// scanner that follows the link does no harm.
pub async fn show(call: &Call<'_>) -> Result<Reply> {
    let invited = match call.store.invited(&token(call)).await {
        Ok(invited) => invited,
        Err(error) => return dead_link(call, error),
    };
    let profile = &invited.user.profile;
    let entered = Entered {
        first_name: text(profile.first_name.as_ref()),
        last_name: text(profile.last_name.as_ref()),
        ..Entered::default()
    };
    Ok(form(StatusCode::OK, &invited, &entered, &[]))
}

/// `POST /signup/{token}`: finishes. The link is used up.
pub async fn finish(call: &Call<'_>) -> Result<Reply> {
    let token = token(call);
    let invited = match call.store.invited(&token).await {
        Ok(invited) => invited,
        Err(error) => return dead_link(call, error),
    };
    let entered = Entered::read(&call.form(MAX_BODY)?);
    let (first_name, last_name, password) = match entered.check() {
        Ok(chosen) => chosen,
        Err(problems) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(form(status, &invited, &entered, &problems));
        }
    };
    let chosen = SignUp {
        first_name,
        last_name,
        password: credentials::hash(password).await?,
    };
    match call.store.sign_up(&token, &chosen).await {
        Ok(invited) => {
            let language = language(&invited);
            let organization = invited.organization.name.as_str();
            let body = signup_page::finished(language, organization, invited.login_name.as_str());
            Ok(reply(StatusCode::OK, language, body))
        }
        Err(Error::Conflict(conflict)) if conflict.location == Some(Field::LoginName.into()) => {
            let problems = [Problem::LoginNameTaken];
            Ok(form(StatusCode::CONFLICT, &invited, &entered, &problems))
        }
        Err(error) => dead_link(call, error),
    }
}

fn token(call: &Call<'_>) -> String {
    call.path_text("token").to_owned()
}

/// The page for a link that is not good (any more).
fn dead_link(call: &Call<'_>, error: Error) -> Result<Reply> {
    roster_pages::dead_link(call, error, signup_page::dead_link)
}

fn language(invited: &Invited) -> Language {
    let own = invited.user.profile.language;
    own.unwrap_or(invited.organization.lang)
}

fn form(status: StatusCode, invited: &Invited, entered: &Entered, problems: &[Problem]) -> Reply {
    let language = language(invited);
    let body = signup_page::form(&Form {
        language,
        organization: invited.organization.name.as_str(),
        login_name: invited.login_name.as_str(),
        first_name: &entered.first_name,
        last_name: &entered.last_name,
        problems,
    });
    reply(status, language, body)
}

fn text(name: Option<&Name>) -> String {
    name.map_or_else(String::new, ToString::to_string)
}

/// What the form sent.
#[derive(Default)]
struct Entered {
    first_name: String,
    last_name: String,
    password: String,
    password_confirmation: String,
}

impl Entered {
    fn read(fields: &HashMap<String, String>) -> Self {
        let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
        Self {
            first_name: field("first_name").trim().to_owned(),
            last_name: field("last_name").trim().to_owned(),
            password: field("password"),
            password_confirmation: field("password_confirmation"),
        }
    }

    fn check(
        &self,
    ) -> Result<(Name, Name, roster_domain::access::password::Password), Vec<Problem>> {
        let mut problems = Vec::new();
        let first = name(
            &self.first_name,
            [Problem::FirstNameMissing, Problem::FirstNameInvalid],
            &mut problems,
        );
        let last = name(
            &self.last_name,
            [Problem::LastNameMissing, Problem::LastNameInvalid],
            &mut problems,
        );
        let password = self.password.parse().map_err(|Unacceptable(_)| {
            problems.push(if self.password.contains('\0') {
                Problem::PasswordInvalid
            } else {
                Problem::PasswordLength
            });
        });
        if self.password != self.password_confirmation {
            problems.push(Problem::PasswordsDiffer);
        }
        match (first, last, password) {
            (Some(first), Some(last), Ok(password)) if problems.is_empty() => {
                Ok((first, last, password))
            }
            _ => Err(problems),
        }
    }
}

fn name(text: &str, [missing, invalid]: [Problem; 2], problems: &mut Vec<Problem>) -> Option<Name> {
    let name = Name::from_str(text).ok();
    if name.is_none() {
        problems.push(if text.is_empty() { missing } else { invalid });
    }
    name
}
