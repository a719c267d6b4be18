//! The lines of a calendar and their values, as `calcard` reads them.

use std::borrow::Cow;

use calcard::{
    Entry, Parser,
    common::PartialDateTime,
    icalendar::{
        ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarMethod,
        ICalendarParameterName, ICalendarProperty, ICalendarValue,
    },
};

/// The calendars of a text.
pub(crate) struct Calendars(Vec<ICalendar>);

impl Calendars {
    /// None where the text has no calendar.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let text = decoded(bytes);
        let mut parser = Parser::new(&text);
        let mut calendars = Vec::new();
        loop {
            match parser.entry() {
                Entry::ICalendar(calendar) => calendars.push(calendar),
                Entry::Eof => break,
                // What is no line of a calendar is left out.
                _ => {}
            }
        }
        (!calendars.is_empty()).then_some(Self(calendars))
    }

    pub(crate) fn each(&self) -> impl Iterator<Item = &ICalendar> {
        self.0.iter()
    }
}

/// As text: what is no UTF-8 is of a title, which does not matter.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    let pairs = |of: fn([u8; 2]) -> u16| {
        let units = bytes.as_chunks().0.iter().map(|pair| of(*pair));
        let units: Vec<u16> = units.skip(1).collect();
        Cow::Owned(String::from_utf16_lossy(&units))
    };
    match bytes {
        [0xff, 0xfe, ..] => pairs(u16::from_le_bytes),
        [0xfe, 0xff, ..] => pairs(u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        _ => String::from_utf8_lossy(bytes),
    }
}

/// The events of a calendar.
pub(crate) fn events(calendar: &ICalendar) -> impl Iterator<Item = &ICalendarComponent> {
    of_type(calendar, ICalendarComponentType::VEvent)
}

/// The components of a type.
pub(crate) fn of_type(
    calendar: &ICalendar,
    wanted: ICalendarComponentType,
) -> impl Iterator<Item = &ICalendarComponent> {
    let components = calendar.components.iter();
    components.filter(move |component| component.component_type == wanted)
}

/// The `UID` of an event.
pub(crate) fn uid(component: &ICalendarComponent) -> Option<&str> {
    component.uid().filter(|uid| !uid.is_empty())
}

/// Whether a calendar is the message that takes its events back (RFC 5546).
pub(crate) fn cancels(calendar: &ICalendar) -> bool {
    let method = calendar.components.first();
    let method = method.and_then(|one| one.property(&ICalendarProperty::Method));
    let method = method.and_then(|entry| entry.values.first());
    matches!(
        method,
        Some(ICalendarValue::Method(ICalendarMethod::Cancel))
    )
}

/// The values of a property of which there may be several.
pub(crate) fn values<'a>(
    component: &'a ICalendarComponent,
    name: &'a ICalendarProperty,
) -> impl Iterator<Item = (&'a ICalendarEntry, &'a ICalendarValue)> {
    let entries = component.entries.iter().filter(move |it| it.name == *name);
    entries.flat_map(|entry| entry.values.iter().map(move |value| (entry, value)))
}

/// The first value of a property.
pub(crate) fn value<'a>(
    component: &'a ICalendarComponent,
    name: &'a ICalendarProperty,
) -> Option<(&'a ICalendarEntry, &'a ICalendarValue)> {
    values(component, name).next()
}

/// A date, with or without a time, that is a value of a property.
pub(crate) fn date<'a>(
    component: &'a ICalendarComponent,
    name: &'a ICalendarProperty,
) -> Option<(&'a ICalendarEntry, &'a PartialDateTime)> {
    match value(component, name)? {
        (entry, ICalendarValue::PartialDateTime(date)) => Some((entry, date)),
        _ => None,
    }
}

/// The text of a property that no standard knows.
pub(crate) fn other<'a>(component: &'a ICalendarComponent, name: &str) -> Option<&'a str> {
    let is_it = |entry: &&ICalendarEntry| match &entry.name {
        ICalendarProperty::Other(other) => other.eq_ignore_ascii_case(name),
        _ => false,
    };
    let entry = component.entries.iter().find(is_it)?;
    entry.values.first()?.as_text()
}

/// The text of a parameter.
pub(crate) fn parameter<'a>(
    entry: &'a ICalendarEntry,
    name: &ICalendarParameterName,
) -> Option<&'a str> {
    entry.parameter(name)?.as_text()
}
