//! `/api/v2/login` and `/api/v2/logout`.

use std::net::{IpAddr, Ipv4Addr};

use lambda_http::http::StatusCode;
use roster_domain::{Error, Result};
use roster_runtime::{Call, Reply, request::call::MAX_BODY, request::caller::Caller};
use roster_store::access::sign_in::{SignIn, SignedIn};

use crate::wire;

/// `POST /api/v2/login`: a session's token for a login name and its password.
///
/// Each attempt is a log line with `login`, which the stack's metrics count.
/// Neither the name nor the address is in it.
pub async fn login(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let (name, password) = wire::read_login(&call.json(MAX_BODY)?)?;
    let unknown = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let sign_in = SignIn {
        name,
        password,
        address: call.source_address().unwrap_or(unknown),
    };
    match call.store.sign_in(sign_in).await? {
        SignedIn::Session(token) => {
            tracing::info!(login = "ok", "logged in");
            let reply = Reply::json(StatusCode::OK, &wire::render_session(&token));
            Ok(reply.with_secret())
        }
        SignedIn::Wrong => {
            tracing::info!(login = "wrong", "login refused");
            Err(Error::WrongCredentials)
        }
        SignedIn::TooMany(wait) => {
            tracing::info!(login = "limited", "login refused");
            Err(Error::TooManyAttempts(wait))
        }
    }
}

/// `POST /api/v2/logout`: ends the session that calls.
pub async fn logout(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    call.no_fields()?;
    let Caller::User {
        key, session: true, ..
    } = call.caller()?
    else {
        return Err(Error::Forbidden(
            "logging out ends a session; a key ends with DELETE /v2/keys/{key_id}".to_owned(),
        ));
    };
    call.store.end_session(key).await?;
    let body = wire::render_success("Logged out");
    Ok(Reply::json(StatusCode::OK, &body))
}
