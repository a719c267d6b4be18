//! What the sign-up pages say, one file a language.

mod da;
mod de;
mod en;
mod es;
mod fr;
mod it;
mod nl;
mod pt;
mod sv;

use roster_domain::users::language::{ByLanguage, Language};

/// The texts of the sign-up pages in one language. None has a place for a name
/// in it: names stand on lines of their own, where no grammar depends on them.
#[derive(Debug)]
#[cfg_attr(test, derive(serde::Serialize))]
pub(crate) struct Texts {
    pub(crate) form_title: &'static str,
    pub(crate) form_intro: &'static str,
    pub(crate) login_name: &'static str,
    pub(crate) login_name_hint: &'static str,
    pub(crate) first_name: &'static str,
    pub(crate) last_name: &'static str,
    pub(crate) password: &'static str,
    pub(crate) password_hint: &'static str,
    pub(crate) password_confirmation: &'static str,
    pub(crate) submit: &'static str,
    pub(crate) first_name_missing: &'static str,
    pub(crate) first_name_invalid: &'static str,
    pub(crate) last_name_missing: &'static str,
    pub(crate) last_name_invalid: &'static str,
    pub(crate) password_length: &'static str,
    pub(crate) password_invalid: &'static str,
    pub(crate) passwords_differ: &'static str,
    pub(crate) login_name_taken: &'static str,
    pub(crate) finished_title: &'static str,
    /// Introduces the login name on the line after it.
    pub(crate) finished_text: &'static str,
    pub(crate) dead_link_reasons: &'static str,
    pub(crate) dead_link_advice: &'static str,
}

static ALL: ByLanguage<&Texts> = ByLanguage::new([
    &da::TEXTS,
    &de::TEXTS,
    &en::TEXTS,
    &es::TEXTS,
    &fr::TEXTS,
    &it::TEXTS,
    &nl::TEXTS,
    &pt::TEXTS,
    &sv::TEXTS,
]);

/// The texts in a language.
pub(crate) fn texts(language: Language) -> &'static Texts {
    ALL.of(language)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use roster_pages::{accept_language::LANGUAGES, check};

    fn all(language: Language) -> BTreeMap<String, String> {
        let json = serde_json::to_value(texts(language)).expect("strings");
        serde_json::from_value(json).expect("strings")
    }

    #[test]
    fn every_language_has_every_text_typeset_and_it_is_not_english() {
        check::texts(all, &[(Language::It, "password")]);
    }

    #[test]
    fn numbers_are_the_same_in_every_language() {
        for language in LANGUAGES {
            let texts = texts(language);
            for text in [texts.password_hint, texts.password_length] {
                assert!(text.contains("8 ") && text.contains("128 "), "{text}");
            }
            for text in [texts.first_name_invalid, texts.last_name_invalid] {
                assert!(text.contains("100 "), "{text}");
            }
            assert!(texts.dead_link_reasons.contains("7 "), "{language}");
        }
    }
}
