//! What an event's page says, one file a language.

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

/// The texts of the page in one language. None has a place for a name or a number in it:
/// they stand behind a text or on a line of their own, where no grammar depends on them.
#[derive(Debug)]
#[cfg_attr(test, derive(serde::Serialize))]
pub(crate) struct Texts {
    /// Said of an event that has a date.
    pub(crate) state_confirmed: &'static str,
    /// Said of an event that has none yet.
    pub(crate) state_open: &'static str,
    pub(crate) state_cancelled: &'static str,
    pub(crate) state_over: &'static str,
    /// What the guest said before.
    pub(crate) you_come: &'static str,
    pub(crate) you_do_not_come: &'static str,
    /// Before the date, the place, and who takes part.
    pub(crate) when: &'static str,
    pub(crate) place: &'static str,
    pub(crate) organizer: &'static str,
    pub(crate) guests: &'static str,
    /// In place of a date.
    pub(crate) undecided: &'static str,
    pub(crate) zone_label: &'static str,
    pub(crate) zone_hint: &'static str,
    pub(crate) zone_submit: &'static str,
    pub(crate) dates_title: &'static str,
    pub(crate) places_title: &'static str,
    pub(crate) yes: &'static str,
    pub(crate) no: &'static str,
    /// Before a number.
    pub(crate) yes_so_far: &'static str,
    /// Before a name.
    pub(crate) suggested_by: &'static str,
    pub(crate) vote_submit: &'static str,
    pub(crate) answer_title: &'static str,
    pub(crate) accept_submit: &'static str,
    pub(crate) decline_submit: &'static str,
    pub(crate) decline_hint: &'static str,
    pub(crate) suggest_title: &'static str,
    pub(crate) suggest_hint: &'static str,
    pub(crate) start_label: &'static str,
    pub(crate) day_label: &'static str,
    pub(crate) suggest_submit: &'static str,
    pub(crate) messages_title: &'static str,
    pub(crate) message_label: &'static str,
    pub(crate) message_hint: &'static str,
    pub(crate) message_submit: &'static str,
    pub(crate) move_title: &'static str,
    pub(crate) move_hint: &'static str,
    pub(crate) move_submit: &'static str,
    pub(crate) cancel_title: &'static str,
    pub(crate) cancel_hint: &'static str,
    pub(crate) cancel_submit: &'static str,
    pub(crate) too_late: &'static str,
    /// What was done, said on the page that follows.
    pub(crate) done_vote: &'static str,
    pub(crate) done_answer: &'static str,
    pub(crate) done_suggest: &'static str,
    pub(crate) done_write: &'static str,
    pub(crate) done_move: &'static str,
    pub(crate) done_cancel: &'static str,
    pub(crate) done_zone: &'static str,
    /// What is wrong with what was entered.
    pub(crate) start_missing: &'static str,
    pub(crate) start_past: &'static str,
    pub(crate) vote_missing: &'static str,
    pub(crate) message_missing: &'static str,
    pub(crate) message_invalid: &'static str,
    pub(crate) not_free: &'static str,
    pub(crate) busy: &'static str,
    pub(crate) changed: &'static str,
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
    use roster_pages::{accept_language::LANGUAGES, check};

    use super::*;

    fn all(language: Language) -> check::Named {
        let json = serde_json::to_value(texts(language)).expect("strings");
        serde_json::from_value(json).expect("strings")
    }

    #[test]
    fn every_language_has_every_text_typeset_and_it_is_not_english() {
        use Language::{Es, Fr, It};

        let same = [
            (Es, "no"),
            (It, "no"),
            (Fr, "day_label"),
            (Fr, "messages_title"),
        ];
        check::texts(all, &same);
    }

    #[test]
    fn numbers_are_the_same_in_every_language() {
        for language in LANGUAGES {
            let digits: String = (texts(language).message_invalid.chars())
                .filter(char::is_ascii_digit)
                .collect();
            assert_eq!(digits, "10000", "{language}");
        }
    }
}
