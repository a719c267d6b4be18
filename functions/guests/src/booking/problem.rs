//! What can be wrong with what somebody enters on a booking page.

use super::texts::Texts;

/// A reason not to do what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// No time, or fewer than the owner wants.
    TooFewTimes,
    /// A time that somebody else has by now.
    TimeTaken,
    /// The time was kept for as long as it could be.
    HoldEnded,
    /// Too many were asked for.
    TooOften,
    /// The form came faster than anybody fills it in.
    TooFast,
    /// The form is not the one that was shown.
    Changed,
    /// No name.
    NameMissing,
    /// No address.
    EmailWrong,
    /// No phone number.
    PhoneMissing,
    /// No company.
    CompanyMissing,
    /// No place.
    PlaceMissing,
    /// Guests who are none.
    GuestsWrong,
    /// A name that is none.
    NameInvalid,
    /// A phone number that is none.
    PhoneInvalid,
    /// A company that is none.
    CompanyInvalid,
    /// A subject that is none.
    TitleInvalid,
    /// A message that is none.
    MessageInvalid,
    /// A place that is none.
    PlaceInvalid,
}

/// What an address can say of what was not done.
const NAMES: [(Problem, &str); 4] = [
    (Problem::TooFewTimes, "few"),
    (Problem::TimeTaken, "taken"),
    (Problem::HoldEnded, "ended"),
    (Problem::TooOften, "often"),
];

impl Problem {
    /// Its name in an address; none where no address tells of it.
    pub(crate) fn name(self) -> Option<&'static str> {
        let mut names = NAMES.iter();
        names.find(|(own, _)| *own == self).map(|(_, name)| *name)
    }

    /// The problem with a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let mut names = NAMES.iter();
        names.find(|(_, own)| *own == name).map(|(own, _)| *own)
    }

    /// The id of what it is about.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::TooFewTimes | Self::TimeTaken | Self::HoldEnded | Self::TooOften => "times",
            Self::TooFast | Self::Changed => "details",
            Self::NameMissing | Self::NameInvalid => "name",
            Self::EmailWrong => "email",
            Self::PhoneMissing | Self::PhoneInvalid => "phone",
            Self::CompanyMissing | Self::CompanyInvalid => "company",
            Self::TitleInvalid => "title",
            Self::MessageInvalid => "message",
            Self::PlaceMissing | Self::PlaceInvalid => "place",
            Self::GuestsWrong => "guests",
        }
    }

    /// What to do about it.
    pub(crate) fn message(self, texts: &Texts) -> &'static str {
        match self {
            Self::TooFewTimes => texts.too_few_times,
            Self::TimeTaken => texts.time_taken,
            Self::HoldEnded => texts.hold_ended,
            Self::TooOften => texts.too_often,
            Self::TooFast => texts.too_fast,
            Self::Changed => texts.changed,
            Self::NameMissing => texts.name_missing,
            Self::EmailWrong => texts.email_wrong,
            Self::PhoneMissing => texts.phone_missing,
            Self::CompanyMissing => texts.company_missing,
            Self::PlaceMissing => texts.place_missing,
            Self::GuestsWrong => texts.guests_wrong,
            Self::NameInvalid
            | Self::PhoneInvalid
            | Self::CompanyInvalid
            | Self::TitleInvalid
            | Self::PlaceInvalid => texts.line_invalid,
            Self::MessageInvalid => texts.message_invalid,
        }
    }
}
