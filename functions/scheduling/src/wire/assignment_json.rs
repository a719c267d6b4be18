//! `assignment` of a team: by which rules its members get bookings.

use std::collections::BTreeMap;

use roster_domain::{
    UserId,
    bookings::assignment::{MAX_WEIGHT, MemberRules, Outcome, Rules, StaleCalendars, Strategy},
    bookings::assignment_change::AssignmentChange,
    error::Unacceptable,
    team::MAX_PEOPLE,
};
use roster_runtime::{
    answer, body,
    json::read::Node,
    wire::{
        AtMost, ById,
        members::{Fallback, ListOf, Nullable, Optional, Or, OrDefault, Readable, Whole},
    },
};

/// Most minutes of notice: a year.
const MAX_NOTICE: u32 = 525_600;
/// Highest priority.
const MAX_PRIORITY: u32 = 1_000;
/// Highest cap on the bookings of a day or a week.
const MAX_BOOKINGS: u32 = 1_000;

body! {
    /// Reads a change. Its fields are those that [`answer()`] shows, so that an answer
    /// can be sent back.
    pub struct AssignmentBody for AssignmentChange as "AssignmentBody" {
        "strategy" => strategy: Optional<Strategy>,
        /// Minimum minutes between booking and start.
        "minimum_notice" => minimum_notice: Optional<Whole<0, MAX_NOTICE>>,
        /// Whether members are booked only within their hours.
        "respect_availability" => respect_availability: Optional<bool>,
        /// Whether a member takes no bookings whose own calendar has not been read for an
        /// hour. Default: `ignore`.
        "stale_calendars" => stale_calendars: Optional<StaleCalendars>,
        /// Outcomes after which the ledger takes a booking back, as if its member had not
        /// had it. Default: all.
        "credit" => credit: Optional<ListOf<Outcome, { Outcome::ALL.len() }>>,
        /// Rules for each member, keyed by the user's `_id`. Replaces all of a member's
        /// rules. Null removes them.
        "members" => members: OrDefault<Optional<Members>>,
    }

    /// Reads the rules of a member. They are replaced as a whole: what is absent has its
    /// default.
    struct MemberRulesBody for MemberRules as "MemberRulesBody" {
        /// Share of the bookings, relative to the other members. Default: 1. With 0, the
        /// member gets no bookings.
        "weight" => weight: Or<Optional<Whole<0, MAX_WEIGHT>>, DefaultWeight>,
        /// For `priority`: members with a higher value come first. Default: 0.
        "priority" => priority: Or<Optional<Whole<0, MAX_PRIORITY>>, DefaultPriority>,
        /// Maximum number of bookings on one day, in the member's time zone.
        "max_per_day" => max_per_day: Nullable<Whole<1, MAX_BOOKINGS>>,
        /// Maximum number of bookings in one week, Monday to Sunday.
        "max_per_week" => max_per_week: Nullable<Whole<1, MAX_BOOKINGS>>,
    }
}

/// The weight of a member whose rules do not say.
#[derive(Debug)]
struct DefaultWeight;

impl Fallback for DefaultWeight {
    type Of = u32;

    fn value() -> u32 {
        MemberRules::default().weight
    }
}

/// The priority of a member whose rules do not say.
#[derive(Debug)]
struct DefaultPriority;

impl Fallback for DefaultPriority {
    type Of = u32;

    fn value() -> u32 {
        MemberRules::default().priority
    }
}

/// The rules of members, by the user's id: none removes them.
#[derive(Debug)]
struct Members;

impl Readable for Members {
    type Read = BTreeMap<UserId, Option<MemberRules>>;

    /// Every member is read, also behind one that is wrong.
    fn read(node: Node<'_>) -> Option<Self::Read> {
        let members = node.members()?;
        if members.len() > MAX_PEOPLE {
            let count = members.len();
            node.unacceptable(format!("must name at most {MAX_PEOPLE} users, has {count}"));
            return None;
        }
        let mut read = BTreeMap::new();
        for (name, node) in members {
            let id: Option<UserId> = name
                .parse()
                .map_err(|Unacceptable(detail)| node.unacceptable(format!("the name {detail}")))
                .ok();
            let rules = if node.value.is_null() {
                Some(None)
            } else {
                MemberRulesBody::read(node.clone()).map(Some)
            };
            if let (Some(id), Some(rules)) = (id, rules)
                && read.insert(id, rules).is_some()
            {
                // An id can be written in capitals, too.
                node.unacceptable("names a user who is named already");
            }
        }
        Some(read)
    }
}

#[cfg(feature = "schema")]
mod schema {
    use roster_runtime::schema::{ID, Part, Parts, Taken, map, nullable};

    use super::{MAX_PEOPLE, MemberRulesBody, Members};

    impl Taken for Members {
        fn taken() -> Part {
            let rules = nullable(MemberRulesBody::taken());
            map(rules, Some(ID), Some(MAX_PEOPLE))
        }

        fn collect(parts: &mut Parts) {
            MemberRulesBody::collect(parts);
        }
    }
}

answer! {
    /// By which rules a team's members get bookings.
    pub struct RulesAnswer as "AssignmentRules" {
        "strategy" => strategy: Strategy,
        "minimum_notice" => minimum_notice: u32,
        "respect_availability" => respect_availability: bool,
        "stale_calendars" => stale_calendars: StaleCalendars,
        "credit" => credit: AtMost<{ Outcome::ALL.len() }, Outcome>,
        /// Members that are not listed have the defaults.
        "members" => members: ById<MemberRulesAnswer>,
    }

    /// The rules of one member.
    pub struct MemberRulesAnswer as "MemberRules" {
        "weight" => weight: u32,
        "priority" => priority: u32,
        "max_per_day" [optional] => max_per_day: u32,
        "max_per_week" [optional] => max_per_week: u32,
    }
}

/// The rules, with every default. Members without rules of their own are not
/// listed.
#[must_use]
pub fn answer(rules: &Rules) -> RulesAnswer {
    let members = rules.members.iter();
    let members = members.map(|(user, rules)| (user.clone(), member_answer(rules)));
    RulesAnswer {
        strategy: rules.strategy,
        minimum_notice: rules.minimum_notice,
        respect_availability: rules.respect_availability,
        stale_calendars: rules.stale_calendars,
        credit: AtMost(rules.credit.iter().copied().collect()),
        members: ById(members.collect()),
    }
}

fn member_answer(rules: &MemberRules) -> MemberRulesAnswer {
    MemberRulesAnswer {
        weight: rules.weight,
        priority: rules.priority,
        max_per_day: rules.max_per_day,
        max_per_week: rules.max_per_week,
    }
}

#[cfg(test)]
mod tests {
    use roster_domain::{Error, Location};
    use roster_runtime::{json::read::Violations, wire};
    use serde_json::{Value, json};

    use super::*;

    const ANNA: &str = "5f1077cf21f43b0b99660619";
    const BERT: &str = "5f1077e1eaf7c424af51a847";

    /// The change, or where the body is wrong.
    fn read_body(body: Value) -> Result<AssignmentChange, Vec<String>> {
        let violations = Violations::default();
        let change = AssignmentBody::read(Node::body(&body, &violations));
        match violations.check(change) {
            Ok(change) => Ok(change.expect("was read")),
            Err(Error::Invalid(all)) => Err(all
                .into_iter()
                .map(|violation| match violation.location {
                    Location::Body(pointer) => pointer,
                    other => panic!("{other:?}"),
                })
                .collect()),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn rules_that_were_read_and_applied_render_as_they_were_sent() {
        let body = json!({
            "strategy": "priority",
            "minimum_notice": 60,
            "respect_availability": false,
            "stale_calendars": "refuse",
            "credit": ["no_show"],
            "members": {
                ANNA: { "weight": 2, "priority": 1, "max_per_day": 3 },
                BERT: { "weight": 0, "priority": 0 },
            },
        });
        let mut rules = Rules::default();
        read_body(body.clone()).expect("fine").apply(&mut rules);
        assert_eq!(wire::value(answer(&rules)), body);
        read_body(body.clone()).expect("fine").apply(&mut rules);
        assert_eq!(wire::value(answer(&rules)), body);
    }

    #[test]
    fn what_is_absent_stays_and_null_removes_a_member() {
        let mut rules = Rules::default();
        let first = json!({
            "minimum_notice": "30",
            "members": { ANNA: { "max_per_week": 5 }, BERT: {} },
        });
        read_body(first).expect("fine").apply(&mut rules);
        let second = json!({ "members": { ANNA: { "max_per_week": null }, BERT: null } });
        read_body(second).expect("fine").apply(&mut rules);
        assert_eq!(rules.minimum_notice, 30);
        assert_eq!(rules.members.keys().collect::<Vec<_>>(), [ANNA]);
        assert_eq!(rules.members[ANNA].max_per_week, None);
    }

    #[test]
    fn everything_wrong_is_told_at_its_place() {
        let body = json!({
            "strategy": "lottery",
            "minimum_notice": 525_601,
            "credit": ["cancelled", "lost"],
            "members": {
                ANNA: { "weight": 1_001, "max_per_day": 0, "wieght": 1 },
                "a/b": { "priority": -1 },
                BERT: 7,
            },
            "stratgey": "balanced",
        });
        let mut found = read_body(body).expect_err("wrong");
        found.sort_unstable();
        let mut expected = [
            "/strategy".to_owned(),
            "/minimum_notice".to_owned(),
            "/credit/1".to_owned(),
            format!("/members/{ANNA}/weight"),
            format!("/members/{ANNA}/max_per_day"),
            format!("/members/{ANNA}/wieght"),
            "/members/a~1b".to_owned(),
            "/members/a~1b/priority".to_owned(),
            format!("/members/{BERT}"),
            "/stratgey".to_owned(),
        ];
        expected.sort_unstable();
        assert_eq!(found, expected);
    }
}
