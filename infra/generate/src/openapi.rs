//! The OpenAPI document.

use std::{io, path::PathBuf};

use roster_local::routes;

use crate::Generated;

pub(crate) fn document() -> io::Result<Generated> {
    let document = roster_openapi::document(&routes()).map_err(io::Error::other)?;
    Ok(Generated {
        path: PathBuf::from("docs/openapi.json"),
        text: roster_openapi::text(&document).map_err(io::Error::other)?,
    })
}
