//! What `cargo run` finds in its table: the operator's key, and a demo
//! organization with a key.

use std::{fs, io, path::Path};

use roster_domain::{Error, OrganizationId, Result, access::key::PresentedKey, access::secret};
use roster_runtime::App;
use roster_store::{dynamodb::schema, organizations::read::NewOrganization};
use secrecy::SecretBox;

/// The table of a local gateway.
pub const TABLE: &str = "roster";
/// The operator's key of every local gateway. Public, hence worthless anywhere
/// else.
pub const ADMIN_KEY: &str =
    "rstr_adm_000000000000000000000001_localOperatorForDevelopment0001PTqba";
/// The demo organization's key.
pub const ORGANIZATION_KEY: &str =
    "rstr_org_000000000000000000000002_localDemoOrganizationKey0000003FfijJ";
/// The demo organization: the one that `/v2/users`'s samples name.
pub const ORGANIZATION: &str = "5f198da1c1ac5d1a30fc00f3";
/// Its name, from the same samples.
const ORGANIZATION_NAME: &str = "ACME";

/// Creates what is missing.
///
/// # Errors
/// When the engine cannot be reached.
pub async fn ensure(app: &App) -> Result<()> {
    schema::create(app.table.client(), app.table.name()).await?;
    let store = app.store().run_by_operator();
    let name = |text: &str| text.parse().map_err(Error::internal);
    let key = |text: &str| text.parse::<PresentedKey>().map_err(Error::internal);
    let organization: OrganizationId = ORGANIZATION.parse().map_err(Error::internal)?;
    store
        .ensure_key(&key(ADMIN_KEY)?, None, name("local operator")?)
        .await?;
    let new = NewOrganization {
        id: Some(organization),
        ..NewOrganization::named(name(ORGANIZATION_NAME)?)
    };
    let created = store.create_organization(new, None).await;
    match created {
        // It is there since an earlier start.
        Ok(_) | Err(Error::Conflict(_)) => {}
        Err(error) => return Err(error),
    }
    let presented = key(ORGANIZATION_KEY)?;
    store
        .ensure_key(&presented, Some(organization), name("local demo")?)
        .await
}

/// The key that seals calendar credentials: kept beside the table's file, never
/// in it, readable by its owner alone.
///
/// # Errors
/// When the file cannot be read or written.
pub fn sealing_key(folder: Option<&Path>) -> io::Result<SecretBox<[u8; 32]>> {
    let Some(folder) = folder else {
        return Ok(SecretBox::new(Box::new(secret::random_bytes())));
    };
    let file = folder.join("sealing.key");
    if file.exists() {
        return read_sealing_key(&file);
    }
    let key = secret::random_bytes::<32>();
    write_private(&file, &key)?;
    Ok(SecretBox::new(Box::new(key)))
}

/// A sealing key that [`sealing_key`] made.
///
/// # Errors
/// When the file cannot be read or is no key.
pub fn read_sealing_key(file: &Path) -> io::Result<SecretBox<[u8; 32]>> {
    let named = |cause: String| io::Error::other(format!("{}: {cause}", file.display()));
    let bytes = fs::read(file).map_err(|error| named(error.to_string()))?;
    let key = bytes
        .try_into()
        .map_err(|_| named("is not a sealing key of 32 bytes".to_owned()))?;
    Ok(SecretBox::new(Box::new(key)))
}

#[cfg(unix)]
fn write_private(file: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};

    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options.open(file)?.write_all(bytes)
}

#[cfg(not(unix))]
fn write_private(file: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(file, bytes)
}
