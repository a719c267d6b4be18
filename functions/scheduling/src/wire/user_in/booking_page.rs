//! `vyteme` in a body (`/v2/users`).

use roster_domain::{
    Patch,
    team::MAX_REMINDER_HOURS,
    text::{Address, ExternalId, Message, Name, Nickname, Title, WebOrigin, WebUrl},
    users::{
        booking_page::{
            BookingPageChange, FixedPlace, MAX_EMBED_ORIGINS, MAX_FIXED_PLACES, PageSettingsChange,
        },
        language::{Language, SchedulingLanguage},
    },
    zone::ZoneName,
};
use roster_runtime::{
    body,
    json::read::{Node, Object},
    wire::members::{
        ListOf, Member, Nullable, NullableEitherName, Patched, Readable, Required, Whole,
    },
};
use serde_json::Value;

use super::super::Adress;

/// Most hours of `event_hide_decline`: a year.
const MAX_HOURS: u32 = 8_760;

body! {
    /// Reads a booking page.
    pub struct BookingPageBody for BookingPageChange as "BookingPageBody",
        "The user's booking page. Fields that are absent do not change. Null clears a field."
    {
        "nickname" => nickname: Patched<Nickname>,
        /// Text on the page.
        "message" => message: Patched<Message>,
        "custom" => custom: Patched<SettingsBody>,
    }

    /// Reads how the page behaves.
    pub struct SettingsBody for PageSettingsChange as "BookingPageSettingsBody" {
        /// Reply to the person who books.
        "auto_message" => auto_message: Patched<Message>,
        /// Title of booked events.
        "auto_title" => auto_title: Patched<Title>,
        /// Length of an event, in minutes.
        "duration" => duration: Patched<Whole<1, 1_440>>,
        "fixed_lang" => fixed_lang: Patched<PageLanguage>,
        "fixed_timezone" => fixed_timezone: Patched<ZoneName>,
        /// How many hours before an event the decline button disappears. False: not set. True: 0.
        "event_hide_decline" => event_hide_decline: DeclineHours,
        /// Minimum number of dates to suggest.
        "min_dates" => min_dates: Patched<Whole<1, 100>>,
        /// How many hours before it starts people are reminded of an event of the page.
        /// Default: no reminder.
        "reminder_hours" => reminder_hours: Patched<Whole<1, MAX_REMINDER_HOURS>>,
        /// Heading of the page.
        "invite_title" => invite_title: Patched<Title>,
        /// URL that people are sent to after booking.
        "redirect_url" => redirect_url: Patched<WebUrl>,
        /// Places that the page offers.
        "fixed_places" => fixed_places: Patched<ListOf<PlaceBody, MAX_FIXED_PLACES>>,
        /// Websites whose pages may embed the page.
        "embed_origins" => embed_origins: Patched<ListOf<WebOrigin, MAX_EMBED_ORIGINS>>,
        /// Whether a phone number is required.
        "ask_phone" => ask_phone: Patched<bool>,
        /// Whether a company name is required.
        "ask_company" => ask_company: Patched<bool>,
        /// Whether the person who books is kept from adding others.
        "block_new_invitee" => block_new_invitee: Patched<bool>,
        /// Whether the page is shown in `fixed_lang` only.
        "set_lang" => set_lang: Patched<bool>,
        /// Whether the page reads query parameters.
        "enable_api" => enable_api: Patched<bool>,
        /// Whether the page uses `fixed_timezone` only.
        "set_timezone" => set_timezone: Patched<bool>,
        /// Whether places are hidden.
        "hide_places" => hide_places: Patched<bool>,
        /// Whether the support button is hidden.
        "hide_support" => hide_support: Patched<bool>,
        /// Whether the title is hidden.
        "hide_title" => hide_title: Patched<bool>,
        /// Whether suggesting another place is forbidden.
        "forbid_add_places" => forbid_add_places: Patched<bool>,
        /// Whether only one date can be suggested.
        "one_slot" => one_slot: Patched<bool>,
        /// Whether bookings are confirmed automatically.
        "auto_confirm" => auto_confirm: Patched<bool>,
    }

    /// Reads a place that the page offers.
    struct PlaceBody for FixedPlace {
        "name" => name: Required<Name>,
        "address" => address: NullableEitherName<Address, Adress>,
        /// The system that the place is from.
        "source" => source: Nullable<Name>,
        /// The place's ID in that system.
        "source_id" => source_id: Nullable<ExternalId>,
    }
}

/// The language of a page: one of those that `/v2` can choose.
#[derive(Debug)]
struct PageLanguage;

impl Readable for PageLanguage {
    type Read = Language;

    fn read(node: Node<'_>) -> Option<Language> {
        let SchedulingLanguage(language) = Node::read(&node)?;
        Some(language)
    }
}

/// A boolean in the older edition of `/v2/users`, hours in the newer one: false is
/// "not set", true is "from the start of the event on".
#[derive(Debug)]
struct DeclineHours;

impl Member for DeclineHours {
    type Read = Patch<u32>;
    type Value = Patch<u32>;

    fn read(object: &Object<'_>, name: &'static str) -> Patch<u32> {
        let hours = object.patch_with(name, |node| match node.value {
            Value::Bool(set) => Some(set.then_some(0)),
            Value::String(text) if text == "true" || text == "false" => {
                Some((text == "true").then_some(0))
            }
            _ => node.integer(&(0..=MAX_HOURS)).map(Some),
        });
        match hours {
            Patch::Set(Some(hours)) => Patch::Set(hours),
            Patch::Set(None) | Patch::Clear => Patch::Clear,
            Patch::Keep => Patch::Keep,
        }
    }

    fn value(read: Patch<u32>) -> Option<Patch<u32>> {
        Some(read)
    }
}

#[cfg(feature = "schema")]
mod schema {
    use roster_runtime::schema::{Field, MemberFields, Part, Taken, any_of, clearable, whole};

    use super::{DeclineHours, MAX_HOURS, PageLanguage, SchedulingLanguage};

    impl Taken for PageLanguage {
        fn taken() -> Part {
            SchedulingLanguage::taken()
        }
    }

    impl MemberFields for DeclineHours {
        fn fields(name: &'static str) -> Vec<Field> {
            let hours = any_of([bool::taken(), whole(0..=MAX_HOURS)]);
            vec![clearable(name, hours)]
        }
    }
}
