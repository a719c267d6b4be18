//! Mails as they are sent: a subject, and the same text plain and as HTML.

use askama::Template;
use roster_domain::{
    Error, Result,
    mail::{Invitation, Mail},
    text::Email,
};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    event_mail::{self, Threaded},
    hook_mail,
    unlinked::unlinked,
    wording::Wording,
};

/// A mail, ready to be sent. It holds a secret link.
pub struct Rendered {
    /// Who gets it.
    pub to: Email,
    /// The subject: one line.
    pub subject: String,
    /// The part that is plain text.
    pub text: String,
    /// The part that is HTML.
    pub html: String,
    /// The link in it, where it has one.
    pub link: Option<SecretString>,
    /// What it has besides where it is about an event.
    pub threaded: Option<Threaded>,
}

#[derive(Template)]
#[template(path = "invitation.txt", escape = "none")]
struct Plain<'a> {
    greeting: &'a str,
    invitation: &'a str,
    action: &'a str,
    link: &'a str,
    validity: &'a str,
    ignore: &'a str,
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct Html<'a> {
    language: &'a str,
    subject: &'a str,
    greeting: &'a str,
    invitation: &'a str,
    action: &'a str,
    link: &'a str,
    validity: &'a str,
    ignore: &'a str,
}

/// Writes a mail out, in its recipient's language; none where what it tells is not so any
/// more. `public_url` is where pages are.
///
/// # Errors
/// When a template fails, which is a defect.
pub fn render(mail: &Mail, public_url: Option<&str>) -> Result<Option<Rendered>> {
    match mail {
        Mail::Invitation(invitation) => render_invitation(invitation).map(Some),
        Mail::Event(mail) => event_mail::render(mail, public_url),
        Mail::Hook(mail) => hook_mail::render(mail).map(Some),
    }
}

fn render_invitation(mail: &Invitation) -> Result<Rendered> {
    let wording = Wording::of(mail.language);
    let organization = unlinked(mail.organization.as_str());
    let with_organization = |text: &str| text.replace("{organization}", &organization);
    let name = mail.full_name.as_deref().map(unlinked).unwrap_or_default();
    let greeting = match name.trim() {
        "" => wording.greeting.to_owned(),
        name => wording.greeting_by_name.replace("{name}", name),
    };
    let subject = with_organization(wording.subject);
    let invitation = with_organization(wording.invitation);
    let link = mail.link.expose_secret();
    let text = Plain {
        greeting: &greeting,
        invitation: &invitation,
        action: wording.action,
        link,
        validity: wording.validity,
        ignore: wording.ignore,
    };
    let html = Html {
        language: mail.language.code(),
        subject: &subject,
        greeting: &greeting,
        invitation: &invitation,
        action: wording.action,
        link,
        validity: wording.validity,
        ignore: wording.ignore,
    };
    let (text, html) = (text.render(), html.render());
    Ok(Rendered {
        to: mail.to.clone(),
        text: text.map_err(Error::internal)?,
        html: html.map_err(Error::internal)?,
        subject,
        link: Some(mail.link.clone()),
        threaded: None,
    })
}

#[cfg(test)]
mod tests {
    use roster_domain::{UserId, users::language::Language};

    use super::*;

    const LINK: &str = "https://roster.example.com/signup/abc?x=1&y=2";

    fn invitation(language: Language, organization: &str, full_name: Option<&str>) -> Rendered {
        let mail = Mail::Invitation(Invitation {
            user: UserId::generate(jiff::Timestamp::UNIX_EPOCH),
            to: "jean@example.com".parse().expect("an address"),
            full_name: full_name.map(str::to_owned),
            language,
            organization: organization.parse().expect("a name"),
            link: LINK.into(),
        });
        let rendered = render(&mail, None).expect("renders");
        rendered.expect("an invitation holds")
    }

    #[test]
    fn each_language_says_who_invites_where_to_go_and_how_long_the_link_works() {
        let mut subjects = std::collections::BTreeSet::new();
        for language in Language::ALL {
            let mail = invitation(language, "ACME", Some("Zoë Ångström"));
            assert!(mail.subject.contains("ACME"), "{language}");
            assert!(mail.text.contains("Zoë Ångström"), "{language}");
            assert!(mail.html.contains("Zoë Ångström"), "{language}");
            for part in [&mail.text, &mail.html] {
                assert!(part.contains("ACME"), "{language}");
                assert!(part.contains(" 7 "), "{language}: seven days");
                assert!(
                    !part.contains('{'),
                    "{language}: nothing is left to fill in"
                );
            }
            assert_eq!(
                mail.text.lines().filter(|line| *line == LINK).count(),
                1,
                "{language}: the link has a line of its own"
            );
            let tag = format!("<html lang=\"{language}\">");
            assert!(mail.html.contains(&tag), "{language}");
            let nameless = invitation(language, "ACME", None);
            assert!(!nameless.text.contains("Zoë"), "{language}");
            assert!(subjects.insert(mail.subject), "{language}");
        }
        assert_eq!(subjects.len(), 9);
    }

    #[test]
    fn html_is_escaped_and_plain_text_is_not() {
        let mail = invitation(Language::En, "A & B <b>", Some("<script>\"x\"</script>"));
        assert!(mail.text.contains("A & B <b> invites you"), "{}", mail.text);
        assert!(mail.text.contains("<script>\"x\"</script>"));
        assert!(!mail.html.contains("<script>") && !mail.html.contains("<b>"));
        let href = mail.html.split("href=\"").nth(1).expect("a link");
        let href = href.split('"').next().expect("a value");
        assert!(!href.contains("&y"), "an ampersand is escaped: {href}");
    }

    #[test]
    fn nothing_in_a_name_ends_a_line() {
        let mail = invitation(
            Language::En,
            "ACME",
            Some("Jean\r\nBcc: x@example.com\u{85}\u{2028}B\u{2029}C"),
        );
        let greeting = mail.text.lines().next().expect("a line");
        assert!(greeting.contains("Jean  Bcc"), "{greeting}");
    }

    #[test]
    fn the_link_is_the_only_one_in_any_part() {
        for name in ["https://evil.example", "www.evil.com", "mailto:a@b.c"] {
            let mail = invitation(Language::En, name, Some(name));
            let (text, html) = (mail.text.replace(LINK, ""), mail.html.replace("&#38;", "&"));
            let html = html.replace(LINK, "");
            for part in [&mail.subject, &text, &html] {
                for sign in ["://", "evil.e", "evil.c", "www.e", "mailto:a", "@", "b.c"] {
                    assert!(!part.contains(sign), "{sign}: {part}");
                }
            }
        }
    }

    #[test]
    fn what_looks_like_a_placeholder_in_a_name_stays_as_it_is() {
        let mail = invitation(
            Language::En,
            "{name} {organization}",
            Some("{organization}"),
        );
        assert!(mail.text.contains("Hello {organization},"), "{}", mail.text);
        assert_eq!(mail.subject, "{name} {organization} invites you");
    }
}
