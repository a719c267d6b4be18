//! A user's booking page.

use roster_domain::{
    text::{Address, ExternalId, Message, Name, Nickname, Title, WebOrigin, WebUrl},
    users::booking_page::{BookingPage, FixedPlace, PageSettings},
    users::language::Language,
    zone::ZoneName,
};
use roster_runtime::answer;

answer! {
    /// A booking page.
    pub(super) struct BookingPageAnswer<'a> as "BookingPage" {
        "nickname" [optional] => nickname: &'a Nickname,
        "message" [optional] => message: &'a Message,
        "custom" [optional] => custom: SettingsAnswer<'a>,
    }

    /// How a page behaves, with the defaults that `/v2/users` states.
    struct SettingsAnswer<'a> as "BookingPageSettings" {
        /// Reply to the person who books.
        "auto_message" [optional] => auto_message: &'a Message,
        /// Title of booked events.
        "auto_title" [optional] => auto_title: &'a Title,
        /// Length of an event, in minutes.
        "duration" [optional] => duration: u32,
        "fixed_lang" [optional] => fixed_lang: Language,
        "fixed_timezone" [optional] => fixed_timezone: &'a ZoneName,
        /// How many hours before an event the decline button disappears.
        "event_hide_decline" [optional] => event_hide_decline: u32,
        /// Minimum number of dates to suggest.
        "min_dates" [optional] => min_dates: u32,
        "reminder_hours" [optional] => reminder_hours: u32,
        /// Heading of the page.
        "invite_title" [optional] => invite_title: &'a Title,
        /// URL that people are sent to after booking.
        "redirect_url" [optional] => redirect_url: &'a WebUrl,
        /// Places that the page offers.
        "fixed_places" [optional] => fixed_places: Vec<PlaceAnswer<'a>>,
        /// Websites whose pages may embed the page.
        "embed_origins" [optional] => embed_origins: &'a [WebOrigin],
        /// Whether a phone number is required.
        "ask_phone" [optional] => ask_phone: bool,
        /// Whether a company name is required.
        "ask_company" [optional] => ask_company: bool,
        /// Whether the person who books is kept from adding others.
        "block_new_invitee" [optional] => block_new_invitee: bool,
        /// Whether the page is shown in `fixed_lang` only.
        "set_lang" [optional] => set_lang: bool,
        /// Whether the page reads query parameters.
        "enable_api" [optional] => enable_api: bool,
        /// Whether the page uses `fixed_timezone` only.
        "set_timezone" [optional] => set_timezone: bool,
        /// Whether places are hidden.
        "hide_places" [optional] => hide_places: bool,
        /// Whether the support button is hidden.
        "hide_support" [optional] => hide_support: bool,
        /// Whether the title is hidden.
        "hide_title" [optional] => hide_title: bool,
        /// Whether suggesting another place is forbidden.
        "forbid_add_places" [optional] => forbid_add_places: bool,
        /// Whether only one date can be suggested.
        "one_slot" [optional] => one_slot: bool,
        /// Whether bookings are confirmed automatically.
        "auto_confirm" [optional] => auto_confirm: bool,
    }

    struct PlaceAnswer<'a> {
        "name" => name: &'a Name,
        "address" [optional] => address: &'a Address,
        "source" [optional] => source: &'a Name,
        "source_id" [optional] => source_id: &'a ExternalId,
    }
}

impl<'a> BookingPageAnswer<'a> {
    pub(super) fn of(page: &'a BookingPage) -> Self {
        Self {
            nickname: page.nickname.as_ref(),
            message: page.message.as_ref(),
            custom: page.custom.as_ref().map(SettingsAnswer::of),
        }
    }
}

impl<'a> SettingsAnswer<'a> {
    fn of(page: &'a PageSettings) -> Self {
        let shown = PageSettings::shown();
        Self {
            auto_message: page.auto_message.as_ref(),
            auto_title: page.auto_title.as_ref(),
            duration: page.duration,
            fixed_lang: page.fixed_lang,
            fixed_timezone: page.fixed_timezone.as_ref(),
            event_hide_decline: page.event_hide_decline,
            min_dates: page.min_dates.or(shown.min_dates),
            reminder_hours: page.reminder_hours,
            invite_title: page.invite_title.as_ref(),
            redirect_url: page.redirect_url.as_ref(),
            fixed_places: page
                .fixed_places
                .as_ref()
                .map(|places| places.iter().map(place).collect()),
            embed_origins: page.embed_origins.as_deref(),
            ask_phone: page.ask_phone.or(shown.ask_phone),
            ask_company: page.ask_company.or(shown.ask_company),
            block_new_invitee: page.block_new_invitee.or(shown.block_new_invitee),
            set_lang: page.set_lang,
            enable_api: page.enable_api,
            set_timezone: page.set_timezone,
            hide_places: page.hide_places,
            hide_support: page.hide_support,
            hide_title: page.hide_title,
            forbid_add_places: page.forbid_add_places,
            one_slot: page.one_slot.or(shown.one_slot),
            auto_confirm: page.auto_confirm.or(shown.auto_confirm),
        }
    }
}

fn place(place: &FixedPlace) -> PlaceAnswer<'_> {
    PlaceAnswer {
        name: &place.name,
        address: place.address.as_ref(),
        source: place.source.as_ref(),
        source_id: place.source_id.as_ref(),
    }
}
