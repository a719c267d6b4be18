//! What can go wrong, without saying how a surface answers it.

use std::fmt;

use crate::id::UserId;

/// A domain result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation was refused or failed. Each surface renders this in one
/// exhaustive match.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request breaks one or more rules; all of them are listed.
    #[error("{} violations", .0.len())]
    Invalid(Vec<Violation>),
    /// Nothing with that id exists for this caller. Another tenant's id and an
    /// id that was never given out are the same answer.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The body names something that nothing is: the text says what, as it was
    /// named. Another tenant's is told like one that there never was.
    #[error("{0}")]
    Unknown(String),
    /// The request contradicts what is stored.
    #[error("conflict: {0:?}")]
    Conflict(Conflict),
    /// What is to be changed is not in the version that the request was made for (RFC 9110,
    /// 13.1.1); says which it is in.
    #[error("precondition failed: {0}")]
    PreconditionFailed(String),
    /// The caller may not do this; says what would be needed.
    #[error("forbidden: {0}")]
    Forbidden(String),
    /// A login with a name and a password that do not belong together. Says
    /// nothing more, whatever the cause.
    #[error("wrong credentials")]
    WrongCredentials,
    /// Too many attempts; another may be made after this time.
    #[error("too many attempts")]
    TooManyAttempts(std::time::Duration),
    /// Too many mails, for the reason that the text gives; another may be sent
    /// after this time.
    #[error("too many mails: {detail}")]
    TooManyMails {
        /// The bound, and when it is over.
        detail: String,
        /// How long that is.
        wait: std::time::Duration,
    },
    /// The request is larger than the limit that the text names.
    #[error("too large: {0}")]
    TooLarge(String),
    /// What would be kept is larger than the database takes.
    #[error("too large to store: {detail}")]
    Oversized {
        /// How large it would be, and how large it may be.
        detail: String,
        /// JSON pointer of what takes most of it in the request, once that is
        /// known.
        pointer: Option<String>,
    },
    /// The body has a media type that the operation does not read.
    #[error("unsupported media type")]
    UnsupportedMediaType,
    /// The body is encoded in a way that no operation reads.
    #[error("unsupported content encoding {0}")]
    UnsupportedEncoding(String),
    /// The database throttles, or too many writers contend for one item. The
    /// same request may succeed later.
    #[error("busy: {0}")]
    Busy(String),
    /// The database failed, or did not answer in time. The same request may
    /// succeed later. The text is for the log, never for the caller.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A defect or an outage. The text is for the log, never for the caller.
    #[error("internal: {0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// One violation: at a JSON pointer (RFC 6901) into the body, or of a field.
    #[must_use]
    pub fn at(location: impl Into<Location>, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Violation::unacceptable(location.into(), detail)])
    }

    /// A defect or an outage, described for the log.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// What went wrong, for the log.
    #[must_use]
    pub fn cause(&self) -> String {
        match self {
            Self::Internal(cause) => cause.to_string(),
            other => other.to_string(),
        }
    }

    /// That what is to be changed is in the version that the request was made for, where it
    /// says one.
    ///
    /// # Errors
    /// [`Error::PreconditionFailed`] where it is not.
    pub fn hold_version(expected: Option<u64>, version: u64) -> Result<()> {
        match expected {
            Some(expected) if expected != version => {
                let detail = format!(
                    "If-Match names version {expected}, and this is version {version} by now: \
                     read it again"
                );
                Err(Self::PreconditionFailed(detail))
            }
            _ => Ok(()),
        }
    }

    /// Whether the same may succeed a little later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Unavailable(_))
    }

    /// The same error, with the locations that `locate` knows in place of fields.
    #[must_use]
    pub fn located(mut self, locate: impl Fn(Field) -> Option<Location>) -> Self {
        let put = |location: &mut Location| {
            if let Location::Field(field) = location
                && let Some(known) = locate(*field)
            {
                *location = known;
            }
        };
        match &mut self {
            Self::Invalid(violations) => {
                let locations = violations
                    .iter_mut()
                    .map(|violation| &mut violation.location);
                locations.for_each(put);
            }
            Self::Conflict(conflict) => conflict.location.iter_mut().for_each(put),
            _ => {}
        }
        self
    }
}

/// What a request contradicts.
///
/// ```
/// use roster_domain::{Conflict, Error, error::Field};
///
/// let conflict = Conflict::new("another user has this address")
///     .at(Field::Email)
///     .with("5f9e7c3b1d2a4e6f8a0b1c2d".to_owned());
/// assert!(matches!(Error::from(conflict), Error::Conflict(_)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The value that conflicts, where one does.
    pub location: Option<Location>,
    /// What is taken, and what the caller can do.
    pub detail: String,
    /// The `_id` of the thing that already holds the value, in the caller's
    /// own organization.
    pub existing: Option<String>,
    /// Who was considered and why nobody could be chosen: user id and reason.
    pub considered: Vec<(String, String)>,
}

impl Conflict {
    /// A conflict of the request as a whole.
    #[must_use]
    pub fn new(detail: impl Into<String>) -> Self {
        Self {
            location: None,
            detail: detail.into(),
            existing: None,
            considered: Vec::new(),
        }
    }

    /// The value that conflicts.
    #[must_use]
    pub fn at(mut self, location: impl Into<Location>) -> Self {
        self.location = Some(location.into());
        self
    }

    /// The thing that holds the value, where the caller may know it.
    #[must_use]
    pub fn with(mut self, existing: impl Into<Option<String>>) -> Self {
        self.existing = existing.into();
        self
    }
}

impl From<Conflict> for Error {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}

/// One broken rule: where, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where the value stands in the request.
    pub location: Location,
    /// What is wrong and what would be right.
    pub detail: String,
    /// Whether the request is malformed (400) rather than well-formed but not
    /// acceptable (422).
    pub malformed: bool,
}

impl Violation {
    /// The request has the wrong form here: not JSON, a wrong JSON type, an
    /// unknown field, an unreadable parameter.
    pub fn malformed(location: Location, detail: impl Into<String>) -> Self {
        Self {
            location,
            detail: detail.into(),
            malformed: true,
        }
    }

    /// The form is right, the value is not acceptable.
    pub fn unacceptable(location: Location, detail: impl Into<String>) -> Self {
        Self {
            location,
            detail: detail.into(),
            malformed: false,
        }
    }
}

/// Where in a request something is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// JSON pointer (RFC 6901) into the body; empty for the whole body.
    Body(String),
    /// Name of a query parameter.
    Query(String),
    /// Name of a path parameter.
    Path(String),
    /// Name of a header.
    Header(String),
    /// A field of a body: each surface knows where its bodies have it.
    Field(Field),
}

/// A field that surfaces have at different places of their bodies. What decides
/// that its value is wrong or taken knows no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// A user's id.
    UserId,
    /// A user's address.
    Email,
    /// A user's external id.
    ExternalId,
    /// A user's nickname.
    Nickname,
    /// The name that a user logs in with.
    LoginName,
    /// A user's password.
    Password,
    /// That a link to finish the sign-up is asked for.
    FinishSignup,
    /// A team's external id.
    TeamExternalId,
    /// A team's name.
    TeamName,
    /// A member's rules for getting bookings.
    AssignmentMember(UserId),
    /// An organization's id.
    OrganizationId,
    /// The user whom an API key acts as.
    KeyUser,
    /// The member whom a booking asks for.
    BookedMember,
    /// The end of a booking's date, counted from 0.
    DateEnd(usize),
    /// The id of a date in a list that replaces an event's, counted from 0.
    DateId(usize),
    /// The id of a place in such a list, counted from 0.
    PlaceId(usize),
    /// That an invitee must attend, counted from 0.
    Required(usize),
    /// The same, of those who are invited to an event that is there.
    NewRequired(usize),
    /// The dates of an event.
    Dates,
    /// The hold that a booking names.
    Hold,
    /// The users whose time is to be held.
    HeldUsers,
    /// The organizer of an event.
    Organizer,
    /// The date that is to be confirmed.
    ConfirmedDate,
    /// The place that is to be confirmed.
    ConfirmedPlace,
    /// The invitation that a change is about.
    Invitee,
    /// The end of the date that an event is moved to.
    NewDateEnd,
    /// The member who is to have an event.
    NewMember,
    /// When a time off ends.
    TimeOffEnd,
}

impl From<Field> for Location {
    fn from(field: Field) -> Self {
        Self::Field(field)
    }
}

impl From<String> for Location {
    fn from(pointer: String) -> Self {
        Self::Body(pointer)
    }
}

impl From<&str> for Location {
    fn from(pointer: &str) -> Self {
        Self::Body(pointer.to_owned())
    }
}

impl Field {
    /// For a surface whose bodies have none of them: nothing is known.
    #[must_use]
    pub fn nowhere(self) -> Option<Location> {
        None
    }
}

impl Location {
    /// A JSON pointer into the body.
    pub fn body(pointer: impl Into<String>) -> Self {
        Self::Body(pointer.into())
    }

    /// A query parameter.
    pub fn query(name: impl Into<String>) -> Self {
        Self::Query(name.into())
    }
}

/// Why a text is not a value of some type: a sentence for the caller that says
/// what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unacceptable(pub String);

impl Unacceptable {
    /// From anything that can be shown.
    pub fn new(detail: impl fmt::Display) -> Self {
        Self(detail.to_string())
    }
}
