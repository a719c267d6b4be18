//! What the proof on the emulator has in common with the local API: the gateway, and
//! the facts that the recorder writes. `tests/proofs/emulator/program.py` runs it.
//!
//! ```text
//! emulator gateway LAMBDA PORT
//!     Serves the routes that the first line of standard input lists as JSON, on this
//!     port of 127.0.0.1 (0: any), with the functions at the URL of a Lambda API.
//!     Prints its own URL, and stops when standard input ends.
//! emulator facts
//!     Turns recorded calls, a line of JSON each on standard input, into facts for
//!     check_policies.py.
//! ```

mod lambda;

use std::{
    collections::BTreeSet,
    env,
    error::Error,
    io::{self, BufRead as _, Read as _},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use roster_local::{
    gateway::{
        Gateway,
        authorizer_cache::AuthorizerCache,
        router::{GatewayRoute, Router},
    },
    recorder::facts::facts,
    server,
};
use roster_runtime::function::log;
use serde::Deserialize;
use tokio::{net::TcpListener, sync::oneshot};

use lambda::LambdaApi;

const USAGE: &str = "usage: emulator gateway LAMBDA PORT | emulator facts";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["gateway", lambda, port] => gateway(lambda, port),
        ["facts"] => print_facts(),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("emulator: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn gateway(lambda: &str, port: &str) -> Result<(), Box<dyn Error>> {
    // What the gateway answers by itself is the client's to check; why it failed is not.
    let standard_error = log::to(log::Format::Text, io::stderr);
    tracing::subscriber::set_global_default(standard_error)?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let routes: Vec<GatewayRoute> = serde_json::from_str(&line)?;
    let listener = TcpListener::bind(("127.0.0.1", port.parse()?)).await?;
    let address = listener.local_addr()?;
    let gateway = Arc::new(Gateway {
        functions: LambdaApi::new(lambda),
        router: Router::new(routes)?,
        // Whoever is let in is asked for each time, so that each call counts.
        cache: AuthorizerCache::new(Duration::ZERO),
        address,
    });
    let answer = move |request, peer| {
        let gateway = Arc::clone(&gateway);
        async move { gateway.serve(request, peer).await }
    };
    let (stop, stopped) = oneshot::channel();
    tokio::task::spawn_blocking(move || {
        // It ends with whoever started it, also where that one cannot say so.
        let _ = io::stdin().lock().read_to_end(&mut Vec::new());
        drop(stop);
    });
    println!("http://{address}");
    server::serve(listener, answer, stopped).await;
    Ok(())
}

/// A call as `tests/proofs/emulator/recorder.py` writes it down.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    function: String,
    service: String,
    target: String,
    path: String,
    body: String,
}

fn print_facts() -> Result<(), Box<dyn Error>> {
    let mut lines = BTreeSet::new();
    for line in io::stdin().lock().lines() {
        let call: Recorded = serde_json::from_str(&line?)?;
        let found = facts(
            &call.service,
            &call.target,
            &call.path,
            call.body.as_bytes(),
        );
        let found = found.map_err(|error| format!("{}: {error}", call.function))?;
        lines.extend(found.iter().map(|fact| fact.to_line(&call.function)));
    }
    for line in lines {
        println!("{line}");
    }
    Ok(())
}
