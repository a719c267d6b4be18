//! What the audit log says of a request, before it does anything.

use std::collections::BTreeSet;

use lambda_http::Request;
use roster_domain::audit::{ActorKind, AuditActor, MAX_FIELDS};
use roster_store::audit::Audited;
use serde_json::Value;

use crate::{
    Call,
    request::{caller::Caller, gateway::context},
};

/// What paths name, and the kind of what that is about.
const COLLECTIONS: [(&str, &str); 13] = [
    ("login", "user"),
    ("logout", "session"),
    ("users", "user"),
    ("user", "user"),
    ("resetUserPassword", "user"),
    ("teams", "team"),
    ("events", "event"),
    ("e", "event"),
    ("holds", "hold"),
    ("hooks", "hook"),
    ("keys", "key"),
    ("org", "organization"),
    ("organizations", "organization"),
];
/// Longest name of a field that is kept.
const MAX_NAME: usize = 64;

impl Call<'_> {
    /// What the audit log says of this request.
    pub(crate) fn to_audited(&self, route: &'static str, days: u32) -> Audited {
        let caller = self.caller().ok();
        let request = self.request();
        let named = self.query_parameter("organization").ok().flatten();
        let named = named.and_then(|named| named.parse().ok());
        let organization = match caller {
            Some(Caller::Organization { organization, .. } | Caller::User { organization, .. }) => {
                Some(organization)
            }
            Some(Caller::Operator { .. }) | None => named,
        };
        let id = context(request).and_then(|context| context.request_id.clone());
        Audited {
            operation: route,
            actor: actor(caller, request.uri().path()),
            address: self.source_address(),
            organization,
            about: about(request.uri().path()),
            fields: fields(request),
            request: id.unwrap_or_default(),
            days,
        }
    }
}

fn actor(caller: Option<Caller>, path: &str) -> AuditActor {
    let kind = match caller {
        Some(Caller::Operator { .. }) => ActorKind::Operator,
        Some(Caller::Organization { .. }) => ActorKind::Organization,
        Some(Caller::User { session: false, .. }) => ActorKind::User,
        Some(Caller::User { session: true, .. }) => ActorKind::Session,
        None if path.starts_with("/e/") => ActorKind::Guest,
        None if path.starts_with("/signup/") => ActorKind::SignUp,
        None => ActorKind::Login,
    };
    let user = match caller {
        Some(Caller::User { user, .. }) => Some(user),
        _ => None,
    };
    AuditActor {
        kind,
        key: caller.map(Caller::key),
        user,
    }
}

/// The kind of what a path is about, and its id where that is one: the last collection in
/// it, and what stands behind that.
fn about(path: &str) -> Option<(&'static str, Option<String>)> {
    let steps: Vec<_> = path.split('/').filter(|step| !step.is_empty()).collect();
    let kind_of = |step: &str| COLLECTIONS.iter().find(|(name, _)| *name == step);
    let place = steps.iter().rposition(|step| kind_of(step).is_some())?;
    let (_, kind) = kind_of(steps.get(place)?)?;
    let id = steps.get(place + 1);
    let id = id.and_then(|id| id.parse::<roster_domain::id::ObjectId>().ok());
    Some((kind, id.map(|id| id.to_string())))
}

/// The names of the fields that a body has, two levels deep; never what is in them.
fn fields(request: &Request) -> Vec<String> {
    let mut names = BTreeSet::new();
    match serde_json::from_slice(request.body().as_ref()) {
        Ok(Value::Object(object)) => collect(&object, &mut names),
        Ok(Value::Array(elements)) => {
            for object in elements.iter().filter_map(Value::as_object) {
                collect(object, &mut names);
            }
        }
        Ok(_) => {}
        Err(_) => {
            let form = url::form_urlencoded::parse(request.body().as_ref());
            names.extend(form.map(|(name, _)| name.into_owned()));
        }
    }
    names.retain(|name| is_name(name));
    names.into_iter().take(MAX_FIELDS).collect()
}

fn collect(object: &serde_json::Map<String, Value>, names: &mut BTreeSet<String>) {
    for (name, value) in object {
        match value.as_object().filter(|inner| !inner.is_empty()) {
            Some(inner) => names.extend(inner.keys().map(|inner| format!("{name}.{inner}"))),
            None => drop(names.insert(name.clone())),
        }
    }
}

/// Whether it looks like the name of a field: a body may have anything as one.
fn is_name(name: &str) -> bool {
    let is_usual = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    !name.is_empty() && name.len() <= MAX_NAME && name.chars().all(is_usual)
}

#[cfg(test)]
mod tests {
    use lambda_http::Body;

    use super::*;

    #[test]
    fn what_a_path_is_about_is_the_last_thing_in_it_that_has_an_id() {
        let id = "5f11747afb208c814fd24bb7";
        let other = "5f11747afb208c814fd24bb8";
        for (path, kind, named) in [
            (format!("/v2/users/{id}"), "user", Some(id)),
            ("/v2/users".to_owned(), "user", None),
            (
                format!("/v2/teams/{other}/events/{id}/reassign"),
                "event",
                Some(id),
            ),
            (format!("/v2/teams/{other}/events"), "event", None),
            (
                format!("/v2/teams/{id}/members/{other}/admin"),
                "team",
                Some(id),
            ),
            (
                format!("/v2/events/{id}/invitees/{other}"),
                "event",
                Some(id),
            ),
            (format!("/v2/hooks/{id}/rotate"), "hook", Some(id)),
            ("/api/v2/users/7/perms".to_owned(), "user", None),
            ("/api/v1/org/7".to_owned(), "organization", None),
            (format!("/e/{id}"), "event", Some(id)),
        ] {
            let named = named.map(str::to_owned);
            assert_eq!(about(&path), Some((kind, named)), "{path}");
        }
        assert_eq!(about("/api/v1/login"), Some(("user", None)));
        assert_eq!(about("/v2/auth/test"), None);
    }

    #[test]
    fn fields_are_named_and_their_values_are_not() {
        let named = |body: &str| fields(&Request::new(Body::from(body)));
        let login = r#"{"user":{"email":"a@x.org"},"login":{"credentials":{"password":"p"}}}"#;
        assert_eq!(named(login), ["login.credentials", "user.email"]);
        assert_eq!(
            named("first_name=Ada&password=p"),
            ["first_name", "password"]
        );
        assert_eq!(named(r#"[{"name":"a"},{"extid":"b"}]"#), ["extid", "name"]);
        assert_eq!(named(r#"{"a b":1,"<script>":2,"":3}"#), [""; 0]);
        assert_eq!(named(""), [""; 0]);
    }
}
