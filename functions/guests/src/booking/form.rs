//! What the form of a booking page sends.

use std::collections::{BTreeSet, HashMap};

use roster_domain::{
    bookings::event::{Guest, SuggestedPlace, ThirdParty},
    text::{Address, Email, Message, Name, Title},
    users::booking_page::FixedPlace,
};

use super::{page::Page, problem::Problem, query::Asked};

/// The input of the name of who books.
pub const NAME: &str = "name";
/// The input of their address.
pub const EMAIL: &str = "email";
/// The input of their phone number.
pub const PHONE: &str = "phone";
/// The input of their company.
pub const COMPANY: &str = "company";
/// The input of the subject.
pub const TITLE: &str = "title";
/// The input of a message.
pub const MESSAGE: &str = "message";
/// The input of the place.
pub const PLACE: &str = "place";
/// The input of a place that the page does not offer.
pub const OTHER_PLACE: &str = "other_place";
/// The input of other guests.
pub const GUESTS: &str = "guests";
/// The input that nobody sees: whoever fills it in is no person.
pub const TRAP: &str = "website";
/// The hidden input that says which form it is: each makes one booking.
pub const TOKEN: &str = "token";
/// The value of [`PLACE`] for one that the page does not offer.
pub(crate) const OTHER: &str = "other";

/// Most guests besides who books.
pub(crate) const MAX_GUESTS: usize = 10;
/// In a title: the name of who books, and of who is booked.
const INVITEE: &str = "{{invitee}}";
const ME: &str = "{{me}}";

/// What is to be booked, but for when.
#[derive(Debug)]
pub(crate) struct Entered {
    pub(crate) booker: Guest,
    pub(crate) guests: Vec<Guest>,
    pub(crate) title: Title,
    pub(crate) messages: Vec<Message>,
    pub(crate) places: Vec<SuggestedPlace>,
    pub(crate) third_party: ThirdParty,
}

/// Reads a form, and notes what is wrong with it.
struct Form<'a> {
    fields: &'a HashMap<String, String>,
    page: &'a Page,
    asked: &'a Asked,
    problems: Vec<Problem>,
}

impl Entered {
    /// Reads what a page's form sent.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(crate) fn read(
        fields: &HashMap<String, String>,
        page: &Page,
        asked: &Asked,
    ) -> Result<Self, Vec<Problem>> {
        let mut form = Form {
            fields,
            page,
            asked,
            problems: Vec::new(),
        };
        let read = form.read();
        read.filter(|_| form.problems.is_empty())
            .ok_or(form.problems)
    }
}

impl Form<'_> {
    fn read(&mut self) -> Option<Entered> {
        let name = self.line::<Name>(NAME, Problem::NameInvalid);
        if self.text(NAME).is_empty() {
            self.problems.push(Problem::NameMissing);
        }
        let email: Option<Email> = self.text(EMAIL).parse().ok();
        if email.is_none() {
            self.problems.push(Problem::EmailWrong);
        }
        let phone = self.asked_for(
            PHONE,
            |page| page.is(|own| own.ask_phone),
            [Problem::PhoneMissing, Problem::PhoneInvalid],
        );
        let company = self.asked_for(
            COMPANY,
            |page| page.is(|own| own.ask_company),
            [Problem::CompanyMissing, Problem::CompanyInvalid],
        );
        let messages = self.messages();
        let places = self.places();
        let (name, email) = (name?, email?);
        let guests = self.guests(&email);
        let title = self.title(&name)?;
        let full_name = match company {
            Some(company) => format!("{name} ({company})"),
            None => name.to_string(),
        };
        Some(Entered {
            booker: Guest {
                email,
                full_name: full_name.parse().ok(),
                phone,
                required: false,
            },
            guests,
            title,
            messages,
            places,
            third_party: ThirdParty {
                app: self.asked.filled_in("aid").parse().ok(),
                group_ids: self
                    .asked
                    .filled_in("agid")
                    .parse()
                    .ok()
                    .into_iter()
                    .collect(),
                ..ThirdParty::default()
            },
        })
    }

    fn text(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |text| text.trim())
    }

    /// One line; none where nothing was entered.
    fn line<T: std::str::FromStr>(&mut self, name: &str, invalid: Problem) -> Option<T> {
        if self.text(name).is_empty() {
            return None;
        }
        let read = self.text(name).parse().ok();
        if read.is_none() {
            self.problems.push(invalid);
        }
        read
    }

    /// A line that must be there where the page asks for it, and is not read where not.
    fn asked_for(
        &mut self,
        name: &str,
        is_asked: impl FnOnce(&Page) -> bool,
        [missing, invalid]: [Problem; 2],
    ) -> Option<Name> {
        if !is_asked(self.page) {
            return None;
        }
        if self.text(name).is_empty() {
            self.problems.push(missing);
        }
        self.line(name, invalid)
    }

    fn messages(&mut self) -> Vec<Message> {
        // A browser sends every line break of a text as these two (HTML, 4.10.22.4).
        let text = self.text(MESSAGE).replace("\r\n", "\n");
        if text.is_empty() {
            return Vec::new();
        }
        let message = text.parse().ok();
        if message.is_none() {
            self.problems.push(Problem::MessageInvalid);
        }
        message.into_iter().collect()
    }

    /// The place that is chosen. Where there is no choice, the one that there is.
    fn places(&mut self) -> Vec<SuggestedPlace> {
        let offered = offered_places(self.page, self.asked);
        let is_hidden = self.page.is(|own| own.hide_places);
        let may_add = may_add_places(self.page);
        if is_hidden || (!may_add && offered.len() < 2) {
            return offered.into_iter().take(1).collect();
        }
        let chosen = self.text(PLACE);
        let other: Option<Title> = match chosen {
            OTHER | "" if may_add => self.line(OTHER_PLACE, Problem::PlaceInvalid),
            _ => None,
        };
        if let Some(name) = other {
            return vec![SuggestedPlace {
                name,
                address: None,
                source: None,
                source_id: None,
            }];
        }
        let index: Option<usize> = self.text(PLACE).parse().ok();
        let place = index.and_then(|index| offered.get(index).cloned());
        if place.is_none() && !offered.is_empty() {
            self.problems.push(Problem::PlaceMissing);
        }
        place.into_iter().collect()
    }

    /// Others who are invited, each once.
    fn guests(&mut self, booker: &Email) -> Vec<Guest> {
        if self.page.is(|own| own.block_new_invitee) {
            return Vec::new();
        }
        let mut seen = BTreeSet::from([booker.folded()]);
        let text = self.text(GUESTS);
        let parts = text.split([',', ';', '\r', '\n', ' ']);
        let read = parts.filter(|part| !part.is_empty()).map(|part| {
            let email: Email = part.parse().ok()?;
            let is_new = seen.insert(email.folded());
            is_new.then_some(Guest {
                email,
                full_name: None,
                phone: None,
                required: false,
            })
        });
        let guests: Option<Vec<Guest>> = read.collect();
        match guests {
            Some(guests) if guests.len() <= MAX_GUESTS => guests,
            _ => {
                self.problems.push(Problem::GuestsWrong);
                Vec::new()
            }
        }
    }

    /// What the guest calls it; else what the page's owner does, or the address; else who
    /// meets whom.
    fn title(&mut self, invitee: &Name) -> Option<Title> {
        let entered = if self.page.is(|own| own.hide_title) {
            None
        } else {
            self.line::<Title>(TITLE, Problem::TitleInvalid)
        };
        if let Some(entered) = entered {
            return Some(entered);
        }
        let own = self.page.settings.auto_title.as_ref().map(Title::as_str);
        let filled_in = Some(self.asked.filled_in("et")).filter(|text| !text.is_empty());
        let pattern = filled_in.or(own);
        let title = titled(pattern, invitee.as_str(), &self.page.name);
        let title = title.or_else(|| titled(None, invitee.as_str(), &self.page.name));
        title.or_else(|| invitee.as_str().parse().ok())
    }
}

/// A title, with the names in it.
pub(crate) fn titled(pattern: Option<&str>, invitee: &str, me: &str) -> Option<Title> {
    let pattern = pattern.unwrap_or("{{invitee}} – {{me}}");
    // Names are put in at once: one that looks like a placeholder stays what it is.
    let parts = pattern.split(INVITEE);
    let parts = parts.map(|part| part.replace(ME, me));
    let parts: Vec<_> = parts.collect();
    parts.join(invitee).parse().ok()
}

/// The places that the page offers, or the address in their stead.
pub(crate) fn offered_places(page: &Page, asked: &Asked) -> Vec<SuggestedPlace> {
    let of_address: Vec<_> = asked
        .filled_in("places")
        .split("||")
        .filter_map(|place| {
            let (name, address) = place.split_once('|').unwrap_or((place, ""));
            let address: Option<Address> = address.parse().ok();
            Some(SuggestedPlace {
                name: name.parse().ok()?,
                address: address.filter(|address| !address.as_str().is_empty()),
                source: None,
                source_id: None,
            })
        })
        .take(roster_domain::bookings::event::MAX_PARTS)
        .collect();
    if !of_address.is_empty() {
        return of_address;
    }
    let suggested = |place: &FixedPlace| {
        Some(SuggestedPlace {
            name: place.name.as_str().parse().ok()?,
            address: place.address.clone(),
            source: place.source.clone(),
            source_id: place.source_id.clone(),
        })
    };
    page.places().iter().filter_map(suggested).collect()
}

/// Whether a guest may suggest a place that the page does not offer. Who meets a team goes
/// by the team.
pub(crate) fn may_add_places(page: &Page) -> bool {
    !page.is(|own| own.hide_places) && !page.is(|own| own.forbid_add_places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_names_both_and_a_name_is_no_placeholder() {
        let of = |pattern, invitee, me| {
            let title = titled(pattern, invitee, me);
            title.map(|title| title.to_string())
        };
        assert_eq!(of(None, "Ann", "Bob").as_deref(), Some("Ann – Bob"));
        let own = Some("{{me}} meets {{invitee}}");
        assert_eq!(of(own, "Ann", "Bob").as_deref(), Some("Bob meets Ann"));
        assert_eq!(
            of(own, "{{me}}", "Bob").as_deref(),
            Some("Bob meets {{me}}")
        );
        assert_eq!(of(Some(" "), "Ann", "Bob"), None);
    }
}
