//! `docs/routes.md`: every route on one page.

use std::{fmt::Write as _, io, path::PathBuf};

use roster_local::routes;
use roster_runtime::{Access, Route, function::deployment::Operation};
use serde_json::Value;

use crate::{COMMAND, Generated, PACKAGES};

pub(crate) fn page() -> io::Result<Generated> {
    let routes = routes();
    let document = roster_openapi::document(&routes).map_err(io::Error::other)?;
    let document = serde_json::to_value(document).map_err(io::Error::other)?;
    Ok(Generated {
        path: PathBuf::from("docs/routes.md"),
        text: text(&document).map_err(io::Error::other)?,
    })
}

const INTRODUCTION: &str = "\
[api.md](api.md) says what holds for all routes. `GET /docs` of a running server shows
bodies, answers and errors.

**Who** may call: anybody; any key; users with a permission; or operators only. Keys of
organizations and operators need no permission. **Query**: the parameters that a query
may have. Beside them, an operator names the organization by `organization` in `/v2` and
`/api/v2`. **Round trips** to DynamoDB, one after another, for one thing or one page; a
test holds each operation to its number.
";

/// The page, of the operations' declarations and what the document says of them.
fn text(document: &Value) -> Result<String, std::fmt::Error> {
    // In order of the first route of each tag.
    let mut sections: Vec<(String, String)> = Vec::new();
    let operations = PACKAGES.iter().flat_map(|package| package.operations);
    for Operation { route, needs, .. } in operations {
        for (method, path) in route.matches {
            // A list answers with and without a slash at its end: one line.
            if path.ends_with('/') {
                continue;
            }
            let method_name = method.as_str().to_lowercase();
            let paths = document.get("paths").and_then(|all| all.get(*path));
            let operation = paths.and_then(|path| path.get(&method_name));
            let operation = operation.unwrap_or(&Value::Null);
            let text = |pointer: &str| operation.pointer(pointer).and_then(Value::as_str);
            let tag = text("/tags/0").unwrap_or_default();
            let summary = text("/summary").unwrap_or_default();
            let (who, query, trips) = (who(route), query(operation), needs.round_trips);
            let line = format!("| `{method} {path}` | {who} | {summary} | {query} | {trips} |\n");
            match sections.iter_mut().find(|(name, _)| name == tag) {
                Some((_, lines)) => lines.push_str(&line),
                None => sections.push((tag.to_owned(), line)),
            }
        }
    }
    let mut text = format!("# Routes\n\n<!-- Made by `{COMMAND}`. -->\n\n{INTRODUCTION}");
    for (name, lines) in sections {
        let head = "| Request | Who | What | Query | Round trips |\n|---|---|---|---|---|";
        write!(text, "\n## {name}\n\n{head}\n{lines}")?;
    }
    Ok(text)
}

fn who(route: &Route) -> String {
    match route.access {
        Access::Public => "anybody".to_owned(),
        Access::Key => "any key".to_owned(),
        Access::Permission(permission) => format!("`{}`", permission.name()),
        Access::OwnOr(permission) => format!("`{}`, or about oneself", permission.name()),
        Access::Operator => "operators".to_owned(),
    }
}

/// The parameters that a query may have, without the one that all have.
fn query(operation: &Value) -> String {
    let all = operation.get("parameters").and_then(Value::as_array);
    let text = |one: &'_ Value, name: &str| one.get(name)?.as_str().map(str::to_owned);
    let of_query = all
        .into_iter()
        .flatten()
        .filter(|one| text(one, "in").as_deref() == Some("query"));
    let names: Vec<_> = of_query
        .filter_map(|one| text(one, "name"))
        .filter(|name| *name != "organization")
        .map(|name| format!("`{name}`"))
        .collect();
    names.join(", ")
}
