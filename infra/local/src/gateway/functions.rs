//! What runs the functions behind the gateway.

use std::{collections::HashMap, future::Future, sync::Arc, time::Duration};

use roster_authorizer::authorize::authorize;
use roster_runtime::{App, Route, function::serve};

use crate::{recorder, routes::operations};

/// The name of the function that says who is let in: its binary's.
pub const AUTHORIZER: &str = "authorizer-authorize";

/// Runs functions, as Lambda does: JSON goes in, and JSON comes out.
pub trait Functions: Send + Sync {
    /// What the function of this name answers to an event.
    ///
    /// # Errors
    /// When there is no such function, or it failed and answered nothing.
    fn invoke(
        &self,
        function: &str,
        event: String,
    ) -> impl Future<Output = Result<String, InvokeError>> + Send;
}

/// Why a function answered nothing. The text is for the log.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct InvokeError(String);

impl InvokeError {
    /// An error with this cause.
    pub fn new(cause: impl std::fmt::Display) -> Self {
        Self(cause.to_string())
    }
}

/// Runs the functions in this process, through the same reading of events and
/// writing of answers as in Lambda.
#[derive(Debug)]
pub struct InProcess {
    app: Arc<App>,
    by_name: HashMap<&'static str, (&'static Route, Duration)>,
}

impl InProcess {
    /// The authorizer and the function of every route, which work with this.
    #[must_use]
    pub fn new(app: Arc<App>) -> Self {
        let by_name = operations().into_iter().map(|operation| {
            let route = operation.route;
            (route.binary, (route, operation.needs.timeout.duration()))
        });
        Self {
            app,
            by_name: by_name.collect(),
        }
    }
}

impl Functions for InProcess {
    async fn invoke(&self, function: &str, event: String) -> Result<String, InvokeError> {
        if function == AUTHORIZER {
            let event = serde_json::from_str(&event).map_err(InvokeError::new)?;
            let answered = Box::pin(authorize(&self.app, event));
            let answered = recorder::as_function(function, answered).await;
            return Ok(answered.map_err(InvokeError::new)?.to_string());
        }
        let found = self.by_name.get(function);
        let (route, time) =
            found.ok_or_else(|| InvokeError::new(format!("there is no function {function}")))?;
        let event = serde_json::from_str(&event).map_err(InvokeError::new)?;
        // Boxed, as the authorizer's: without, what a request needs of the stack in a
        // debug build is all that a test's thread has.
        let answered = Box::pin(serve::answer(&self.app, route, event, *time));
        let answer = recorder::as_function(function, answered).await;
        serde_json::to_string(&answer).map_err(InvokeError::new)
    }
}
