//! The body that gives a member units of a team's ledger.

use roster_domain::{Result, UserId, bookings::assignment::MAX_CREDIT, text::Title};
use roster_runtime::{
    body,
    json::read::{Node, read_object},
    wire::members::{Readable, Required},
};
use serde_json::Value;

body! {
    /// The body of a credit.
    pub struct CreditBody as "CreditBody" {
        /// The `_id` of the member.
        "user" => user: Required<UserId>,
        /// How many units of the ledger. Negative: taken from the member. The other members
        /// settle it in equal parts.
        "units" => units: Required<Units>,
        /// Why. It is kept among the decisions.
        "reason" => reason: Required<Title>,
    }
}

/// A number of units: not none, and not too many.
#[derive(Debug)]
struct Units;

impl Readable for Units {
    type Read = i64;

    fn read(node: Node<'_>) -> Option<i64> {
        let number = node.value.as_i64();
        let Some(units) = number else {
            node.malformed("must be a whole number");
            return None;
        };
        if units == 0 || units.abs() > MAX_CREDIT {
            let detail = format!("must be from -{MAX_CREDIT} to {MAX_CREDIT}, and not 0");
            node.unacceptable(detail);
            return None;
        }
        Some(units)
    }
}

/// The member, the units and the reason.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read(body: &Value) -> Result<(UserId, i64, Title)> {
    read_object(body, |object| {
        let CreditBody {
            user,
            units,
            reason,
        } = CreditBody::members(object);
        Some((user?, units?, reason?))
    })
}

#[cfg(feature = "schema")]
mod schema {
    use roster_domain::bookings::assignment::MAX_CREDIT;
    use roster_runtime::schema::{Part, Taken, integer_within};

    use super::Units;

    impl Taken for Units {
        fn taken() -> Part {
            integer_within(-MAX_CREDIT, MAX_CREDIT)
        }
    }
}
