//! What booking pages say, one file a language.

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

/// The texts of the pages in one language. None has a place for a name or a number in it:
/// they stand behind a text or on a line of their own, where no grammar depends on them.
#[derive(Debug)]
#[cfg_attr(test, derive(serde::Serialize))]
pub(crate) struct Texts {
    /// Heads a page whose owner has no words of their own.
    pub(crate) title: &'static str,
    /// Before a number of minutes.
    pub(crate) length_label: &'static str,
    pub(crate) zone_label: &'static str,
    pub(crate) zone_submit: &'static str,
    /// Before the number of times that a guest has to choose at least.
    pub(crate) least_label: &'static str,
    /// Before the times that were chosen on other days.
    pub(crate) chosen_label: &'static str,
    pub(crate) choose_times: &'static str,
    pub(crate) choose_time: &'static str,
    pub(crate) no_times: &'static str,
    /// Before a time.
    pub(crate) next_time: &'static str,
    pub(crate) continue_submit: &'static str,
    pub(crate) more_submit: &'static str,
    /// What the links to other days are to a screen reader.
    pub(crate) days_label: &'static str,
    pub(crate) earlier: &'static str,
    pub(crate) later: &'static str,
    pub(crate) help: &'static str,
    pub(crate) when_label: &'static str,
    /// Before a time of day.
    pub(crate) held_label: &'static str,
    pub(crate) back_submit: &'static str,
    pub(crate) details_title: &'static str,
    pub(crate) name_label: &'static str,
    pub(crate) email_label: &'static str,
    pub(crate) phone_label: &'static str,
    pub(crate) company_label: &'static str,
    pub(crate) title_label: &'static str,
    pub(crate) message_label: &'static str,
    pub(crate) guests_label: &'static str,
    pub(crate) guests_hint: &'static str,
    pub(crate) optional: &'static str,
    pub(crate) place_label: &'static str,
    pub(crate) other_place: &'static str,
    pub(crate) other_place_label: &'static str,
    /// Nobody sees it.
    pub(crate) trap_label: &'static str,
    pub(crate) book_submit: &'static str,
    /// Said to somebody who is not led to the event's page.
    pub(crate) booked_text: &'static str,
    /// A link to the event's page.
    pub(crate) see_booking: &'static str,
    /// Said where there is no page.
    pub(crate) no_page_reasons: &'static str,
    pub(crate) no_page_advice: &'static str,
    /// What is wrong with what was chosen or entered.
    pub(crate) too_few_times: &'static str,
    pub(crate) time_taken: &'static str,
    pub(crate) hold_ended: &'static str,
    pub(crate) too_often: &'static str,
    pub(crate) too_fast: &'static str,
    pub(crate) changed: &'static str,
    pub(crate) name_missing: &'static str,
    pub(crate) email_wrong: &'static str,
    pub(crate) phone_missing: &'static str,
    pub(crate) company_missing: &'static str,
    pub(crate) place_missing: &'static str,
    pub(crate) guests_wrong: &'static str,
    pub(crate) line_invalid: &'static str,
    pub(crate) message_invalid: &'static str,
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
    use roster_pages::{accept_language::LANGUAGES, check};

    use super::*;

    fn all(language: Language) -> check::Named {
        let json = serde_json::to_value(texts(language)).expect("strings");
        serde_json::from_value(json).expect("strings")
    }

    #[test]
    fn every_language_has_every_text_typeset_and_it_is_not_english() {
        check::texts(all, &[]);
    }

    #[test]
    fn numbers_are_the_same_in_every_language() {
        for language in LANGUAGES {
            let texts = texts(language);
            for (text, expected) in [
                (texts.guests_hint, "10"),
                (texts.guests_wrong, "10"),
                (texts.message_invalid, "10000"),
            ] {
                let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                assert_eq!(digits, expected, "{language}");
            }
        }
    }
}
