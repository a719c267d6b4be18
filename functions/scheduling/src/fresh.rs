//! People's own calendars, read before a search or a booking goes by them, where what is known
//! of them is older than the deployment wants (`CalendarAgeMinutes`).

use std::{sync::OnceLock, time::Duration};

use aws_sdk_lambda::{Client, primitives::Blob};
use roster_domain::{Error, Result, TeamId, UserId, calendars::Calendars};
use roster_runtime::{
    Call,
    function::{aws, calendar_reader::ReadNow, variable::Variable},
};
use roster_store::Tenant;

/// How long a request waits. What comes later counts the next time.
const PATIENCE: Duration = Duration::from_secs(2);

/// Reads those that are too old. Answers whether there were some: what was read of agendas
/// before may be another now.
pub(crate) async fn freshen(call: &Call<'_>, tenant: &Tenant<'_>, known: &[Calendars]) -> bool {
    let Some(age) = call.app.calendar_age else {
        return false;
    };
    let now = call.store.now;
    let old = known.iter().filter(|own| own.are_older(age, now));
    let users: Vec<_> = old.filter_map(|own| own.whose.user()).collect();
    if users.is_empty() {
        return false;
    }
    let asked = async {
        let asked = ReadNow {
            organization: tenant.organization_id()?,
            users,
            older_than_seconds: age.as_secs(),
        };
        match &call.app.calendar_reader {
            Some(reader) => reader.read(asked).await,
            None => invoke(&asked).await,
        }
    };
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            let cause = error.cause();
            tracing::error!(cause, "calendars could not be read on demand");
        }
        Err(_) => tracing::info!("calendars take longer to read than a request waits"),
    }
    true
}

/// Reads those of a team's members, before one of them is booked.
///
/// # Errors
/// When the table cannot be reached.
pub(crate) async fn freshen_team(call: &Call<'_>, tenant: &Tenant<'_>, team: TeamId) -> Result<()> {
    if call.app.calendar_age.is_some() {
        let known = tenant.calendars_of_team(team).await?;
        freshen(call, tenant, &known).await;
    }
    Ok(())
}

/// Reads those of users, before their time is held.
///
/// # Errors
/// When the table cannot be reached.
pub(crate) async fn freshen_users(
    call: &Call<'_>,
    tenant: &Tenant<'_>,
    users: &[UserId],
) -> Result<()> {
    if call.app.calendar_age.is_some() {
        let known = tenant.calendars_of(users).await?;
        freshen(call, tenant, &known).await;
    }
    Ok(())
}

/// Calls the function that reads calendars, and waits until it has.
async fn invoke(asked: &ReadNow) -> Result<()> {
    /// What it is called with.
    #[derive(serde::Serialize)]
    struct Event<'a> {
        read: &'a ReadNow,
    }
    static LAMBDA: OnceLock<Client> = OnceLock::new();

    let function = Variable::CalendarsFunction
        .require()
        .map_err(Error::internal)?;
    let client = LAMBDA.get_or_init(|| Client::new(&aws::config(aws::https_client())));
    let event = serde_json::to_vec(&Event { read: asked }).map_err(Error::internal)?;
    let call = client.invoke().function_name(function);
    let answer = call.payload(Blob::new(event)).send().await;
    let answer = answer.map_err(Error::internal)?;
    match answer.function_error() {
        None => Ok(()),
        Some(kind) => Err(Error::internal(format!("the function failed: {kind}"))),
    }
}
