//! The folder with the data of a local gateway, which one process uses at a
//! time.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// A folder that no other process uses as long as this lives.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Opens a folder, and makes it where it is not there.
    ///
    /// # Errors
    /// When it cannot be written, or another process uses it.
    pub fn open(path: &Path) -> io::Result<Self> {
        private::folder(path)?;
        let lock = File::create(path.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {
                private::file(&database(path))?;
                Ok(Self {
                    path: path.to_owned(),
                    _lock: lock,
                })
            }
            Err(fs::TryLockError::WouldBlock) => Err(io::Error::other(format!(
                "{} is in use by another roster; stop that one first",
                path.display()
            ))),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// The engine's file in it.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        database(&self.path)
    }

    /// Whether a folder has data.
    #[must_use]
    pub fn has_data(path: &Path) -> bool {
        database(path).exists()
    }
}

/// What no other user of this machine reads, also where it was made before.
#[cfg(unix)]
mod private {
    use std::{
        fs::{self, DirBuilder, OpenOptions, Permissions},
        io,
        os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
        path::Path,
    };

    pub(super) fn folder(path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        fs::set_permissions(path, Permissions::from_mode(0o700))
    }

    /// An empty file is a database without tables. The engine gives the files
    /// that it makes beside it the same rights.
    pub(super) fn file(path: &Path) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.append(true).create(true).mode(0o600).open(path)?;
        fs::set_permissions(path, Permissions::from_mode(0o600))
    }
}

#[cfg(not(unix))]
mod private {
    use std::{fs, io, path::Path};

    pub(super) fn folder(path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    pub(super) fn file(_path: &Path) -> io::Result<()> {
        Ok(())
    }
}

fn database(folder: &Path) -> PathBuf {
    folder.join("dynamodb.sqlite")
}
