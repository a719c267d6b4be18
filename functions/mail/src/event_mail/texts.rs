//! What mails about events say, one file a language.

mod da;
mod de;
mod en;
mod es;
mod fr;
mod it;
mod nl;
mod pt;
mod sv;

use roster_domain::{
    bookings::event::{Event, News},
    mail::EventNotice,
    users::language::{ByLanguage, Language},
};

/// The texts in one language. None has a place for a name or a date in it: they stand
/// behind a text or on a line of their own, where no grammar depends on them.
#[derive(Debug)]
#[cfg_attr(test, derive(serde::Serialize))]
pub(crate) struct Texts {
    /// What the mail is about.
    pub(crate) invited: &'static str,
    /// To who holds it.
    pub(crate) booked: &'static str,
    /// To who booked it.
    pub(crate) you_booked: &'static str,
    pub(crate) confirmed: &'static str,
    pub(crate) moved: &'static str,
    pub(crate) undecided: &'static str,
    pub(crate) changed: &'static str,
    pub(crate) cancelled: &'static str,
    pub(crate) removed: &'static str,
    pub(crate) message: &'static str,
    pub(crate) suggested: &'static str,
    pub(crate) declined: &'static str,
    pub(crate) accepted: &'static str,
    pub(crate) voted: &'static str,
    pub(crate) vote_noted: &'static str,
    pub(crate) reminder: &'static str,
    /// Before the date, the place, who holds it, and who else takes part.
    pub(crate) when: &'static str,
    pub(crate) place: &'static str,
    pub(crate) organizer: &'static str,
    pub(crate) guests: &'static str,
    /// In place of a date.
    pub(crate) no_date: &'static str,
    /// Before the dates that there are.
    pub(crate) dates: &'static str,
    /// On the link to the event's page.
    pub(crate) open: &'static str,
    /// Why somebody gets the mail.
    pub(crate) why: &'static str,
    pub(crate) why_admin: &'static str,
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

impl Texts {
    /// The texts in a language.
    pub(crate) fn of(language: Language) -> &'static Self {
        ALL.of(language)
    }

    /// What is told, to who holds the event, who booked it, or another guest.
    pub(crate) fn heading(&self, event: &Event, notice: &EventNotice) -> &'static str {
        let is_for_holder = notice.to.is_assigned || notice.as_admin;
        match notice.news {
            News::Cancelled => self.cancelled,
            News::Removed => self.removed,
            News::Invited if is_for_holder && event.is_booked() => self.booked,
            News::Invited if notice.to.is_booker => self.you_booked,
            News::Invited => self.invited,
            News::Confirmed => self.confirmed,
            News::Moved => self.moved,
            News::Undecided => self.undecided,
            News::Changed => self.changed,
            News::Message => self.message,
            News::Suggested => self.suggested,
            News::Declined => self.declined,
            News::Accepted => self.accepted,
            News::Voted => self.voted,
            News::VoteNoted => self.vote_noted,
            News::Reminder => self.reminder,
        }
    }
}

#[cfg(test)]
mod tests {
    use roster_pages::check;

    use super::*;

    fn all(language: Language) -> check::Named {
        let json = serde_json::to_value(Texts::of(language)).expect("strings");
        serde_json::from_value(json).expect("strings")
    }

    #[test]
    fn every_language_has_every_text_typeset_and_it_is_not_english() {
        check::texts(all, &[]);
    }
}
