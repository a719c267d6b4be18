//! A mail with all that is in one about an event, as it is sent (RFC 5322, RFC 2045): the
//! same told as text, as HTML and to a calendar.

use std::time::SystemTime;

use jiff::Timestamp;
use lettre::message::{
    Mailbox, Message, MultiPart, SinglePart,
    header::{ContentType, HeaderName, HeaderValue},
};
use roster_domain::{Error, Result, bookings::event::Event};
use serde::Serialize;

use crate::render::Rendered;

/// Header that keeps answering machines quiet (RFC 3834).
const AUTO_SUBMITTED: &str = "Auto-Submitted";

/// What a mail has that is one of several about the same thing.
#[derive(Debug)]
pub struct Threaded {
    /// Where answers go.
    pub reply_to: String,
    /// What all of them refer to.
    pub thread: String,
    /// When what it tells of came to be.
    pub at: Timestamp,
    /// What the recipient's calendar is told.
    pub calendar: Option<CalendarPart>,
}

/// What a calendar is told.
#[derive(Clone, Debug, Serialize)]
pub struct CalendarPart {
    /// What it is to do (`METHOD`).
    pub method: &'static str,
    /// The calendar (RFC 5545).
    pub text: String,
}

impl Threaded {
    pub(super) fn new(event: &Event, calendar: Option<CalendarPart>) -> Self {
        Self {
            reply_to: event.reply_to.clone(),
            thread: format!("<{}>", event.uid()),
            at: event.updated_at,
            calendar,
        }
    }
}

impl Rendered {
    /// The whole mail, from this address.
    ///
    /// # Errors
    /// When an address of it is none that a mail can have.
    pub(crate) fn to_message(&self, from: &str, threaded: &Threaded) -> Result<Vec<u8>> {
        let mailbox = |address: &str| address.parse::<Mailbox>().map_err(Error::internal);
        let mut parts = MultiPart::alternative()
            .singlepart(SinglePart::plain(self.text.clone()))
            .singlepart(SinglePart::html(self.html.clone()));
        if let Some(CalendarPart { method, text }) = &threaded.calendar {
            let media_type = format!("text/calendar; charset=utf-8; method={method}");
            let media_type = ContentType::parse(&media_type).map_err(Error::internal)?;
            let part = SinglePart::builder().header(media_type).body(text.clone());
            parts = parts.singlepart(part);
        }
        let message = Message::builder()
            .from(mailbox(from)?)
            .to(mailbox(self.to.as_str())?)
            .reply_to(mailbox(&threaded.reply_to)?)
            .subject(self.subject.clone())
            .date(SystemTime::from(threaded.at))
            .references(threaded.thread.clone());
        let mut message = message.multipart(parts).map_err(Error::internal)?;
        let automatic = HeaderName::new_from_ascii_str(AUTO_SUBMITTED);
        let automatic = HeaderValue::new(automatic, "auto-generated".to_owned());
        message.headers_mut().insert_raw(automatic);
        Ok(message.formatted())
    }
}
