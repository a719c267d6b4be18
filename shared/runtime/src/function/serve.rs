//! Serving a route: in Lambda's loop, and wherever an API Gateway event comes
//! from.

use std::{
    convert::Infallible,
    future::Future,
    panic::AssertUnwindSafe,
    time::{Duration, Instant, SystemTime},
};

use futures_util::FutureExt as _;
use lambda_http::{Request, RequestExt as _};
use lambda_runtime::{LambdaEvent, service_fn};
use roster_domain::{Error, UserId};
use roster_store::dynamodb::capacity::{self, Usage};
use serde::{Serialize, de::DeserializeOwned};
use tracing::Instrument as _;

use crate::{
    App, Call, Reply, Route,
    answer::gzip,
    answer::lambda::{Answer, MAX_PAYLOAD, encoded_length},
    answer::problem,
    function::log,
    function::route::Access,
    request::event::Event,
    request::gateway::context,
};

/// Header with what a request cost at DynamoDB, in the answer to a request that
/// has the same header, where [`App::expose_cost`] is on.
const COST_HEADER: &str = "x-roster-cost";

/// The path parameter of the routes that stand for a slash at the end.
const BEHIND_SLASH: &str = "proxy";

/// The main function of a Lambda binary: serves one route until the end of the
/// process.
///
/// # Errors
/// When the configuration is incomplete or the runtime cannot be reached.
pub fn serve(route: &'static Route) -> Result<(), lambda_runtime::Error> {
    in_lambda(async |app| {
        lambda_runtime::run(service_fn(|event: LambdaEvent<Event>| async move {
            let time = left(event.context.deadline());
            Ok::<_, Infallible>(answer(app, route, event.payload, time).await)
        }))
        .await
    })
}

/// The main function of a Lambda binary that serves no route: hands events to
/// `handler` until the end of the process. Whatever is logged meanwhile has the
/// id of the invocation.
///
/// # Errors
/// As [`serve`].
pub fn run<E, A>(
    handler: impl AsyncFn(&App, LambdaEvent<E>) -> Result<A, lambda_runtime::Error>,
) -> Result<(), lambda_runtime::Error>
where
    E: DeserializeOwned,
    A: Serialize,
{
    let handler = &handler;
    in_lambda(async |app| {
        lambda_runtime::run(service_fn(|event: LambdaEvent<E>| {
            let span = log::request(&event.context.request_id);
            handler(app, event).instrument(span)
        }))
        .await
    })
}

/// How long it is until Lambda stops the function.
#[expect(
    clippy::disallowed_methods,
    reason = "Lambda says when by the machine's clock: handlers go by App::clock"
)]
fn left(deadline: SystemTime) -> Duration {
    let left = deadline.duration_since(SystemTime::now());
    left.unwrap_or_default()
}

fn in_lambda(
    run: impl AsyncFnOnce(&App) -> Result<(), lambda_runtime::Error>,
) -> Result<(), lambda_runtime::Error> {
    log::start(log::Format::Json);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let app = App::from_env()?;
        app.table.connect().await;
        run(&app).await
    })
}

/// Serves one event in this time: what takes longer is answered with a 503. Whatever is
/// logged meanwhile has the request's id.
pub async fn answer(app: &App, route: &Route, event: Event, time: Duration) -> Answer {
    let request = event.into_request();
    let request_id = context(&request).and_then(|context| context.request_id.as_deref());
    let request_id = request_id.unwrap_or_default();
    let span = log::request(request_id);
    answer_request(app, route, &request, request_id, time)
        .instrument(span)
        .await
}

/// What goes wrong is rendered and logged here, once.
async fn answer_request(
    app: &App,
    route: &Route,
    request: &Request,
    request_id: &str,
    time: Duration,
) -> Answer {
    let started = Instant::now();
    let work = without_panic(async {
        if let Some(edge) = &app.edge {
            edge.admit(request.headers())?;
        }
        ends_where_the_route_does(request)?;
        let mut call = Call::of_route(app, request, route);
        let answered = match call
            .admit(route)
            .and_then(|()| route.repeats.check(request))
        {
            Ok(()) => (route.handler)(&call).await,
            Err(error) => Err(error),
        };
        if let Err(Error::Forbidden(_)) = &answered {
            Box::pin(note_refusal(&call)).await;
        }
        answered.map_err(|error| call.at_largest_field(error.located(route.locate)))
    });
    let (outcome, usage) = capacity::counted(in_time(time, work)).await;
    let render = |error: &Error| {
        let shown = (route.access != Access::Public).then_some(request_id);
        (route.render_error)(error, shown)
    };
    let finish = |reply: Reply| {
        let reply = gzip::negotiated(request.headers(), reply);
        Answer::from(
            if request.headers().contains_key(COST_HEADER) && app.expose_cost {
                let name = lambda_http::http::HeaderName::from_static(COST_HEADER);
                reply.with_header(name, &cost(usage))
            } else {
                reply
            },
        )
    };
    let mut error = None;
    let mut failed = |cause: Error| {
        let reply = render(&cause);
        error = Some(cause);
        reply
    };
    let reply = outcome.unwrap_or_else(&mut failed);
    let mut status = reply.status;
    let mut answer = finish(reply);
    // Whatever can grow is cut to fit. What is not would end as an error of the
    // platform that no log explains.
    let length = encoded_length(&answer);
    if length > MAX_PAYLOAD {
        let cause = format!("the response would have {length} bytes; the maximum is {MAX_PAYLOAD}");
        let reply = failed(Error::internal(cause));
        status = reply.status;
        answer = finish(reply);
    }
    log_request(
        route,
        request,
        status.as_u16(),
        error.as_ref(),
        usage,
        started,
    );
    answer
}

/// Notes in the audit log that a caller may not do what they asked for. Where that cannot be
/// noted, they are told all the same.
async fn note_refusal(call: &Call<'_>) {
    if call.caller().is_err() {
        return;
    }
    if let Err(error) = call.store.note_refusal().await {
        let cause = error.to_string();
        tracing::warn!(cause, "a refusal is not in the audit log");
    }
}

/// What is left of a function's time to say that it is up.
const RESERVE: Duration = Duration::from_millis(500);

/// The work, as far as there is time for it. A write that is under way may be made or not,
/// as where an answer of the database is lost.
async fn in_time<T>(
    time: Duration,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let outcome = tokio::time::timeout(time.saturating_sub(RESERVE), work).await;
    outcome.unwrap_or_else(|_| Err(Error::Unavailable("the function's time is up".to_owned())))
}

/// A panic as an error: it ends a request, not the process. The log says where
/// it was.
async fn without_panic<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    // What the work shares with others is theirs to keep whole at every step: no
    // lock of theirs is held while a handler runs.
    let outcome = AssertUnwindSafe(work).catch_unwind().await;
    outcome.unwrap_or_else(|_| Err(Error::internal("a panic")))
}

/// Refuses a path that goes on behind the slash at the end of a list. No route
/// of an HTTP API can end with a slash; the greedy one that infra/template.yaml
/// has instead takes whatever follows.
fn ends_where_the_route_does(request: &Request) -> Result<(), Error> {
    let parameters = request.path_parameters_ref();
    match parameters.and_then(|parameters| parameters.first(BEHIND_SLASH)) {
        None | Some("") => Ok(()),
        Some(_) => Err(Error::NotFound("operation")),
    }
}

fn cost(usage: Usage) -> String {
    let Usage {
        round_trips,
        calls,
        read_units,
        write_units,
    } = usage;
    format!("round_trips={round_trips} calls={calls} read={read_units} write={write_units}")
}

/// The operation, as the code names it, and never as the request does: somebody
/// may have put a secret into its path.
fn operation(route: &Route, request: &Request) -> String {
    let key = context(request).and_then(|context| context.route_key.as_deref());
    let name = |(method, path): &(crate::function::route::Method, &str)| format!("{method} {path}");
    let mut names = route.matches.iter().map(name);
    let first = names.next().unwrap_or_default();
    names
        .find(|name| key == Some(name.as_str()))
        .unwrap_or(first)
}

/// The parameters of the path that are ids or numbers, as they were read.
fn ids(request: &Request) -> String {
    let parameters = request.path_parameters_ref();
    let read = |(name, value): (&str, &str)| {
        let id = value.parse::<UserId>().map(|id| id.to_string());
        let number = || value.parse::<u64>().map(|number| number.to_string());
        let value = id.ok().or_else(|| number().ok())?;
        Some(format!("{name}={value}"))
    };
    let mut ids: Vec<_> = parameters
        .into_iter()
        .flat_map(|parameters| parameters.iter())
        .filter_map(read)
        .collect();
    ids.sort_unstable();
    ids.join(" ")
}

fn log_request(
    route: &Route,
    request: &Request,
    status: u16,
    error: Option<&Error>,
    usage: Usage,
    started: Instant,
) {
    let caller = crate::request::caller::Caller::from_request(request);
    let key = caller
        .map(|caller| caller.key().to_string())
        .unwrap_or_default();
    let (operation, ids) = (operation(route, request), ids(request));
    let microseconds = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let Usage {
        round_trips,
        read_units,
        write_units,
        ..
    } = usage;
    match error {
        Some(error) if problem::status(error).is_server_error() => {
            let cause = error.cause();
            tracing::error!(
                function = route.binary,
                status,
                ids,
                key,
                microseconds,
                round_trips,
                read_units,
                write_units,
                cause,
                "{operation} {status}"
            );
        }
        _ => tracing::info!(
            function = route.binary,
            status,
            ids,
            key,
            microseconds,
            round_trips,
            read_units,
            write_units,
            "{operation} {status}"
        ),
    }
}

#[cfg(test)]
mod tests;
