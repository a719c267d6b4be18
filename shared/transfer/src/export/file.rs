//! The file that an export writes: lines are added until it is complete, and
//! whoever interrupts it loses no more than the last line.

use std::{
    collections::HashMap,
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{BufRead, BufReader, BufWriter, ErrorKind, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use roster_domain::Error;
use roster_store::{
    dynamodb::item::{Item, key_of},
    keys::Key,
};
use sha2::{Digest, Sha256};

use crate::{
    TransferError,
    line::{End, Header, Line},
};

/// What is known of a key that the file has.
struct Entry {
    /// SHA-256 of the last line for it.
    digest: [u8; 32],
    /// The pass that last found it in the table; 0: a run that was interrupted.
    pass: u32,
}

/// A file that is being written.
pub(crate) struct ExportFile {
    output: PathBuf,
    partial: PathBuf,
    file: BufWriter<File>,
    hasher: Sha256,
    lines: u64,
    entries: HashMap<Key, Entry>,
}

impl ExportFile {
    /// Begins a file, or goes on with one that was interrupted.
    ///
    /// # Errors
    /// When `output` is there, when what is there of it is another
    /// organization's, or when another process is writing it.
    pub(crate) fn open(output: &Path, header: &Header) -> Result<Self, TransferError> {
        is_free(output)?;
        let mut name = OsString::from(output);
        name.push(".partial");
        let partial = PathBuf::from(name);
        let file = private_file(&partial).map_err(TransferError::file(&partial))?;
        if file.try_lock().is_err() {
            let text = format!("{} is being written by another export", partial.display());
            return Err(TransferError::Refused(text));
        }
        let mut this = Self {
            output: output.to_owned(),
            partial,
            file: BufWriter::new(file),
            hasher: Sha256::new(),
            lines: 0,
            entries: HashMap::new(),
        };
        this.read_what_is_there(header)?;
        if this.lines == 0 {
            let header = serde_json::to_string(header).map_err(Error::internal)?;
            this.add(&header)?;
        }
        Ok(this)
    }

    /// Reads the whole lines, and cuts off what is behind them.
    fn read_what_is_there(&mut self, header: &Header) -> Result<(), TransferError> {
        let file = self.file.get_ref().try_clone();
        let mut reader = BufReader::new(file.map_err(TransferError::file(&self.partial))?);
        let (mut end, mut text) = (0, String::new());
        loop {
            text.clear();
            let length = match reader.read_line(&mut text) {
                Ok(length) => length,
                // The last line, cut within a character.
                Err(error) if error.kind() == ErrorKind::InvalidData => 0,
                Err(error) => return Err(TransferError::file(&self.partial)(error)),
            };
            let Some(line) = text.strip_suffix('\n').filter(|_| length > 0) else {
                break;
            };
            if !self.read_line(line, header)? {
                break;
            }
            self.count(line);
            end += length as u64;
        }
        let file = self.file.get_mut();
        let cut = file.set_len(end);
        cut.and_then(|()| file.seek(SeekFrom::End(0)))
            .map_err(TransferError::file(&self.partial))?;
        Ok(())
    }

    /// Answers whether there may be more lines.
    fn read_line(&mut self, line: &str, header: &Header) -> Result<bool, TransferError> {
        let refused = |what: &str| {
            let file = self.partial.display();
            TransferError::Refused(format!("{file} {what}; remove it to begin anew"))
        };
        if self.lines == 0 {
            let found: Header = serde_json::from_str(line)
                .map_err(|_| refused("is not what an interrupted export left"))?;
            let same = found.organization == header.organization
                && found.roster_export == header.roster_export
                && found.schema_version == header.schema_version;
            return same
                .then_some(true)
                .ok_or_else(|| refused("is of another organization or release"));
        }
        match Line::read(line) {
            Some(Line::Put(item)) => {
                let digest = Sha256::digest(line.as_bytes()).into();
                let entry = Entry { digest, pass: 0 };
                self.entries.insert(key_of(&item)?, entry);
                Ok(true)
            }
            Some(Line::Delete(key)) => {
                self.entries.remove(&key);
                Ok(true)
            }
            // Interrupted before it was given its name: looked at again.
            Some(Line::End(_)) => Ok(false),
            None => {
                let line = self.lines + 1;
                Err(refused(&format!("is damaged in line {line}")))
            }
        }
    }

    /// Writes an item, unless it is as it was. Answers whether it was written.
    pub(crate) fn put(&mut self, item: Item, pass: u32) -> Result<bool, TransferError> {
        let key = key_of(&item)?;
        let line = Line::Put(item).write()?;
        let digest = Sha256::digest(line.as_bytes()).into();
        let entry = Entry { digest, pass };
        let before = self.entries.insert(key, entry);
        if before.is_some_and(|before| before.digest == digest) {
            return Ok(false);
        }
        self.add(&line)?;
        Ok(true)
    }

    /// Removes what a pass did not find; answers how many items that were.
    pub(crate) fn remove_missing(&mut self, pass: u32) -> Result<u64, TransferError> {
        let missing = self.entries.iter().filter(|(_, entry)| entry.pass != pass);
        let missing: Vec<Key> = missing.map(|(key, _)| key.clone()).collect();
        for key in &missing {
            self.entries.remove(key);
            self.add(&Line::Delete(key.clone()).write()?)?;
        }
        Ok(missing.len() as u64)
    }

    /// Makes sure that what was written so far outlives the process.
    pub(crate) fn flush(&mut self) -> Result<(), TransferError> {
        self.file
            .flush()
            .map_err(TransferError::file(&self.partial))
    }

    /// Ends the file and gives it its name.
    pub(crate) fn finish(mut self) -> Result<End, TransferError> {
        let end = End {
            items: self.entries.len() as u64,
            lines: self.lines,
            sha256: hex::encode(self.hasher.clone().finalize()),
        };
        self.add(&Line::End(end.clone()).write()?)?;
        self.flush()?;
        let synced = self.file.get_ref().sync_all();
        synced.map_err(TransferError::file(&self.partial))?;
        // Unlike renaming, this fails where somebody made the file meanwhile.
        is_free(&self.output)?;
        fs::rename(&self.partial, &self.output).map_err(TransferError::file(&self.output))?;
        Ok(end)
    }

    fn add(&mut self, line: &str) -> Result<(), TransferError> {
        self.count(line);
        writeln!(self.file, "{line}").map_err(TransferError::file(&self.partial))
    }

    fn count(&mut self, line: &str) {
        self.hasher.update(line.as_bytes());
        self.hasher.update(b"\n");
        self.lines += 1;
    }
}

fn is_free(output: &Path) -> Result<(), TransferError> {
    if output.exists() {
        let text = format!("{} exists; name another file", output.display());
        return Err(TransferError::Refused(text));
    }
    Ok(())
}

/// Opens or makes a file that its owner alone can read: it has digests of keys,
/// hashes of passwords, and personal data.
fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}
