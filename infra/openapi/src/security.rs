//! How a request says who calls.

use roster_runtime::{Access, Route, function::route::Authority};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
};

const KEY: &str = "key";
const BEARER: &str = "bearer";

const KINDS: &str = "A key reads `rstr_<kind>_<id>_<secret><checksum>`. Its kind says what it may act \
for: `adm`, the operator, every organization; `org`, one organization; `usr`, one user, with that \
user's permissions; `ses`, a user who logged in, until the session ends. `POST /v2/keys` makes the \
first three, `POST /api/v2/login` a session.";

/// The schemes: one key, in either of two forms.
pub(crate) fn schemes() -> [(&'static str, SecurityScheme); 2] {
    let key = ApiKeyValue::with_description("Authorization", &format!("The key alone. {KINDS}"));
    let mut bearer = Http::new(HttpAuthScheme::Bearer);
    bearer.bearer_format = Some("rstr_<kind>_<id>_<secret><checksum>".to_owned());
    bearer.description = Some(format!("The key behind `Bearer`. {KINDS}"));
    [
        (KEY, SecurityScheme::ApiKey(ApiKey::Header(key))),
        (BEARER, SecurityScheme::Http(bearer)),
    ]
}

/// What an operation asks for.
pub(crate) fn requirements(access: Access) -> Vec<SecurityRequirement> {
    if access == Access::Public {
        return vec![SecurityRequirement::default()];
    }
    let none: [&str; 0] = [];
    [KEY, BEARER]
        .map(|scheme| SecurityRequirement::new(scheme, none))
        .into()
}

/// What an operation asks for, in words.
pub(crate) fn in_words(route: &Route) -> String {
    let words = who_may(route.access);
    match route.authority {
        Authority::Cached => words,
        Authority::Present => format!(
            "{words} A key or permission that was revoked since it was last checked no longer works here."
        ),
    }
}

fn who_may(access: Access) -> String {
    match access {
        Access::Public => "Needs no key.".to_owned(),
        Access::Key => "Needs any key. Users need no permission.".to_owned(),
        Access::Operator => "Needs an operator's key (`adm`).".to_owned(),
        Access::Permission(permission) => {
            format!("Needs a key. A user (`usr`, `ses`) needs the permission `{permission}`.")
        }
        Access::OwnOr(permission) => format!(
            "Needs a key. A user (`usr`, `ses`) needs the permission `{permission}`, except for themselves."
        ),
    }
}
