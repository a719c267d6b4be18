//! The file that an import reads: whole and undamaged.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use roster_domain::OrganizationId;
use roster_store::raw::belongings::Guard;
use sha2::{Digest, Sha256};

use crate::{
    Progress, TransferError, Watch,
    line::{FORMAT, Header, Line},
    tell,
};
use roster_store::{
    dynamodb::{
        item::{Item, key_of},
        schema_version,
    },
    keys::{Key, kind::Kind},
};

/// Lines between two looks at the progress.
pub(crate) const LINES_AT_ONCE: u64 = 1_000;

/// Where a line is in the file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Position {
    offset: u64,
    length: usize,
    /// Number of the line, from 1.
    pub(crate) number: u64,
}

/// A file that was found whole.
pub(crate) struct ImportFile {
    pub(crate) path: PathBuf,
    file: File,
    pub(crate) header: Header,
    /// SHA-256 of the file but its last line, in hex: what sets this export
    /// apart from others of the organization.
    pub(crate) sha256: String,
    /// The last line for each key.
    pub(crate) positions: BTreeMap<Key, Position>,
    /// The guards that follow from the file's users and the organization.
    pub(crate) guards: BTreeMap<Key, Guard>,
    /// The largest number of a user.
    pub(crate) last_user_number: u64,
    /// The organization's number.
    pub(crate) organization_number: u64,
    /// Users with sealed credentials.
    pub(crate) with_credentials: BTreeSet<Key>,
}

impl ImportFile {
    /// Reads a file and looks at every item.
    ///
    /// # Errors
    /// Where it is not whole, or not what an export of one organization writes:
    /// the line, and what is wrong with it.
    pub(crate) fn open(
        path: &Path,
        now: Timestamp,
        watch: Watch<'_>,
    ) -> Result<Self, TransferError> {
        let file = File::open(path).map_err(TransferError::file(path))?;
        let mut this = Self::read_lines(path, file, watch)?;
        this.look_at_items(now, watch)?;
        Ok(this)
    }

    fn read_lines(path: &Path, file: File, watch: Watch<'_>) -> Result<Self, TransferError> {
        let damaged = |number: u64, what: &str| {
            let file = path.display();
            TransferError::Refused(format!("{file} is damaged: line {number} {what}"))
        };
        let mut reader = BufReader::new(file.try_clone().map_err(TransferError::file(path))?);
        let (mut header, mut end, mut text) = (None::<Header>, None, String::new());
        let (mut positions, mut hasher) = (BTreeMap::new(), Sha256::new());
        let (mut offset, mut number) = (0, 0);
        loop {
            text.clear();
            let length = match reader.read_line(&mut text) {
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::InvalidData => {
                    return Err(damaged(number + 1, "is no text"));
                }
                Err(error) => return Err(TransferError::file(path)(error)),
            };
            if length == 0 {
                break;
            }
            number += 1;
            if end.is_some() {
                return Err(damaged(number, "is behind the end"));
            }
            let position = Position {
                offset,
                length,
                number,
            };
            offset += length as u64;
            let line = text.strip_suffix('\n');
            let line = line.ok_or_else(|| damaged(number, "is cut off"))?;
            if header.is_none() {
                header = Some(read_header(path, line)?);
            } else {
                match Line::read(line).ok_or_else(|| damaged(number, "says nothing known"))? {
                    Line::Put(item) => {
                        positions.insert(key_of(&item)?, position);
                    }
                    Line::Delete(key) => {
                        positions.remove(&key);
                    }
                    Line::End(read) => {
                        end = Some(read);
                        continue;
                    }
                }
            }
            hasher.update(text.as_bytes());
            if number % LINES_AT_ONCE == 0 {
                tell(watch, Progress::Validating { lines: number })?;
            }
        }
        tell(watch, Progress::Validating { lines: number })?;
        let header = header.ok_or_else(|| damaged(1, "is missing"))?;
        let end = end.ok_or_else(|| {
            let file = path.display();
            TransferError::Refused(format!(
                "{file} has no end: the export was interrupted, or the file was cut off"
            ))
        })?;
        let sha256 = hex::encode(hasher.finalize());
        if end.sha256 != sha256 || end.lines + 1 != number || end.items != positions.len() as u64 {
            let file = path.display();
            return Err(TransferError::Refused(format!(
                "{file} is damaged: it has not the lines and the SHA-256 that its end tells"
            )));
        }
        Ok(Self {
            path: path.to_owned(),
            file,
            header,
            sha256,
            positions,
            guards: BTreeMap::new(),
            last_user_number: 0,
            organization_number: 0,
            with_credentials: BTreeSet::new(),
        })
    }

    /// The organization.
    pub(crate) fn organization(&self) -> OrganizationId {
        self.header.organization
    }

    /// The keys of its items, in their order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Key> {
        self.positions.keys()
    }

    /// Whether it has an item.
    pub(crate) fn has(&self, key: &Key) -> bool {
        self.positions.contains_key(key)
    }

    /// An item.
    pub(crate) fn item(&mut self, key: &Key) -> Result<Item, TransferError> {
        let changed = || {
            let file = self.path.display();
            TransferError::Refused(format!("{file} was changed while it was read"))
        };
        let position = *self.positions.get(key).ok_or_else(changed)?;
        let mut bytes = vec![0; position.length];
        let seek = self.file.seek(SeekFrom::Start(position.offset));
        seek.and_then(|_| self.file.read_exact(&mut bytes))
            .map_err(TransferError::file(&self.path))?;
        let line = std::str::from_utf8(&bytes).ok().and_then(Line::read);
        match line {
            Some(Line::Put(item)) if key_of(&item)? == *key => Ok(item),
            _ => Err(changed()),
        }
    }

    /// What the key of one of its items is of.
    pub(crate) fn kind(&self, key: &Key) -> Result<Kind, TransferError> {
        Kind::of(key, self.organization()).ok_or_else(|| {
            TransferError::Refused(format!(
                "{} / {} is not organization {}'s",
                key.pk,
                key.sk,
                self.organization()
            ))
        })
    }
}

fn read_header(path: &Path, line: &str) -> Result<Header, TransferError> {
    let file = path.display();
    let header: Header = serde_json::from_str(line)
        .map_err(|_| TransferError::Refused(format!("{file} is no export of Roster")))?;
    let newer = |what: &str, found: u64, known: u64| {
        TransferError::Refused(format!(
            "{file} has {what} {found}, and this release reads versions up to {known}: \
             import it with the release that wrote it, or a newer one"
        ))
    };
    if header.roster_export > FORMAT {
        return Err(newer("format", header.roster_export, FORMAT));
    }
    if header.schema_version > schema_version::READABLE {
        let known = schema_version::READABLE;
        return Err(newer("schema version", header.schema_version, known));
    }
    Ok(header)
}
