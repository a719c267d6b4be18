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
        fs::create_dir_all(path)?;
        let lock = File::create(path.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_owned(),
                _lock: lock,
            }),
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

fn database(folder: &Path) -> PathBuf {
    folder.join("dynamodb.sqlite")
}
