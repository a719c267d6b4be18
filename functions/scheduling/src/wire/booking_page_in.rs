//! `vyteme` in a body (`/v2/users`).

use roster_domain::{
    Patch,
    text::Address,
    users::booking_page::{BookingPageChange, FixedPlace, MAX_FIXED_PLACES, PageSettingsChange},
    users::language::SchedulingLanguage,
};
use roster_runtime::json::read::{Node, Object};
use serde_json::Value;

/// Most hours of `event_hide_decline`: a year.
pub const MAX_HOURS: u32 = 8_760;

/// Reads a booking page.
#[must_use]
pub fn read(node: Node<'_>) -> Option<BookingPageChange> {
    let object = node.object()?;
    let change = BookingPageChange {
        nickname: object.patch("nickname"),
        message: object.patch("message"),
        custom: object.patch_with("custom", custom),
    };
    object.end();
    Some(change)
}

fn custom(node: Node<'_>) -> Option<PageSettingsChange> {
    let object = node.object()?;
    let change = PageSettingsChange {
        auto_message: object.patch("auto_message"),
        auto_title: object.patch("auto_title"),
        ask_phone: object.patch("ask_phone"),
        ask_company: object.patch("ask_company"),
        block_new_invitee: object.patch("block_new_invitee"),
        duration: object.patch_integer("duration", 1..=1_440),
        set_lang: object.patch("set_lang"),
        enable_api: object.patch("enable_api"),
        fixed_lang: object
            .patch("fixed_lang")
            .map(|SchedulingLanguage(language)| language),
        set_timezone: object.patch("set_timezone"),
        fixed_timezone: object.patch("fixed_timezone"),
        event_hide_decline: event_hide_decline(&object),
        hide_places: object.patch("hide_places"),
        hide_support: object.patch("hide_support"),
        hide_title: object.patch("hide_title"),
        forbid_add_places: object.patch("forbid_add_places"),
        min_dates: object.patch_integer("min_dates", 1..=100),
        one_slot: object.patch("one_slot"),
        auto_confirm: object.patch("auto_confirm"),
        invite_title: object.patch("invite_title"),
        redirect_url: object.patch("redirect_url"),
        fixed_places: object.patch_with("fixed_places", |node| {
            node.elements(MAX_FIXED_PLACES, place)
        }),
    };
    object.end();
    Some(change)
}

/// A boolean in the older edition of `/v2/users`, hours in the newer one: false is
/// "not set", true is "from the start of the event on".
fn event_hide_decline(object: &Object<'_>) -> Patch<u32> {
    let hours = object.patch_with("event_hide_decline", |node| match node.value {
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

fn place(node: Node<'_>) -> Option<FixedPlace> {
    let object = node.object()?;
    let name = object.required("name");
    let address = value(address(&object));
    let source = value(object.patch("source"));
    let source_id = value(object.patch("source_id"));
    object.end();
    Some(FixedPlace {
        name: name?,
        address,
        source,
        source_id,
    })
}

/// `adress` in `/v2/users`'s table, `address` in its samples: one field.
fn address(object: &Object<'_>) -> Patch<Address> {
    let address = object.patch::<Address>("address");
    let adress = object.patch::<Address>("adress");
    match (address, adress) {
        (Patch::Keep, other) | (other, Patch::Keep) => other,
        (address, adress) => {
            if address != adress {
                let pointer = format!("{}/adress", object.pointer);
                object
                    .violations()
                    .unacceptable(pointer, "must match address");
            }
            address
        }
    }
}

fn value<T>(patch: Patch<T>) -> Option<T> {
    match patch {
        Patch::Set(value) => Some(value),
        Patch::Keep | Patch::Clear => None,
    }
}
