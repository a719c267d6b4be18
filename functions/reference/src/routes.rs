//! The operations that say what the others are.

use roster_domain::Field;
use roster_runtime::{answer::problem, function::route::Access::Public};

use crate::{docs, openapi};

roster_runtime::routes! {
    problem::render, Field::nowhere => {
        /// The OpenAPI document.
        OPENAPI = "reference-openapi", Public, Cached, openapi::get,
            [GET "/openapi.json"] => {};
        /// The same for people.
        DOCS = "reference-docs", Public, Cached, docs::get,
            [GET "/docs"] => {};
    }
}
