//! Serving a route: in Lambda's loop, and wherever an API Gateway event comes
//! from.

use std::{convert::Infallible, time::Instant};

use lambda_http::{Body, Request, RequestExt, http::Response, request::RequestContext, service_fn};
use roster_domain::Error;
use roster_store::meter::{self, Usage};

use crate::{App, Call, Reply, Route, log, problem, route::Access};

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
pub fn serve(route: &'static Route) -> Result<(), lambda_http::Error> {
    log::start(log::Format::Json);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let app = App::from_env()?;
        let app = &app;
        lambda_http::run(service_fn(|request| async move {
            Ok::<_, Infallible>(invoke(app, route, request).await)
        }))
        .await
    })
}

/// Serves one request. What goes wrong is rendered and logged here, once.
pub async fn invoke(app: &App, route: &Route, request: Request) -> Response<Body> {
    let started = Instant::now();
    let request_id = request_id(&request);
    let (outcome, usage) = meter::metered(async {
        let call = Call::new(app, &request, &request_id);
        ends_where_the_route_does(&request)?;
        call.may(route.access)?;
        route.repeats.check(&request)?;
        let answered = (route.handler)(&call).await;
        answered.map_err(|error| call.at_largest_field(error))
    })
    .await;
    let (reply, error) = match outcome {
        Ok(reply) => (reply, None),
        Err(error) => {
            let shown = (route.access != Access::Public).then_some(request_id.as_str());
            ((route.render_error)(&error, shown), Some(error))
        }
    };
    log_request(
        route,
        &request,
        &request_id,
        &reply,
        error.as_ref(),
        usage,
        started,
    );
    let mut response = reply.into_response();
    if request.headers().contains_key(COST_HEADER)
        && app.expose_cost
        && let Ok(value) = cost(usage).parse()
    {
        response.headers_mut().insert(COST_HEADER, value);
    }
    response
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

fn request_id(request: &Request) -> String {
    match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.request_id.clone(),
        _ => None,
    }
    .unwrap_or_default()
}

/// The path without the secret that a link to finish a sign-up holds.
fn logged_path(request: &Request) -> String {
    let path = request.uri().path();
    let parameters = request.path_parameters_ref();
    match parameters.and_then(|parameters| parameters.first("token")) {
        Some(_) => match path.rsplit_once('/') {
            Some((head, _)) => format!("{head}/{{token}}"),
            None => String::new(),
        },
        None => path.to_owned(),
    }
}

fn log_request(
    route: &Route,
    request: &Request,
    request_id: &str,
    reply: &Reply,
    error: Option<&Error>,
    usage: Usage,
    started: Instant,
) {
    let caller = crate::caller::Caller::from_request(request);
    let key = caller
        .map(|caller| caller.key().to_string())
        .unwrap_or_default();
    let (method, path) = (request.method().as_str(), logged_path(request));
    let status = reply.status.as_u16();
    let microseconds = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let Usage {
        round_trips,
        read_units,
        write_units,
        ..
    } = usage;
    match error {
        Some(error) if problem::status(error).is_server_error() => {
            let cause = match error {
                Error::Internal(cause) => cause.to_string(),
                other => other.to_string(),
            };
            tracing::error!(
                request_id,
                function = route.binary,
                status,
                key,
                microseconds,
                round_trips,
                read_units,
                write_units,
                cause,
                "{method} {path} {status}"
            );
        }
        _ => tracing::info!(
            request_id,
            function = route.binary,
            status,
            key,
            microseconds,
            round_trips,
            read_units,
            write_units,
            "{method} {path} {status}"
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn a_list_may_end_with_a_slash_and_goes_on_no_further() {
        let with = |parameters: &[(&str, &str)]| {
            let owned = parameters
                .iter()
                .map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
            Request::default().with_path_parameters(owned.collect::<HashMap<_, _>>())
        };
        for ended in [with(&[]), with(&[("proxy", "")]), with(&[("team_id", "a")])] {
            assert!(ends_where_the_route_does(&ended).is_ok());
        }
        let going_on = with(&[("proxy", "a/b")]);
        assert!(matches!(
            ends_where_the_route_does(&going_on),
            Err(Error::NotFound(_))
        ));
    }
}
