//! The template: what is hand-written, with the functions put in.

use std::{fs, io, path::Path};

use roster_runtime::function::deployment::Timeout;

use crate::{
    COMMAND, PACKAGES,
    functions::{self, Gradual, Made},
};

/// The hand-written parts. A line of the first that names another part, or the
/// functions, is where those go.
const BASE: &str = "base.yaml";
const PARTS: [&str; 1] = ["monitoring.yaml"];
const FUNCTIONS: &str = "functions";
const THROTTLES: &str = "throttles";
const TIMEOUT: &str = "timeout";

/// How the API knows its authorizer. Where that one is deployed bit by bit, the API
/// calls its alias.
const AUTHORIZER: &str = "FunctionArn: !GetAtt AuthorizerAuthorizeFunction.Arn";
const AUTHORIZER_ALIAS: &str = "FunctionArn: !Ref AuthorizerAuthorizeFunction.Alias";

/// The whole template; for a gradual deployment where one is given.
///
/// # Errors
/// Where a part cannot be read, or nothing says where it goes.
pub fn template(root: &Path, gradual: Option<&Gradual>) -> io::Result<String> {
    let folder = root.join("infra/template");
    let mut text = format!(
        "# Generated of infra/template/ and the routes in functions/*/src/routes.rs: {COMMAND}\n{}",
        fs::read_to_string(folder.join(BASE))?
    );
    for part in PARTS {
        put(&mut text, part, &fs::read_to_string(folder.join(part))?)?;
    }
    let mut made = Made::default();
    let mut all: String = PACKAGES
        .iter()
        .map(|package| functions::of(package, gradual, &mut made))
        .collect();
    let timeout = format!("    Timeout: {}", Timeout::DEFAULT);
    put(&mut text, TIMEOUT, &timeout)?;
    put(&mut text, THROTTLES, &functions::throttles(&PACKAGES))?;
    if gradual.is_some() {
        all.push_str(functions::deployment_role());
    }
    put(&mut text, FUNCTIONS, all.trim_end_matches('\n'))?;
    if gradual.is_some() {
        replace(&mut text, AUTHORIZER, AUTHORIZER_ALIAS)?;
    }
    Ok(text)
}

/// Puts a part where the line is that names it.
fn put(text: &mut String, name: &str, part: &str) -> io::Result<()> {
    let mark = format!("# Here: {name}");
    let indent = text.lines().find_map(|line| line.strip_suffix(&mark));
    let mark = format!("{}{mark}", indent.unwrap_or_default());
    replace(text, &mark, part.trim_end_matches('\n'))
}

fn replace(text: &mut String, from: &str, to: &str) -> io::Result<()> {
    if text.matches(from).count() != 1 {
        return Err(io::Error::other(format!(
            "the template must have {from:?} once"
        )));
    }
    *text = text.replace(from, to);
    Ok(())
}
