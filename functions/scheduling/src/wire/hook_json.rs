//! Webhooks in `/hooks` and `/v2/hooks`, in and out.

use jiff::{SignedDuration, Timestamp};
use roster_domain::{
    Error, HookId, OrganizationId, Result,
    changes::action::Action,
    hooks::{
        Hook, MAX_OVERLAP_SECONDS, Subscription,
        target::{TargetUrl, Targets},
    },
    text::WebUrl,
};
use roster_runtime::{
    answer, body, choice,
    json::{
        from_json::{FromJson, Wrong},
        read::{Node, Violations, read_object},
    },
    wire::{
        self,
        members::{Fallback, Optional, Or, Readable, Required, Whole},
    },
};
use roster_store::hooks::{HookChange, NewHook};
use serde_json::Value;

use super::Instant;

body! {
    /// The body that creates a hook.
    pub struct NewHookBody as "NewHookBody" {
        /// What the hook is told, or `*` for everything.
        "action" => action: Required<ActionName>,
        /// Where deliveries go: an https URL that leads to a public address.
        "target_url" => target_url: Required<WebUrl>,
        /// The organization, if the query does not name it.
        "organization" => organization: Optional<OrganizationId>,
    }

    /// The body that changes a hook. It may be the one that a `GET` answered.
    pub struct HookBody as "HookBody" {
        /// What the hook is told, or `*` for everything.
        "action" => action: Optional<ActionName>,
        /// Where deliveries go: an https URL that leads to a public address.
        "target_url" => target_url: Optional<WebUrl>,
        /// True pauses the hook. False resumes it; what happened meanwhile is not delivered.
        "paused" => paused: Optional<bool>,
        ignored [
            "_id", "organization", "scope", "paused_at", "pause_reason", "failing_since",
            "previous_secret_until", "createdAt", "updatedAt", "__v",
        ],
    }

    /// The body of a rotation.
    pub struct HookRotationBody as "HookRotationBody" {
        /// For how many seconds deliveries are signed with the previous secret, too.
        /// Default: 86400, a day.
        "overlap_seconds" => seconds: Or<Optional<Whole<0, MAX_OVERLAP_SECONDS>>, Day>,
    }
}

/// As long as a receiver should need to learn a new secret.
#[derive(Debug)]
struct Day;

impl Fallback for Day {
    type Of = u32;

    fn value() -> u32 {
        24 * 60 * 60
    }
}

/// What a hook can be told, by its name.
#[derive(Clone, Copy, Debug)]
struct ActionName(Subscription);

impl FromJson for ActionName {
    fn from_json(value: &Value) -> Result<Self, Wrong> {
        let name = value.as_str().ok_or(Wrong::Type("a string"))?;
        Subscription::named(name).map(Self).ok_or_else(|| {
            let names = Action::ALL.iter().map(|action| action.name());
            let names: Vec<_> = names.collect();
            Wrong::Value(format!("must be * or one of {}", names.join(", ")))
        })
    }
}

#[cfg(feature = "schema")]
impl roster_runtime::schema::Taken for ActionName {
    fn taken() -> roster_runtime::schema::Part {
        let names = Action::ALL.iter().map(|action| action.name());
        let names: Vec<_> = [Subscription::ALL].into_iter().chain(names).collect();
        roster_runtime::schema::one_of(&names)
    }
}

/// Reads the body that creates a hook, and the organization that it names.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_new(body: &Value, targets: Targets) -> Result<(Option<OrganizationId>, NewHook)> {
    let body = read_object(body, |object| Some(NewHookBody::members(object)))?;
    let (Some(action), Some(target_url)) = (body.action, body.target_url) else {
        return Err(Error::internal("a body was read as nothing"));
    };
    let new = NewHook {
        action: action.0,
        target_url: target(&target_url, targets)?,
    };
    Ok((body.organization, new))
}

/// Reads the body that changes a hook.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_change(body: &Value, targets: Targets) -> Result<HookChange> {
    let body = read_object(body, |object| Some(HookBody::members(object)))?;
    let target_url = body.target_url.as_ref();
    Ok(HookChange {
        action: body.action.map(|ActionName(action)| action),
        target_url: target_url.map(|url| target(url, targets)).transpose()?,
        paused: body.paused,
        expected: None,
    })
}

/// Reads the body of a rotation, which may be missing.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_overlap(body: &Value) -> Result<SignedDuration> {
    let violations = Violations::default();
    let rotation = HookRotationBody::read(Node::body(body, &violations));
    let seconds = rotation.map_or(0, |rotation| rotation.seconds);
    violations.check(SignedDuration::from_secs(i64::from(seconds)))
}

fn target(url: &WebUrl, targets: Targets) -> Result<TargetUrl> {
    let read = TargetUrl::read(url.as_str(), targets);
    read.map_err(|wrong| {
        Error::at(
            roster_domain::Location::Body("/target_url".to_owned()),
            wrong.0,
        )
    })
}

choice! {
    /// Whose changes a hook is told.
    pub struct Scope of ["organization"];
    /// Why a hook is paused.
    pub struct PauseReasonName of
        roster_domain::hooks::PauseReason::ALL.map(roster_domain::hooks::PauseReason::name);
}

answer! {
    /// A webhook.
    pub struct HookAnswer<'a> as "Hook" {
        "_id" => id: HookId,
        "organization" => organization: OrganizationId,
        "scope" => scope: Scope,
        /// What the hook is told, or `*` for everything.
        "action" => action: &'static str,
        "target_url" => target_url: &'a str,
        /// Whether it is told nothing.
        "paused" => paused: bool,
        /// Since when it is paused.
        "paused_at" [optional] => paused_at: Instant,
        /// Why it is paused: the receiver answered 410 (`gone`), nothing arrived for three
        /// days (`failing`), or somebody asked for it (`asked`).
        "pause_reason" [optional] => pause_reason: PauseReasonName,
        /// Since when every try has failed. Absent if the last one succeeded.
        "failing_since" [optional] => failing_since: Instant,
        /// Until when deliveries are signed with the previous secret, too.
        "previous_secret_until" [optional] => previous_secret_until: Instant,
        "createdAt" => created_at: Instant,
        "updatedAt" => updated_at: Instant,
        "__v" => version: u64,
    }

    /// A webhook with its secret, which is shown this once.
    pub struct HookWithSecretAnswer<'a> as "HookWithSecret" {
        /// What verifies the signatures of its deliveries: `whsec_` and base64.
        "secret" => secret: String,
        ..hook: HookAnswer<'a>,
    }

    /// The webhooks of an organization.
    pub struct HooksAnswer<'a> as "Hooks" {
        "hooks" => hooks: Vec<HookAnswer<'a>>,
    }
}

impl<'a> HookAnswer<'a> {
    /// Of a hook, as it is at `now`.
    #[must_use]
    pub fn of(hook: &'a Hook, now: Timestamp) -> Self {
        let previous = hook.previous.as_ref();
        let previous = previous.filter(|previous| previous.until > now);
        Self {
            id: hook.id,
            organization: hook.organization,
            scope: Scope("organization"),
            action: hook.action.name(),
            target_url: hook.target_url.as_str(),
            paused: hook.paused.is_some(),
            paused_at: hook.paused.map(|pause| Instant(pause.at)),
            pause_reason: hook
                .paused
                .map(|pause| PauseReasonName(pause.reason.name())),
            failing_since: hook.failing_since.map(Instant),
            previous_secret_until: previous.map(|previous| Instant(previous.until)),
            created_at: Instant(hook.created_at),
            updated_at: Instant(hook.updated_at),
            version: hook.version,
        }
    }
}

/// A hook, without its secret.
#[must_use]
pub fn render(hook: &Hook, now: Timestamp) -> Value {
    wire::value(HookAnswer::of(hook, now))
}

/// A hook with its secret, which is shown this once.
#[must_use]
pub fn render_with_secret(hook: &Hook, secret: String, now: Timestamp) -> Value {
    let hook = HookAnswer::of(hook, now);
    wire::value(HookWithSecretAnswer { secret, hook })
}

/// Hooks, as `/hooks` has them.
#[must_use]
pub fn render_list(hooks: &[Hook], now: Timestamp) -> Value {
    let hooks = hooks.iter().map(|hook| HookAnswer::of(hook, now));
    let hooks = hooks.collect();
    wire::value(HooksAnswer { hooks })
}
