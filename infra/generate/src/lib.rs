//! What is made of the declarations of the operations: the template that
//! `sam deploy` takes, the binaries, the OpenAPI document and the page of routes. All
//! of it is checked in; a test holds what is checked in to what this crate makes.

mod binaries;
pub mod count;
pub mod functions;
mod openapi;
mod routes_page;
pub mod template;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use roster_runtime::function::deployment::{Function, Operation};

/// The command that writes what is generated, from the workspace's root.
pub const COMMAND: &str = "cargo run -p roster-generate";

/// A package whose functions are in the template.
#[derive(Debug, Clone, Copy)]
pub struct Package {
    /// Its folder in `functions`, and what the names of its binaries begin with.
    pub name: &'static str,
    /// Its operations.
    pub operations: &'static [Operation],
    /// Its functions that serve no route.
    pub functions: &'static [Function],
}

/// The packages. The function that sends mails is not among them: nothing of it
/// follows from a route, so it stands in the hand-written part.
pub const PACKAGES: [Package; 6] = [
    Package {
        name: "authorizer",
        operations: &[],
        functions: roster_authorizer::functions::FUNCTIONS,
    },
    Package {
        name: "scheduling",
        operations: roster_scheduling::routes::OPERATIONS,
        functions: &[],
    },
    Package {
        name: "accounts",
        operations: roster_accounts::routes::OPERATIONS,
        functions: &[],
    },
    Package {
        name: "directory",
        operations: roster_directory::routes::OPERATIONS,
        functions: &[],
    },
    Package {
        name: "guests",
        operations: roster_guests::routes::OPERATIONS,
        functions: &[],
    },
    Package {
        name: "reference",
        operations: roster_reference::routes::OPERATIONS,
        functions: &[],
    },
];

/// A file that is generated.
#[derive(Debug)]
pub struct Generated {
    /// Where it is, from the workspace's root.
    pub path: PathBuf,
    /// What is in it.
    pub text: String,
}

/// All files that are generated, of what is hand-written below `root`.
///
/// # Errors
/// Where a hand-written file cannot be read, or is not as the generator needs it.
pub fn files(root: &Path) -> io::Result<Vec<Generated>> {
    let mut files = vec![
        Generated {
            path: PathBuf::from("infra/template.yaml"),
            text: template::template(root, &functions::Variant::default())?,
        },
        openapi::document()?,
        routes_page::page()?,
    ];
    for package in PACKAGES {
        files.extend(binaries::of(root, &package)?);
    }
    Ok(files)
}

/// Files that are there and that nothing declares any more.
///
/// # Errors
/// Where a folder cannot be read.
pub fn surplus(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut surplus = Vec::new();
    for package in PACKAGES {
        surplus.extend(binaries::surplus(root, &package)?);
    }
    Ok(surplus)
}

/// Writes all files, and removes what is left over. Answers what has changed.
///
/// # Errors
/// Where a file cannot be read or written.
pub fn write(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut changed = Vec::new();
    for Generated { path, text } in files(root)? {
        if fs::read_to_string(root.join(&path)).ok().as_ref() != Some(&text) {
            fs::write(root.join(&path), text)?;
            changed.push(path);
        }
    }
    for path in surplus(root)? {
        fs::remove_file(root.join(&path))?;
        changed.push(path);
    }
    Ok(changed)
}
