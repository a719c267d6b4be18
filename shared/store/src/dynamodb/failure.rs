//! What a failed call to DynamoDB stands for.

use std::time::Duration;

use aws_sdk_dynamodb::{
    error::{ProvideErrorMetadata, SdkError},
    operation::transact_write_items::TransactWriteItemsError,
};
use roster_domain::Error;

use crate::dynamodb::{
    item_size, schema_version,
    write_failure::{Failure, Meaning},
};

/// How long a caller should wait after [`Error::Busy`] and
/// [`Error::Unavailable`].
pub const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Tells "there are too many requests" and "the database is not well" from
/// everything else. A disk that is full is the second.
pub(crate) fn to_error<E>(error: SdkError<E>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    const TOO_MANY: [&str; 5] = [
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "TransactionInProgressException",
        "TransactionConflictException",
    ];
    const NOT_WELL: [&str; 2] = ["InternalServerError", "ServiceUnavailable"];
    let text = words(&error);
    match &error {
        SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) => Error::Unavailable(text),
        SdkError::ServiceError(service) => match service.err().code() {
            Some(code) if TOO_MANY.contains(&code) => Error::Busy(text),
            Some(code) if NOT_WELL.contains(&code) => Error::Unavailable(text),
            _ => Error::internal(text),
        },
        _ => Error::internal(text),
    }
}

/// An error and what caused it, each in its own words. Whatever else came with
/// them, an item that a condition was about for one, is nothing for a log.
fn words(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let mut words: Vec<_> = causes.map(ToString::to_string).collect();
    // Some say what their cause says.
    words.dedup();
    words.join(": ")
}

/// What a transaction is cancelled with that met another one at an item.
const COLLISION: &str = "TransactionConflict";
/// What a transaction is cancelled with where a partition has had enough.
const THROTTLED: [&str; 2] = ["ThrottlingError", "ProvisionedThroughputExceeded"];

/// Why a transaction was cancelled though all its conditions may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cancelled {
    /// Others wrote the same items: sent again, it may be made.
    Collided,
    /// A partition takes no more for now: what was read may be as it was, and reading
    /// it again would only ask more of the partition.
    Throttled,
}

/// Whether a transaction was cancelled for nothing but that.
pub(crate) fn cancelled(error: &SdkError<TransactWriteItemsError>) -> Option<Cancelled> {
    let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
        error.as_service_error()
    else {
        return None;
    };
    let codes = cancelled.cancellation_reasons().iter();
    let codes: Vec<_> = codes
        .filter_map(|reason| reason.code())
        .filter(|code| *code != "None")
        .collect();
    let is_throttled = |code: &&str| THROTTLED.contains(code);
    if codes.is_empty()
        || !codes
            .iter()
            .all(|code| *code == COLLISION || is_throttled(code))
    {
        None
    } else if codes.iter().any(is_throttled) {
        Some(Cancelled::Throttled)
    } else {
        Some(Cancelled::Collided)
    }
}

fn is_about_size(message: &str) -> bool {
    message.contains("size")
}

/// Looks at the cancellation reason of each item and says what it stands for.
/// Where something is stale, what else failed may be too: stale comes first.
pub(crate) fn explain(error: SdkError<TransactWriteItemsError>, meanings: &[Meaning]) -> Failure {
    let reasons = match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            cancelled.cancellation_reasons()
        }
        // In progress: an earlier try of this very transaction, which may yet
        // be made. To decide again would be to do it twice.
        _ => return to_error(error).into(),
    };
    let (mut failed, mut busy) = (None, None);
    for (reason, meaning) in reasons.iter().zip(meanings) {
        // Nothing can be told from an item that cannot be read.
        if let Some(error) = reason.item().and_then(schema_version::unreadable) {
            return error.into();
        }
        match (reason.code().unwrap_or("None"), meaning) {
            ("None", _) => {}
            ("ConditionalCheckFailed", Meaning::Final(explain)) => {
                failed.get_or_insert_with(|| explain(reason.item()));
            }
            ("ConditionalCheckFailed", Meaning::Stale) | (COLLISION, _) => {
                return Failure::Stale;
            }
            // It was sent again for as long as that may help.
            (code, _) if THROTTLED.contains(&code) => {
                busy = Some(Error::Busy(format!("transaction cancelled: {code}")));
            }
            ("ValidationError", _) if reason.message().is_some_and(is_about_size) => {
                return item_size::outgrown().into();
            }
            (code, _) => {
                let text = format!(
                    "transaction cancelled: {code}: {}",
                    reason.message().unwrap_or_default()
                );
                return Error::internal(text).into();
            }
        }
    }
    match failed.or(busy) {
        Some(failed) => failed.into(),
        None => to_error(error).into(),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::{
        config::http::HttpResponse,
        types::{AttributeValue, CancellationReason, error::TransactionCanceledException},
    };

    use super::*;

    #[test]
    fn an_error_says_what_happened_and_nothing_of_an_item() {
        let reason = CancellationReason::builder()
            .code("ValidationError")
            .item("login", AttributeValue::S("$argon2id$".to_owned()));
        let cancelled = TransactionCanceledException::builder()
            .message("Transaction cancelled")
            .cancellation_reasons(reason.build())
            .build();
        let error = TransactWriteItemsError::TransactionCanceledException(cancelled);
        let status = 400.try_into().expect("a status");
        let raw = HttpResponse::new(status, "$argon2id$".into());
        let told = to_error(SdkError::service_error(error, raw)).to_string();
        assert!(told.contains("Transaction cancelled"), "{told}");
        assert!(!told.contains("argon2"), "{told}");
    }
}
