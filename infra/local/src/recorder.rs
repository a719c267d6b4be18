//! Writes down which rights at DynamoDB the functions use, for
//! `tests/proofs/emulator/check_policies.py`, which holds the template's policies to it.
//!
//! With `ROSTER_RECORD_ACTIONS=<file>`, every call that a function makes is
//! noted there, once for each way of calling: a line of JSON with the function,
//! the action as IAM names it, the partition keys without what differs from item
//! to item, and the attributes that an update names. [`facts`] reads them from the
//! call, and from what the emulator's functions send.

pub mod facts;

use std::{
    collections::HashSet,
    fs::{File, OpenOptions},
    future::Future,
    io::Write,
    path::{Path, PathBuf},
    sync::{LazyLock, Mutex, PoisonError},
};

use aws_sdk_dynamodb::{
    config::{
        ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeTransmitInterceptorContextRef,
    },
    error::BoxError,
};

/// Names the file that facts are appended to.
pub const VARIABLE: &str = "ROSTER_RECORD_ACTIONS";

/// Where facts go; none where nothing is recorded.
static FILE: LazyLock<Option<PathBuf>> =
    LazyLock::new(|| std::env::var_os(VARIABLE).map(PathBuf::from));
/// What this process has written, so that it writes each fact once.
static WRITTEN: Mutex<Option<(File, HashSet<String>)>> = Mutex::new(None);

tokio::task_local! {
    static FUNCTION: String;
}

/// Runs a future as the function of this name (its binary's): what it asks
/// DynamoDB for is put down to the function.
pub async fn as_function<F: Future>(name: &str, future: F) -> F::Output {
    if FILE.is_none() {
        return future.await;
    }
    FUNCTION.scope(name.to_owned(), future).await
}

/// The recorder, as part of a client of DynamoDB.
#[derive(Debug)]
pub(crate) struct Recorder;

impl Recorder {
    /// The recorder, where something is to be recorded.
    pub(crate) fn from_env() -> Option<Self> {
        FILE.as_ref().map(|_| Self)
    }
}

impl Intercept for Recorder {
    fn name(&self) -> &'static str {
        "roster-recorder"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // Calls of no function are those of tests and of what starts the API.
        let (Some(file), Ok(function)) = (FILE.as_ref(), FUNCTION.try_with(Clone::clone)) else {
            return Ok(());
        };
        let call = context.request();
        let target = call.headers().get("x-amz-target").unwrap_or_default();
        let body = call.body().bytes().ok_or("a call without a body")?;
        facts::facts("dynamodb", target, "/", body)?
            .iter()
            .try_for_each(|fact| write(file, &fact.to_line(&function)))?;
        Ok(())
    }
}

/// Notes a call of the function that runs, of which nothing goes over a wire here.
pub(crate) fn note(service: &str, operation: &str) {
    let (Some(file), Ok(function)) = (FILE.as_ref(), FUNCTION.try_with(Clone::clone)) else {
        return;
    };
    let line = facts::Fact::of(service, operation).to_line(&function);
    if let Err(error) = write(file, &line) {
        tracing::error!(cause = %error, "a call was not recorded");
    }
}

/// Appends a line in one write, so that lines of several processes do not mix.
fn write(path: &Path, line: &str) -> std::io::Result<()> {
    let mut written = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
    if written.is_none() {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        *written = Some((file, HashSet::new()));
    }
    let Some((file, lines)) = &mut *written else {
        return Ok(());
    };
    if lines.insert(line.to_owned()) {
        file.write_all(format!("{line}\n").as_bytes())?;
    }
    Ok(())
}
