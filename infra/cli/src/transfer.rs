//! `roster export` and `roster import`.

use std::{path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};
use roster_domain::OrganizationId;
use roster_runtime::Clock;
use roster_transfer::{
    export::{ExportOptions, Exported, export},
    import::{ImportOptions, Imported, import},
    sealed::SealedPolicy,
};

use crate::{
    progress::Shown,
    sealing_key::sealer,
    table_target::{TableTarget, TargetError},
};

/// How long an export waits for a moment in which nobody writes.
const PATIENCE: Duration = Duration::from_mins(5);

type Ended = Result<(), Box<dyn std::error::Error>>;

/// Export an organization to a file while it is in use. If interrupted, run the same
/// command again to continue.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The organization's `_id`.
    #[arg(long)]
    organization: OrganizationId,
    /// The file to write. It must not exist.
    #[arg(long)]
    output: PathBuf,
    #[command(flatten)]
    target: TableTarget,
}

/// Import an organization from a file into a table. If anything conflicts, nothing is
/// written. If interrupted, run the same command again to continue.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The file that `roster export` wrote.
    #[arg(long)]
    input: PathBuf,
    #[command(flatten)]
    target: TableTarget,
    /// Assign new numbers to users and the organization if theirs are taken.
    #[arg(long)]
    renumber: bool,
    /// What to do with encrypted calendar credentials.
    #[arg(long, value_enum)]
    sealed: Option<Sealed>,
    /// With `--sealed reseal`: the key that they are encrypted with. The ARN of a KMS
    /// key, or the file of a local key.
    #[arg(long)]
    source_sealing_key: Option<String>,
    /// With `--sealed reseal`: the key to encrypt them with.
    #[arg(long)]
    sealing_key: Option<String>,
    /// First delete the organization's data in the table. To confirm, repeat its `_id`.
    #[arg(long, value_name = "ORGANIZATION")]
    replace: Option<OrganizationId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sealed {
    /// Keep them: the target uses the same key.
    Keep,
    /// Leave them out and list their users.
    Drop,
    /// Decrypt them with one key and encrypt them with another.
    Reseal,
}

impl Export {
    pub(crate) async fn run(&self) -> Ended {
        let options = ExportOptions {
            now: Clock::default().now(),
            organization: self.organization,
            output: self.output.clone(),
            patience: PATIENCE,
        };
        let opened = self.target.open(false).await?;
        let mut shown = Shown::new();
        let mut watch = |progress| shown.show(progress);
        let done = export(&opened.table, &options, &mut watch).await;
        opened.close().await;
        self.tell(&done?);
        Ok(())
    }

    fn tell(&self, exported: &Exported) {
        let Exported {
            name,
            items,
            passes,
            mails_left_out,
        } = exported;
        println!(
            "Exported organization {} ({name}) to {}: {items} items, in {passes} passes.
Left out on purpose: sessions (users log in again), login attempts and known
addresses, mails ({mails_left_out} here; they would be sent again), and what has expired.
The file has personal data, hashes of passwords and digests of keys: keep it as
safe as the table.",
            self.organization,
            self.output.display(),
        );
    }
}

impl Import {
    pub(crate) async fn run(&self) -> Ended {
        let options = ImportOptions {
            now: Clock::default().now(),
            input: self.input.clone(),
            renumber: self.renumber,
            sealed: self.sealed_policy()?,
            replace: self.replace,
        };
        let opened = self.target.open(true).await?;
        let mut shown = Shown::new();
        let mut watch = |progress| shown.show(progress);
        let done = import(&opened.table, &options, &mut watch).await;
        opened.close().await;
        tell(&done?);
        Ok(())
    }

    fn sealed_policy(&self) -> Result<Option<SealedPolicy>, TargetError> {
        let keys = (&self.source_sealing_key, &self.sealing_key);
        let missing = |what: &str| TargetError::SealingKey(what.to_owned());
        Ok(match (self.sealed, keys) {
            (Some(Sealed::Reseal), (Some(source), Some(target))) => Some(SealedPolicy::Reseal {
                source: sealer(source)?,
                target: sealer(target)?,
            }),
            (Some(Sealed::Reseal), _) => {
                let what = "--sealed reseal needs --source-sealing-key and --sealing-key";
                return Err(missing(what));
            }
            (_, (Some(_), _) | (_, Some(_))) => {
                return Err(missing("is of use with --sealed reseal alone"));
            }
            (Some(Sealed::Keep), _) => Some(SealedPolicy::Keep),
            (Some(Sealed::Drop), _) => Some(SealedPolicy::Drop),
            (None, _) => None,
        })
    }
}

fn tell(imported: &Imported) {
    let Imported {
        organization,
        name,
        items,
        was_there,
        renumbered,
        without_credentials,
    } = imported;
    if *was_there {
        println!("Organization {organization} ({name}) was imported from this file before.");
    } else {
        println!("Imported organization {organization} ({name}): {items} items.");
    }
    for one in renumbered {
        let who = one.user.map_or_else(
            || "the organization".to_owned(),
            |user| format!("user {user}"),
        );
        println!("{who}: number {} is now {}", one.old, one.new);
    }
    for user in without_credentials {
        println!("user {user}: calendar credentials left out");
    }
}
