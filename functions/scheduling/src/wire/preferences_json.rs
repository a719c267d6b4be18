//! What people are mailed about, in and out: `/v2/users/{user_id}/preferences` and
//! `/v2/teams/{team_id}/admin-preferences`.

use std::collections::BTreeMap;

use roster_domain::{
    Result, TeamId,
    id::ObjectId,
    team::AdminPreferences,
    users::mail_topic::{Defaults, MailPreferences, MailTopic},
};
use roster_runtime::{
    answer, body,
    json::read::{Node, Object, Violations},
    wire::{
        self,
        members::{Member, Optional, Readable},
    },
};
use serde::Serialize;
use serde_json::Value;

use super::Instant;

/// What a request sets.
pub type Topics = BTreeMap<MailTopic, bool>;

/// What a request says of a user's preferences.
#[derive(Debug, Default)]
pub struct PreferencesRead {
    email: Option<Topics>,
}

/// What a request says of the preferences of a team's admins.
#[derive(Debug, Default)]
pub struct AdminPreferencesRead {
    prefs: Option<PreferencesRead>,
}

body! {
    /// Reads what a user is mailed about.
    pub struct PreferencesBody for PreferencesRead as "PreferencesBody" {
        /// Topics that are absent do not change.
        "email" => email: Optional<Mailed>,
        also "push": Pushed = "Nothing is pushed: each must be false.",
    }

    /// Reads what the admins of a team are mailed about.
    pub struct AdminPreferencesBody for AdminPreferencesRead as "AdminPreferencesBody" {
        "prefs" => prefs: Optional<PreferencesBody>,
        ignored ["_id", "belongs_to", "createdAt", "updatedAt"],
    }
}

/// Topics by name.
#[derive(Debug)]
struct Mailed;

impl Readable for Mailed {
    type Read = Topics;

    fn read(node: Node<'_>) -> Option<Topics> {
        let object = node.object()?;
        let topic = |topic: &MailTopic| Some((*topic, object.optional(topic.name())?));
        let topics = MailTopic::ALL.iter().filter_map(topic).collect();
        object.end();
        Some(topics)
    }
}

/// As [`Mailed`], of what is pushed to a telephone.
#[derive(Debug)]
struct Pushed;

impl Member for Pushed {
    type Read = ();
    type Value = ();

    fn read(object: &Object<'_>, name: &'static str) {
        let Some(object) = object.object(name) else {
            return;
        };
        for topic in MailTopic::ALL {
            if object.optional::<bool>(topic.name()) == Some(true)
                && let Some(node) = object.node(topic.name())
            {
                node.unacceptable("must be false: Roster pushes nothing");
            }
        }
        object.end();
    }

    fn value((): ()) -> Option<()> {
        Some(())
    }
}

/// Each topic with what holds for it.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct TopicsAnswer(BTreeMap<&'static str, bool>);

impl TopicsAnswer {
    fn of(wants: impl Fn(MailTopic) -> bool) -> Self {
        let topics = MailTopic::ALL.iter();
        Self(topics.map(|topic| (topic.name(), wants(*topic))).collect())
    }
}

answer! {
    /// What a user is told.
    pub struct PreferencesAnswer as "Preferences" {
        /// What the user is mailed about.
        "email" => email: TopicsAnswer,
        /// Always false: nothing is pushed.
        "push" => push: TopicsAnswer,
    }

    /// What the admins of a team are told.
    pub struct AdminTopicsAnswer as "AdminTopics" {
        /// Which mails about the members' events go to the team's admins.
        "email" => email: TopicsAnswer,
    }

    /// The preferences of a team's admins.
    pub struct AdminPreferencesAnswer as "AdminPreferences" {
        "prefs" => prefs: AdminTopicsAnswer,
        /// Null if nothing was set yet.
        "_id" => id: Option<ObjectId>,
        /// The team.
        "belongs_to" => team: TeamId,
        /// Null if nothing was set yet.
        "createdAt" => created_at: Option<Instant>,
        /// Null if nothing was set yet.
        "updatedAt" => updated_at: Option<Instant>,
    }
}

/// Reads what is to be set for a user.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read(body: &Value) -> Result<Topics> {
    let violations = Violations::default();
    let read = PreferencesBody::read(Node::body(body, &violations));
    let read = read.unwrap_or_default();
    violations.check(read.email.unwrap_or_default())
}

/// Reads what is to be set for a team's admins.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read_admin(body: &Value) -> Result<Topics> {
    let violations = Violations::default();
    let read = AdminPreferencesBody::read(Node::body(body, &violations));
    let prefs = read.and_then(|read| read.prefs).unwrap_or_default();
    violations.check(prefs.email.unwrap_or_default())
}

/// A user's preferences, as `/v2/users/{user_id}/preferences` shows them.
#[must_use]
pub fn render(preferences: &MailPreferences) -> Value {
    wire::value(PreferencesAnswer {
        email: TopicsAnswer::of(|topic| preferences.wants(topic, Defaults::User)),
        push: TopicsAnswer::of(|_| false),
    })
}

/// The preferences of a team's admins, as `/v2/teams/{team_id}/admin-preferences` shows
/// them.
#[must_use]
pub fn render_admin(team: TeamId, preferences: Option<&AdminPreferences>) -> Value {
    let none = MailPreferences::default();
    let email = preferences.map_or(&none, |preferences| &preferences.email);
    wire::value(AdminPreferencesAnswer {
        prefs: AdminTopicsAnswer {
            email: TopicsAnswer::of(|topic| email.wants(topic, Defaults::TeamAdmins)),
        },
        id: preferences.map(|preferences| preferences.id),
        team,
        created_at: preferences.map(|preferences| Instant(preferences.created_at)),
        updated_at: preferences.map(|preferences| Instant(preferences.updated_at)),
    })
}

#[cfg(feature = "schema")]
mod schema {
    use roster_domain::users::mail_topic::MailTopic;
    use roster_runtime::schema::{
        Described, Field, MemberFields, Part, Taken, closed, may, must, object,
    };

    use super::{Mailed, Pushed, TopicsAnswer};

    fn topics(field: impl Fn(&'static str, Part) -> Field, part: fn() -> Part) -> Vec<Field> {
        let names = MailTopic::ALL.iter().map(|topic| topic.name());
        names.map(|name| field(name, part())).collect()
    }

    impl Taken for Mailed {
        fn taken() -> Part {
            closed(topics(may, bool::taken))
        }
    }

    impl MemberFields for Pushed {
        fn fields(name: &'static str) -> Vec<Field> {
            vec![may(name, closed(topics(may, bool::taken)))]
        }
    }

    impl Described for TopicsAnswer {
        fn part() -> Part {
            object(topics(must, bool::part))
        }
    }
}
