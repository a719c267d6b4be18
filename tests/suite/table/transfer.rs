//! Moving an organization from one table to another.

mod conflicts;
mod damaged;
mod forged;
mod interrupted;
mod moving;
mod replacing;
mod sealed;
mod while_written;

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
    time::Duration,
};

use aws_sdk_dynamodb::types::AttributeValue;
use roster_domain::access::secret::SecretDigest;
use roster_transfer::{
    Progress, TransferError,
    export::{ExportOptions, Exported, export},
    import::{ImportOptions, Imported, import},
    sealed::SealedPolicy,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{
    Api,
    fixtures::Fields,
    furnished::{Furnished, furnish},
};

type Item = HashMap<String, AttributeValue>;
type Everything = BTreeMap<(String, String), Item>;

/// A furnished organization, the file it was exported to, and the table that it
/// came from.
struct Moved {
    source: Api,
    tenant: Furnished,
    folder: TempDir,
}

impl Moved {
    async fn new() -> Self {
        let source = Api::start().await;
        let tenant = furnish(&source).await;
        let folder = tempfile::tempdir().unwrap();
        let this = Self {
            source,
            tenant,
            folder,
        };
        this.export("export").await.unwrap();
        this
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self) -> PathBuf {
        self.path("export")
    }

    fn lines(&self) -> Vec<String> {
        let text = fs::read_to_string(self.file()).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    async fn export(&self, name: &str) -> Result<Exported, TransferError> {
        let options = ExportOptions {
            now: jiff::Timestamp::now(),
            organization: self.tenant.organization.parse().unwrap(),
            output: self.path(name),
            patience: Duration::ZERO,
        };
        export(&self.source.app().table, &options, &mut go_on).await
    }

    async fn import(&self, target: &Api) -> Result<Imported, TransferError> {
        let options = options(&self.file());
        import(&target.app().table, &options, &mut go_on).await
    }
}

/// Imports as it is usually done.
fn options(input: &Path) -> ImportOptions {
    ImportOptions {
        now: jiff::Timestamp::now(),
        input: input.to_owned(),
        renumber: false,
        sealed: Some(SealedPolicy::Keep),
        replace: None,
    }
}

fn go_on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Every item of a table but what follows from the stream in its own time: mails, how many
/// there were, reminders, the change feed and deliveries; and hooks and the audit log, which do not move.
async fn everything(api: &Api) -> Everything {
    let client = api.dynamodb();
    let scan = client.scan().table_name(&api.table).consistent_read(true);
    let items = scan.into_paginator().items().send().collect().await;
    let items: Result<Vec<Item>, _> = items;
    let text = |item: &Item, name: &str| item[name].as_s().unwrap().clone();
    let items = items.unwrap().into_iter();
    items
        .map(|item| ((text(&item, "pk"), text(&item, "sk")), item))
        .filter(|((pk, sk), _)| {
            let follow = [
                "MAILS#",
                "REMINDERS#",
                "CHANGES#",
                "HOOKS#",
                "DELIVERIES#",
                "AUDIT#",
            ];
            !sk.starts_with("MAIL#") && !follow.iter().any(|of| pk.starts_with(of))
        })
        .collect()
}

/// What a table has of an organization besides what its use leaves behind,
/// sessions and attempts, and what an import does not believe.
async fn of_tenant(api: &Api, tenant: &Furnished) -> Everything {
    let mut all = everything(api).await;
    let organization = AttributeValue::S(tenant.organization.clone());
    let partition = format!("ORG#{}", tenant.organization);
    all.retain(|(pk, _), item| {
        let is_own = *pk == partition;
        let is_credential = pk.starts_with("KEY#") || pk.starts_with("SESSION#");
        let is_guard = item.get("organization") == Some(&organization) && !is_credential;
        let is_key =
            item.get("gsi1pk") == Some(&AttributeValue::S(format!("KEYS#{}", tenant.organization)));
        let is_number = item.get("holder") == Some(&organization);
        is_own || is_guard || is_key || is_number
    });
    for ((pk, _), item) in &mut all {
        if pk.starts_with("SIGNUP#") || pk.starts_with("LOGIN#") {
            // No file proves who reads what comes to an address.
            item.remove("mailed");
            item.remove("proven");
        }
        // Calendars stay where they are.
        item.remove("calendar_sources");
        item.remove("imported_from");
        item.remove("imported");
        item.remove("last_used");
    }
    all
}

/// A file of these lines, with an end that is right for them.
fn forged(lines: &[String], items: u64) -> String {
    let text = lines.join("\n") + "\n";
    let digest = SecretDigest::of(&text);
    let sha256 = digest.as_hex();
    let end = serde_json::json!({ "end": {
        "items": items, "lines": lines.len(), "sha256": sha256,
    } });
    format!("{text}{end}\n")
}

/// The items of a file, by key; the last line for each.
fn items_of(lines: &[String]) -> BTreeMap<(String, String), Value> {
    let mut items = BTreeMap::new();
    for line in lines {
        let value: Value = serde_json::from_str(line).unwrap();
        let key = |item: &Value| {
            let text = |name: &str| item[name].field("S").to_owned();
            (text("pk"), text("sk"))
        };
        if let Some(item) = value.get("put") {
            items.insert(key(item), item.clone());
        } else if let Some(item) = value.get("delete") {
            items.remove(&key(item));
        }
    }
    items
}
