//! The binaries: a file of one line for each operation, and its entry in the
//! package's manifest.

use std::{fmt::Write as _, fs, io, path::Path, path::PathBuf};

use roster_runtime::function::deployment::Operation;

use crate::{COMMAND, Generated, Package};

/// Where the entries begin in a manifest. They go to its end.
const MARK: &str = "# Generated of src/routes.rs";

fn folder(package: &Package) -> PathBuf {
    PathBuf::from("functions").join(package.name)
}

/// The files of a package. One without operations has none: its binaries are
/// hand-written.
pub(crate) fn of(root: &Path, package: &Package) -> io::Result<Vec<Generated>> {
    if package.operations.is_empty() {
        return Ok(Vec::new());
    }
    let mut files = vec![manifest(root, package)?];
    files.extend(package.operations.iter().map(|operation| Generated {
        path: path(package, operation.route.binary),
        text: source(package, operation),
    }));
    Ok(files)
}

fn path(package: &Package, binary: &str) -> PathBuf {
    folder(package).join(format!("src/bin/{binary}.rs"))
}

fn source(package: &Package, operation: &Operation) -> String {
    let (package, name) = (package.name, operation.name);
    format!(
        "//! Lambda function: see `routes::{name}`.\n\n\
         fn main() -> Result<(), lambda_http::Error> {{\n    \
         roster_runtime::function::serve::serve(&roster_{package}::routes::{name})\n}}\n"
    )
}

fn manifest(root: &Path, package: &Package) -> io::Result<Generated> {
    let path = folder(package).join("Cargo.toml");
    let text = fs::read_to_string(root.join(&path))?;
    let (written, _) = text.split_once(MARK).ok_or_else(|| {
        io::Error::other(format!(
            "{} has no line that begins with {MARK:?}",
            path.display()
        ))
    })?;
    let mut text = format!("{written}{MARK}: {COMMAND}\n");
    for operation in package.operations {
        let binary = operation.route.binary;
        // Writing to a text does not fail.
        let _ = write!(
            text,
            "\n[[bin]]\nname = \"{binary}\"\npath = \"src/bin/{binary}.rs\"\ntest = false\n"
        );
    }
    Ok(Generated { path, text })
}

/// Binaries of a package that no operation declares.
pub(crate) fn surplus(root: &Path, package: &Package) -> io::Result<Vec<PathBuf>> {
    let mut surplus = Vec::new();
    if package.operations.is_empty() {
        return Ok(surplus);
    }
    let bin = folder(package).join("src/bin");
    for entry in fs::read_dir(root.join(&bin))? {
        let file = bin.join(entry?.file_name());
        let mut operations = package.operations.iter();
        if !operations.any(|operation| path(package, operation.route.binary) == file) {
            surplus.push(file);
        }
    }
    surplus.sort_unstable();
    Ok(surplus)
}
