//! The template: what is hand-written, with the functions put in.

use std::{fs, io, path::Path};

use crate::{
    COMMAND, PACKAGES,
    functions::{self, Gradual},
};

/// The hand-written parts. A line of the first that names another part, or the
/// functions, is where those go.
const BASE: &str = "base.yaml";
const PARTS: [&str; 1] = ["monitoring.yaml"];
const FUNCTIONS: &str = "functions";

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
    let all: String = PACKAGES
        .iter()
        .map(|package| functions::of(package, gradual))
        .collect();
    put(&mut text, FUNCTIONS, all.trim_end_matches('\n'))?;
    if gradual.is_some() {
        replace(&mut text, AUTHORIZER, AUTHORIZER_ALIAS)?;
    }
    Ok(text)
}

/// Puts a part where the line is that names it.
fn put(text: &mut String, name: &str, part: &str) -> io::Result<()> {
    let mark = format!("  # Here: {name}");
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
