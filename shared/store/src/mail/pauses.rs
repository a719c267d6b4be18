//! Telling those who manage the account that a webhook is paused.

use roster_domain::{
    MailId, Result,
    hooks::{Hook, Pause, PauseReason},
    mail::HookNotice,
    users::{language::Language, user::User},
};

use crate::{
    Tenant,
    dynamodb::{
        item::{Item, from_item},
        table::Freshness,
    },
    keys,
    mail::notices::id_of,
};

/// Most people who are mailed.
const MOST: usize = 20;

impl Tenant<'_> {
    /// Puts a mail in the outbox for each who manages the account, where a change of a hook
    /// has paused it, and nobody asked for that. Answers how many are new there: found
    /// again, the same change puts none.
    ///
    /// # Errors
    /// When the table cannot be reached, or an item cannot be read.
    pub async fn tell_of_pause(&self, before: Option<Item>, after: Item) -> Result<usize> {
        let before: Option<Hook> = before.map(from_item).transpose()?;
        let hook: Hook = from_item(after)?;
        let was_paused = before.is_some_and(|before| before.paused.is_some());
        let Some(pause) = hook.paused.filter(|_| !was_paused) else {
            return Ok(0);
        };
        if pause.reason == PauseReason::Asked {
            return Ok(0);
        }
        let users = keys::users(self.tenancy());
        let users = self.store.table.query_all(&users, Freshness::Eventual);
        let users = users.await?.into_iter().map(from_item::<User>);
        let mut queued = 0;
        let mut told = 0;
        for user in users {
            let user = user?;
            let Some(to) = user.profile.email.clone() else {
                continue;
            };
            if !user.is_account_manager() || told == MOST {
                continue;
            }
            told += 1;
            let notice = HookNotice {
                hook: hook.id,
                user: user.id,
                to,
                target_url: hook.target_url.clone(),
                reason: pause.reason,
                language: user.profile.language.unwrap_or(Language::En),
            };
            let id = mail_id(&notice, pause)?;
            queued += usize::from(self.queue_hook_notice(id, notice).await?);
        }
        Ok(queued)
    }
}

/// The id of a mail: the same whenever the same is told to the same person.
fn mail_id(notice: &HookNotice, pause: Pause) -> Result<MailId> {
    let (hook, user) = (notice.hook, notice.user);
    id_of(&format!("{hook} paused {} {user}", pause.at))
}
