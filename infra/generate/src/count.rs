//! How many resources a stack has, once SAM has expanded the template.

use crate::PACKAGES;

/// Most resources of a stack that CloudFormation allows.
pub const LIMIT: usize = 500;
/// Most that this project allows itself.
pub const ALLOWED: usize = 470;
/// How many operations the stack is to have room for.
pub const PLANNED_OPERATIONS: usize = 120;

/// A version, an alias and a deployment group.
const GRADUAL_FUNCTION: usize = 3;
/// The application of CodeDeploy.
const GRADUAL_STACK: usize = 1;
/// A function and its role.
const FUNCTION: usize = 2;
/// What SAM makes of the hand-written part beyond what stands there: the API's
/// stage and the authorizer's permission; the roles of the functions on the stream and on
/// queues.
const EXPANDED: usize = 5;

/// The resources of a stack.
#[derive(Debug, Clone, Copy)]
pub struct Resources {
    /// As it is.
    pub now: usize,
    /// With [`PLANNED_OPERATIONS`], of which each has as many routes as today's
    /// have on average.
    pub planned: usize,
}

/// Counts the resources that the template expands to.
#[must_use]
pub fn resources(template: &str, is_gradual: bool) -> Resources {
    // Each begins a line, in from the section that it stands in.
    let resources = template
        .split_once("\nResources:\n")
        .map_or("", |(_, rest)| rest);
    let resources = resources
        .split("\nOutputs:\n")
        .next()
        .unwrap_or_default()
        .lines()
        .filter(|line| line.starts_with("    Type: "))
        .count();
    let operations = || PACKAGES.iter().flat_map(|package| package.operations);
    let routes: usize = operations()
        .map(|operation| operation.route.matches.len())
        .sum();
    let functions = PACKAGES.iter().flat_map(|package| package.functions);
    let (count, others) = (operations().count(), functions.clone().count());
    let gradual = operations()
        .map(|operation| operation.needs)
        .chain(functions.map(|function| function.needs))
        .filter(|needs| is_gradual && needs.gradual)
        .count();
    let gradual = match gradual {
        0 => 0,
        count => GRADUAL_STACK + count * GRADUAL_FUNCTION,
    };
    // The functions stand in the template; their roles and permissions do not.
    let now = resources + EXPANDED + count + others + routes + gradual;
    let more = PLANNED_OPERATIONS.saturating_sub(count);
    let more_routes = (more * routes).div_ceil(count.max(1));
    Resources {
        now,
        planned: now + more * FUNCTION + more_routes,
    }
}
