//! A user's booking page (`vyteme`, `/v2/users`).

use serde::{Deserialize, Serialize};

use crate::{
    patch::{Patch, settings},
    text::{Address, ExternalId, Message, Name, Nickname, Title, WebOrigin, WebUrl},
    users::language::Language,
    zone::ZoneName,
};

/// Most places a page can offer.
pub const MAX_FIXED_PLACES: usize = 50;
/// Most websites that can have a page in them.
pub const MAX_EMBED_ORIGINS: usize = 20;

/// A place that a page offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedPlace {
    /// Name of the place.
    pub name: Name,
    /// Where it is: a postal address, a phone number, a URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// The system that the place comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Name>,
    /// The place's id in that system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_id: Option<ExternalId>,
}

settings! {
    /// `vyteme.custom`: how the page behaves. Serialized under `/v2/users`'s names.
    pub struct PageSettings changed by PageSettingsChange {
        /// Answer that a person who books receives.
        auto_message: Message,
        /// Title that a booked event gets.
        auto_title: Title,
        /// Whether a phone number must be given.
        ask_phone: bool,
        /// Whether a company's name must be given.
        ask_company: bool,
        /// Whether a person who booked may not add others.
        block_new_invitee: bool,
        /// Length of an event, in minutes; 1 to 1,440.
        duration: u32,
        /// Whether bookings are taken in one language only.
        set_lang: bool,
        /// Whether the page reads variables of the API.
        enable_api: bool,
        /// That language; one of `/v2/users`'s eight.
        fixed_lang: Language,
        /// Whether bookings are taken in one time zone only.
        set_timezone: bool,
        /// That zone.
        fixed_timezone: ZoneName,
        /// Hours before an event at which its decline button disappears; 0 to
        /// 8,760.
        event_hide_decline: u32,
        /// Whether places are hidden.
        hide_places: bool,
        /// Whether the support button is hidden.
        hide_support: bool,
        /// Whether the title is hidden.
        hide_title: bool,
        /// Whether no other place may be suggested.
        forbid_add_places: bool,
        /// Fewest dates that a booking must suggest; 1 to 100.
        min_dates: u32,
        /// How many hours before an event of the page those who take part are reminded of
        /// it.
        reminder_hours: u32,
        /// Whether only one date may be suggested.
        one_slot: bool,
        /// Whether a booking is confirmed at once.
        auto_confirm: bool,
        /// Wording above the page.
        invite_title: Title,
        /// Where people go after booking.
        redirect_url: WebUrl,
        /// Places that the page offers.
        fixed_places: Vec<FixedPlace>,
        /// The websites whose pages may have the page in them.
        embed_origins: Vec<WebOrigin>,
    }
}

impl PageSettings {
    /// The defaults that `/v2/users` states. Answers show them for what is not set.
    #[must_use]
    pub fn shown() -> Self {
        Self {
            ask_phone: Some(false),
            ask_company: Some(false),
            block_new_invitee: Some(false),
            min_dates: Some(1),
            one_slot: Some(false),
            auto_confirm: Some(false),
            ..Self::default()
        }
    }
}

/// A user's booking page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BookingPage {
    /// Last part of the page's address; unique in the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nickname: Option<Nickname>,
    /// Text on the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
    /// How the page behaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom: Option<PageSettings>,
}

/// A change to [`BookingPage`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BookingPageChange {
    /// Last part of the page's address.
    pub nickname: Patch<Nickname>,
    /// Text on the page.
    pub message: Patch<Message>,
    /// Changes setting by setting.
    pub custom: Patch<PageSettingsChange>,
}

impl BookingPageChange {
    /// Makes the change.
    pub fn apply(self, to: &mut BookingPage) {
        self.nickname.apply(&mut to.nickname);
        self.message.apply(&mut to.message);
        match self.custom {
            Patch::Keep => {}
            Patch::Clear => to.custom = None,
            Patch::Set(change) => {
                change.apply_over(&PageSettings::shown(), to.custom.get_or_insert_default());
            }
        }
    }
}
