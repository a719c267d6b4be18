//! Mails about webhooks: that one is paused, to those who manage the account.

mod texts;

use askama::Template;
use roster_domain::{Error, Result, hooks::PauseReason, mail::HookMail};

use crate::{render::Rendered, unlinked::unlinked};
use texts::Texts;

#[derive(Template)]
#[template(path = "hook.txt", escape = "none")]
struct Plain<'a> {
    paragraphs: &'a [String],
}

#[derive(Template)]
#[template(path = "hook.html")]
struct Html<'a> {
    language: &'a str,
    subject: &'a str,
    paragraphs: &'a [String],
}

/// Writes a mail out.
///
/// # Errors
/// When a template fails, which is a defect.
pub(crate) fn render(mail: &HookMail) -> Result<Rendered> {
    let texts = Texts::of(mail.notice.language);
    let (organization, target) = (
        unlinked(mail.organization.as_str()),
        unlinked(mail.notice.target_url.as_str()),
    );
    let filled = |text: &str| {
        let text = text.replace("{organization}", &organization);
        let text = text.replace("{hook}", &mail.notice.hook.to_string());
        text.replace("{target}", &target)
    };
    let reason = match mail.notice.reason {
        PauseReason::Gone => texts.gone,
        PauseReason::Failing | PauseReason::Asked => texts.failing,
    };
    let paragraphs = [texts.greeting, reason, texts.effect, texts.catch_up].map(filled);
    let subject = filled(texts.subject);
    let text = Plain {
        paragraphs: &paragraphs,
    };
    let html = Html {
        language: mail.notice.language.code(),
        subject: &subject,
        paragraphs: &paragraphs,
    };
    let (text, html) = (text.render(), html.render());
    Ok(Rendered {
        to: mail.notice.to.clone(),
        text: text.map_err(Error::internal)?,
        html: html.map_err(Error::internal)?,
        subject,
        link: None,
        threaded: None,
    })
}
