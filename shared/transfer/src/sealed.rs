//! Sealed credentials that move to a table with another sealing key.

use std::fmt;

use roster_domain::{Result, UserId};
use roster_store::mail::seal::{SealContext, Sealer};
use secrecy::ExposeSecret as _;

/// What becomes of calendar credentials: they are sealed under a key that is
/// not in the file.
pub enum SealedPolicy {
    /// They stay: the target seals with the same key.
    Keep,
    /// They are left out: their users connect their calendars again.
    Drop,
    /// They are opened, and sealed anew.
    Reseal {
        /// Opens.
        source: Sealer,
        /// Seals.
        target: Sealer,
    },
}

impl fmt::Debug for SealedPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keep => "Keep",
            Self::Drop => "Drop",
            Self::Reseal { .. } => "Reseal",
        })
    }
}

/// Seals a user's credentials anew.
///
/// # Errors
/// When `source` does not open them, or `target` cannot seal.
pub(crate) async fn reseal(
    source: &Sealer,
    target: &Sealer,
    user: UserId,
    sealed: &[String],
) -> Result<Vec<String>> {
    let context = SealContext::User(user);
    let mut all = Vec::with_capacity(sealed.len());
    for sealed in sealed {
        let plain = source.open_text(context, sealed).await?;
        all.push(target.seal_text(context, plain.expose_secret()).await?);
    }
    Ok(all)
}
