//! Whether an event takes its owner's time.

use calcard::icalendar::{
    ICalendarComponent, ICalendarParameterName, ICalendarParameterValue,
    ICalendarParticipationStatus, ICalendarProperty, ICalendarStatus, ICalendarTransparency,
};

use crate::text;

/// What an event says of the time that it takes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Standing {
    is_cancelled: bool,
    /// Shown as free.
    is_free: bool,
    is_tentative: bool,
    /// What those who are invited have said, by address in lower case.
    answers: Vec<(String, Answer)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Declined,
    Open,
}

impl Standing {
    pub(crate) fn read(component: &ICalendarComponent) -> Self {
        // Outlook's own word, which says more than `TRANSP` can.
        let shown = text::other(component, "X-MICROSOFT-CDO-BUSYSTATUS");
        let is_shown = |wanted: &[&str]| {
            let is = |wanted: &&str| shown.is_some_and(|it| it.eq_ignore_ascii_case(wanted));
            wanted.iter().any(is)
        };
        let is_transparent = component.transparency() == Some(&ICalendarTransparency::Transparent);
        let status = component.status();
        let attendees = text::values(component, &ICalendarProperty::Attendee);
        let answers = attendees.filter_map(|(entry, _)| {
            let address = entry.calendar_address()?.trim().to_lowercase();
            let answer = match entry.parameter(&ICalendarParameterName::Partstat) {
                Some(ICalendarParameterValue::Partstat(said)) => match said {
                    ICalendarParticipationStatus::Declined
                    | ICalendarParticipationStatus::Delegated => Answer::Declined,
                    ICalendarParticipationStatus::Tentative
                    | ICalendarParticipationStatus::NeedsAction => Answer::Open,
                    _ => return None,
                },
                // Who has not answered (RFC 5545, 3.2.12).
                None => Answer::Open,
                Some(_) => return None,
            };
            Some((address, answer))
        });
        Self {
            is_cancelled: status == Some(&ICalendarStatus::Cancelled),
            is_free: is_transparent || is_shown(&["FREE", "WORKINGELSEWHERE"]),
            is_tentative: status == Some(&ICalendarStatus::Tentative) || is_shown(&["TENTATIVE"]),
            answers: answers.collect(),
        }
    }

    /// Whether it takes the time of who has these addresses: none where it does not, and
    /// whether it is tentative where it does. What is shown as free does where that counts.
    pub(crate) fn of(&self, addresses: &[String], free_counts: bool) -> Option<bool> {
        let answers = self.answers.iter();
        let mut own = answers.filter(|(address, _)| addresses.contains(address));
        let answer = own.next().map(|(_, answer)| *answer);
        let is_free = self.is_cancelled || (self.is_free && !free_counts);
        let takes = !is_free && answer != Some(Answer::Declined);
        takes.then_some(self.is_tentative || answer == Some(Answer::Open))
    }
}
