//! The form for what was chosen: who books, where, and what it is about.

use std::collections::HashMap;

use askama::Template;
use lambda_http::http::StatusCode;
use roster_domain::{users::language::Language, zone::ZoneName};
use roster_pages::{STYLE, dates};
use roster_runtime::Reply;

use super::{Chosen, EMBEDDED, Head, helps, reply};
use crate::booking::{
    ACTION, BACK, BOOK,
    form::{
        self, COMPANY, EMAIL, GUESTS, MESSAGE, NAME, OTHER, OTHER_PLACE, PHONE, PLACE, TITLE,
        TOKEN, TRAP,
    },
    page::{Owner, Page},
    problem::Problem,
    query::Asked,
};

/// The form, and how it is shown.
pub(in crate::booking) struct Shown<'a> {
    pub(in crate::booking) page: &'a Page,
    pub(in crate::booking) asked: &'a Asked,
    pub(in crate::booking) language: Language,
    pub(in crate::booking) problems: &'a [Problem],
    pub(in crate::booking) entered: Option<&'a HashMap<String, String>>,
    pub(in crate::booking) token: &'a str,
}

/// An input.
struct Input {
    name: &'static str,
    label: &'static str,
    hint: Option<&'static str>,
    /// Its attributes that are always the same, as HTML.
    attributes: &'static str,
    is_long: bool,
    value: String,
    problems: Vec<&'static str>,
}

impl Input {
    /// The ids of what a screen reader reads with it.
    fn described_by(&self) -> String {
        let hint = self.hint.map(|_| format!("{}-hint", self.name));
        let problem = (!self.problems.is_empty()).then(|| format!("{}-problem", self.name));
        let ids: Vec<_> = hint.into_iter().chain(problem).collect();
        ids.join(" ")
    }
}

#[derive(Template)]
#[template(path = "details.html")]
struct DetailsPage<'a> {
    language: Language,
    head: Head<'a>,
    when: Vec<String>,
    zone: &'a ZoneName,
    until: Option<String>,
    inputs: Vec<Input>,
    more: Vec<Input>,
    places: Vec<(String, Option<String>)>,
    place: String,
    other_place: Option<Input>,
    place_problems: Vec<&'static str>,
    token: &'a str,
    helps: bool,
}

/// The form for what was chosen.
pub(in crate::booking) fn form(shown: &Shown<'_>, chosen: &Chosen, status: StatusCode) -> Reply {
    let Shown {
        page,
        asked,
        language,
        problems,
        ..
    } = *shown;
    let utc = ZoneName::utc();
    let zone = asked.zone.as_ref().or(page.zone.as_ref()).unwrap_or(&utc);
    let rules = zone.rules();
    let spans = chosen.spans(page.minutes).into_iter();
    let when = spans.map(|span| dates::span(&span, false, &rules, language));
    let until = match chosen {
        Chosen::Held(hold) => {
            let until = hold.until.to_zoned(rules.clone()).time();
            Some(dates::time(until, language))
        }
        Chosen::Suggested(_) => None,
    };
    let head = Head::of(page, asked, language, problems);
    let offered = form::offered_places(page, asked);
    let may_add = form::may_add_places(page) && matches!(page.owner, Owner::User(_));
    let hides = page.is(|own| own.hide_places);
    let is_choice = !hides && (may_add || offered.len() > 1);
    let places = offered.iter().filter(|_| !hides).map(|place| {
        let address = place.address.as_ref().map(ToString::to_string);
        (place.name.to_string(), address)
    });
    let other = is_choice && may_add;
    let body = roster_pages::render(&DetailsPage {
        language,
        when: when.collect(),
        zone,
        until,
        inputs: shown.inputs(&head),
        more: shown.more(&head),
        places: places.filter(|_| !offered.is_empty()).collect(),
        place: shown.value(PLACE, "0"),
        place_problems: head.about(PLACE),
        other_place: other.then(|| Input {
            name: OTHER_PLACE,
            label: head.texts.other_place_label,
            hint: Some(head.texts.optional),
            attributes: r#"type="text" maxlength="100""#,
            is_long: false,
            value: shown.value(OTHER_PLACE, ""),
            problems: Vec::new(),
        }),
        token: shown.token,
        helps: helps(page),
        head,
    });
    reply(page, asked, status, language, body)
}

impl Shown<'_> {
    /// What was entered; else what the address fills in.
    fn value(&self, name: &str, filled_in: &str) -> String {
        let entered = self.entered.map(|fields| fields.get(name));
        match entered {
            Some(entered) => entered.cloned().unwrap_or_default(),
            None => filled_in.to_owned(),
        }
    }

    fn input(
        &self,
        head: &Head<'_>,
        (name, label): (&'static str, &'static str),
        attributes: &'static str,
        filled_in: &str,
    ) -> Input {
        Input {
            name,
            label,
            hint: None,
            attributes,
            is_long: false,
            value: self.value(name, filled_in),
            problems: head.about(name),
        }
    }

    /// Who books.
    fn inputs(&self, head: &Head<'_>) -> Vec<Input> {
        let (texts, asked) = (head.texts, self.asked);
        let mut inputs = vec![
            self.input(
                head,
                (NAME, texts.name_label),
                r#"type="text" required maxlength="100" autocomplete="name""#,
                asked.filled_in("cn"),
            ),
            self.input(
                head,
                (EMAIL, texts.email_label),
                r#"type="email" required maxlength="254" autocomplete="email""#,
                asked.filled_in("cm"),
            ),
        ];
        if self.page.is(|own| own.ask_phone) {
            inputs.push(self.input(
                head,
                (PHONE, texts.phone_label),
                r#"type="tel" required maxlength="100" autocomplete="tel""#,
                asked.filled_in("cp"),
            ));
        }
        if self.page.is(|own| own.ask_company) {
            inputs.push(self.input(
                head,
                (COMPANY, texts.company_label),
                r#"type="text" required maxlength="100" autocomplete="organization""#,
                asked.filled_in("cc"),
            ));
        }
        inputs
    }

    /// What it is about, and who else comes.
    fn more(&self, head: &Head<'_>) -> Vec<Input> {
        let (texts, page) = (head.texts, self.page);
        let mut inputs = Vec::new();
        if !page.is(|own| own.hide_title) {
            inputs.push(Input {
                hint: Some(texts.optional),
                ..self.input(
                    head,
                    (TITLE, texts.title_label),
                    r#"type="text" maxlength="200""#,
                    "",
                )
            });
        }
        let message = self.asked.message().map(|message| message.to_string());
        inputs.push(Input {
            hint: Some(texts.optional),
            is_long: true,
            ..self.input(
                head,
                (MESSAGE, texts.message_label),
                r#"maxlength="10000""#,
                &message.unwrap_or_default(),
            )
        });
        if !page.is(|own| own.block_new_invitee) {
            inputs.push(Input {
                hint: Some(texts.guests_hint),
                is_long: true,
                ..self.input(head, (GUESTS, texts.guests_label), "", "")
            });
        }
        inputs
    }
}
