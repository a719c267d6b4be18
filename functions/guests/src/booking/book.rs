//! Booking what a guest has entered: the operations of the API, with what a guest may do.

use jiff::Timestamp;
use roster_domain::{
    Error, EventId, Result,
    access::{actor::Actor, link_key::LinkKey, secret::SecretDigest},
    bookings::{
        agenda::DateText,
        event::{Booking, Event, SuggestedDate},
    },
    users::language::Language,
    zone::ZoneName,
};
use roster_runtime::Call;
use roster_store::{
    Tenant,
    bookings::{book::BookingRequest, life::create::NewEvent},
    idempotency::{Answered, Repeatable},
};

use super::{
    form::Entered,
    page::{Choice, Owner, Page},
};

/// When it is to be.
#[derive(Debug)]
pub(crate) enum When {
    /// At the time that is held.
    Held(EventId),
    /// At one of these.
    Suggested(Vec<Timestamp>),
}

/// Where the event of a booking is seen: none where who books is the one who is booked.
pub(crate) type Seen = Option<(EventId, LinkKey)>;

/// Books. The same form makes one booking, however often it is sent.
///
/// # Errors
/// As `POST /v2/events` and `POST /v2/teams/{team_id}/events`.
pub(crate) async fn book(
    call: &Call<'_>,
    page: &Page,
    entered: Entered,
    when: &When,
    token: &str,
    (language, zone): (Language, Option<ZoneName>),
) -> Result<Seen> {
    let tenant = call.store.tenant(page.organization.id);
    let (hold, dates) = match when {
        When::Held(hold) => (Some(*hold), Vec::new()),
        When::Suggested(starts) => {
            let dates = starts.iter().map(|start| date(*start, page.minutes));
            (None, dates.collect::<Result<_>>()?)
        }
    };
    let booker = entered.booker.clone();
    let booking = Booking {
        title: entered.title,
        created_by: Some(booker.email.clone()),
        created_by_name: booker.full_name.clone(),
        created_by_user: None,
        confirmed: page.choice() == Choice::Held,
        dates,
        places: entered.places,
        invitees: std::iter::once(booker).chain(entered.guests).collect(),
        messages: entered.messages,
        reply: page.settings.auto_message.clone(),
        lang: language,
        locale: language,
        timezone: zone,
        third_party: entered.third_party,
        hold,
        by_guest: true,
        no_emails: false,
    };
    let repeatable = Repeatable {
        key: SecretDigest::of(&format!("page of {} {token}", page.subject())),
        fingerprint: SecretDigest::of(&format!("{booking:?}")),
    };
    let answered = make(call, &tenant, page, &booking, &repeatable).await?;
    let (Answered::Now(answer) | Answered::Before(answer)) = answered;
    Ok(read(&answer.body))
}

async fn make(
    call: &Call<'_>,
    tenant: &Tenant<'_>,
    page: &Page,
    booking: &Booking,
    repeatable: &Repeatable,
) -> Result<Answered> {
    let organization = tenant.organization_id()?;
    let render = |event: &Event| {
        let booker = event.participants.iter().find(|one| one.is_booker);
        let key = booker.filter(|booker| !booker.is_assigned).map(|booker| {
            LinkKey {
                organization,
                key: booker.key.clone(),
            }
            .to_string()
        });
        format!("{} {}", event.id, key.unwrap_or_default())
    };
    match page.owner {
        Owner::Team(team) => {
            let request = BookingRequest {
                team,
                booking,
                repeatable: Some(repeatable),
                reply_domain: &call.app.reply_domain,
                render: &render,
            };
            tenant.book(&request).await
        }
        Owner::User(user) => {
            let new = NewEvent {
                organizer: (Some(user), None),
                booking,
                from_page: true,
                repeatable: Some(repeatable),
                reply_domain: &call.app.reply_domain,
                // The page is the organizer's, and what it lets a guest do is their own.
                actor: Actor::Owner,
                render: &render,
            };
            tenant.create_event(&new).await
        }
    }
}

fn read(answer: &str) -> Seen {
    let (event, key) = answer.split_once(' ')?;
    Some((event.parse().ok()?, key.parse().ok()?))
}

/// A time as it is booked and held: of the page's length.
///
/// # Errors
/// Where there is no such time.
pub(crate) fn date(start: Timestamp, minutes: u32) -> Result<SuggestedDate> {
    let length = jiff::SignedDuration::from_mins(minutes.into());
    let end = start.checked_add(length).map_err(Error::internal)?;
    let text = |instant: Timestamp| -> Result<DateText> {
        instant.to_string().parse().map_err(Error::internal)
    };
    Ok(SuggestedDate {
        all_day: false,
        start: text(start)?,
        end: text(end)?,
    })
}
