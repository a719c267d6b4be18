//! The outbox: the intent to send a mail is an item, written in the same
//! transaction as what the mail is about. A function on the table's stream
//! sends it.
//!
//! No intent is sent twice. Whoever is about to send it claims it first, in a
//! conditional write, and says afterwards what came of it. A claim whose holder
//! died leaves open whether the mail was sent, so that it counts as failed.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use roster_domain::{
    Error, MailId, Result, UserId,
    access::link_key::LinkKey,
    bookings::event::{Event, News},
    mail::{
        EventMail, EventNotice, HookMail, HookNotice, Invitation, MAIL_SECONDS, Mail, MailKind,
        MailState,
    },
    organization::Organization,
    text::{Email, Name},
    users::language::Language,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{
    Tenant,
    dynamodb::{
        condition::Condition,
        item::{from_item, to_item},
        retry::retry,
        table::Freshness,
        transaction::Write,
        write_failure::Failure,
    },
    keys,
    mail::seal::{SealContext, Sealer},
};

/// Attribute: what the mail says and to whom, sealed.
const SEALED: &str = "sealed";
/// Attribute: what is told of an event, and to whom.
const NOTICE: &str = "notice";
/// Attribute: that a webhook is paused, and who is told.
const HOOK_NOTICE: &str = "hook_notice";
/// Attribute: what has become of the mail.
const STATE: &str = "state";

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Intent {
    #[serde(rename = "_id")]
    id: MailId,
    kind: MailKind,
    /// The user it is for; none where it is for somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<UserId>,
    state: MailState,
    /// A [`Text`], for as long as the mail may still be sent: the link is in
    /// it, and the table must not hold what logs somebody in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed: Option<String>,
    /// What is told of an event, for as long as the mail may still be sent. The event has
    /// the same in the clear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notice: Option<EventNotice>,
    /// That a webhook is paused, for as long as the mail may still be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hook_notice: Option<HookNotice>,
    created_at: Timestamp,
    /// Seconds since 1970; the table's time to live.
    expires_at: i64,
}

/// What is sealed of a mail: all of it.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Text {
    Invitation {
        user: UserId,
        to: Email,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        full_name: Option<String>,
        language: Language,
        organization: Name,
        link: String,
    },
}

/// What a mail is to who wants to send it.
#[derive(Debug)]
pub enum Claimed {
    /// It is theirs to send, and theirs to say what came of it.
    Mine(Mail),
    /// It was sent.
    Sent,
    /// It was given up, with this code.
    Failed(String),
    /// Another attempt holds it, and may be sending it now.
    Elsewhere,
    /// Another attempt holds it, and is dead.
    Abandoned {
        /// The attempt.
        attempt: String,
    },
    /// It is no longer there: sent or given up long ago.
    Gone,
}

impl Tenant<'_> {
    /// The write that puts the intent to send an invitation, and the id of the
    /// mail: part of the transaction that makes its link work.
    pub(crate) async fn invitation_mail(
        &self,
        sealer: &Sealer,
        invitation: &Invitation,
    ) -> Result<(MailId, Write)> {
        let id = MailId::generate(self.store.now);
        let text = serde_json::to_string(&Text::of(invitation)).map_err(Error::internal)?;
        let sealed = sealer.seal_text(SealContext::Mail(id), &text).await?;
        let intent = Intent {
            kind: MailKind::Invitation,
            user: Some(invitation.user),
            sealed: Some(sealed),
            ..self.intent_of(id, None)
        };
        let key = keys::mail(self.tenancy(), id);
        let write = Write::put(&key, None, to_item(&intent)?, Condition::absent());
        Ok((id, write))
    }

    fn intent_of(&self, id: MailId, notice: Option<EventNotice>) -> Intent {
        Intent {
            id,
            kind: MailKind::Event,
            user: notice.as_ref().and_then(|notice| notice.to.user),
            state: MailState::Pending,
            sealed: None,
            notice,
            hook_notice: None,
            created_at: self.store.now,
            expires_at: self.store.now.as_second() + MAIL_SECONDS,
        }
    }

    /// Puts the intent to tell somebody something of an event, under an id that it always
    /// has. False where it was put before.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub(crate) async fn queue_notice(&self, id: MailId, notice: EventNotice) -> Result<bool> {
        let key = keys::mail(self.tenancy(), id);
        let item = to_item(&self.intent_of(id, Some(notice)))?;
        let put = self.store.table.put_if(&key, item, Condition::absent());
        Ok(put.await?.is_ok())
    }

    /// As [`Tenant::queue_notice`], that a webhook is paused.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub(crate) async fn queue_hook_notice(&self, id: MailId, notice: HookNotice) -> Result<bool> {
        let key = keys::mail(self.tenancy(), id);
        let intent = Intent {
            kind: MailKind::Hook,
            user: Some(notice.user),
            hook_notice: Some(notice),
            ..self.intent_of(id, None)
        };
        let put = self
            .store
            .table
            .put_if(&key, to_item(&intent)?, Condition::absent());
        Ok(put.await?.is_ok())
    }

    /// Puts the intent to send an invitation by itself, for a link that works
    /// already: to send it again. Answers the id of the mail.
    ///
    /// # Errors
    /// When it cannot be sealed or written.
    pub async fn queue_invitation(
        &self,
        sealer: &Sealer,
        invitation: &Invitation,
    ) -> Result<MailId> {
        let (id, write) = self.invitation_mail(sealer, invitation).await?;
        retry!(async {
            self.store.transact(vec![write.again()]).await?;
            Ok(id)
        })
    }

    /// Claims a mail for an attempt, a text that no other attempt has, and
    /// opens it.
    ///
    /// # Errors
    /// When it cannot be opened, or the table cannot be reached. In the latter
    /// case the claim may have been made: [`Tenant::mail_released`] undoes it.
    pub async fn claim_mail(&self, sealer: &Sealer, id: MailId, attempt: &str) -> Result<Claimed> {
        let sending = MailState::Sending {
            since: self.store.now,
            attempt: attempt.to_owned(),
        };
        retry!(async {
            let Some(intent) = self.intent(id).await? else {
                return Ok(Claimed::Gone);
            };
            let abandoned = intent.state.is_abandoned(self.store.now);
            match intent.state {
                MailState::Sent { .. } => return Ok(Claimed::Sent),
                MailState::Failed { code, .. } => return Ok(Claimed::Failed(code)),
                MailState::Sending { attempt, .. } if abandoned => {
                    return Ok(Claimed::Abandoned { attempt });
                }
                MailState::Sending { .. } => return Ok(Claimed::Elsewhere),
                MailState::Pending => {}
            }
            // Opened before it is claimed: nothing is claimed in vain.
            let mail = if let Some(notice) = intent.notice {
                let Some(mail) = self.event_mail(notice).await? else {
                    return Ok(Claimed::Gone);
                };
                mail
            } else if let Some(notice) = intent.hook_notice {
                let organization = self.organization(Freshness::Eventual).await?.name;
                Mail::Hook(HookMail {
                    notice,
                    organization,
                })
            } else {
                let sealed = intent.sealed.unwrap_or_default();
                let text = sealer.open_text(SealContext::Mail(id), &sealed).await?;
                Text::read(&text)?
            };
            let change = self.mail_change(id, &sending, is_pending())?;
            self.store.transact(vec![change]).await?;
            Ok(Claimed::Mine(mail))
        })
    }

    /// A notice with what it is about; none where that is no longer there.
    async fn event_mail(&self, notice: EventNotice) -> Result<Option<Mail>> {
        let organization = keys::organization(self.tenancy());
        let event = keys::event(self.tenancy(), notice.event);
        let wanted = [organization.clone(), event.clone()];
        let found = self.store.table.batch_get(wanted, Freshness::Strong);
        let mut found = found.await?;
        let (Some(organization), Some(event)) = (found.remove(&organization), found.remove(&event))
        else {
            return Ok(None);
        };
        let organization: Organization = from_item(organization)?;
        let event: Event = from_item(event)?;
        let starts = event.reserved().map(|span| span.start);
        let has_started = starts.is_none_or(|starts| starts <= self.store.now);
        if notice.news == News::Reminder && has_started {
            return Ok(None);
        }
        let mut participants = event.participants.iter();
        let is_in = participants.any(|participant| participant.id == notice.to.id);
        let key = is_in.then(|| LinkKey {
            organization: organization.id,
            key: notice.to.key.clone(),
        });
        Ok(Some(Mail::Event(Box::new(EventMail {
            key: key.map(|key| key.to_string()),
            notice,
            event,
            organization: organization.name,
        }))))
    }

    /// Says that the mail service took a mail. Answers whether the attempt
    /// held it.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn mail_sent(&self, id: MailId, attempt: &str, message_id: &str) -> Result<bool> {
        let state = MailState::Sent {
            at: self.store.now,
            message_id: message_id.to_owned(),
        };
        self.end_attempt(id, attempt, &state).await
    }

    /// Gives a mail back that was surely not sent, and may be tried again.
    /// Answers whether the attempt held it.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn mail_released(&self, id: MailId, attempt: &str) -> Result<bool> {
        self.end_attempt(id, attempt, &MailState::Pending).await
    }

    /// Gives a mail up, for a reason that a short code names. Answers whether
    /// the attempt held it.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn mail_failed(&self, id: MailId, attempt: &str, code: &str) -> Result<bool> {
        let state = MailState::Failed {
            at: self.store.now,
            code: code.to_owned(),
        };
        self.end_attempt(id, attempt, &state).await
    }

    /// What has become of a mail; none where there is none, or no longer.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn mail_state(&self, id: MailId) -> Result<Option<MailState>> {
        Ok(self.intent(id).await?.map(|intent| intent.state))
    }

    async fn end_attempt(&self, id: MailId, attempt: &str, state: &MailState) -> Result<bool> {
        retry!(async {
            let change = self.mail_change(id, state, is_held_by(attempt))?;
            match self.store.transact(vec![change]).await {
                Ok(()) => return Ok(true),
                Err(Failure::Stale) => {}
                Err(Failure::Error(error)) => return Err(error.into()),
            }
            // Either the attempt does not hold it, or another write was in the
            // way at that moment.
            match self.mail_state(id).await? {
                Some(MailState::Sending {
                    attempt: holder, ..
                }) if holder == attempt => Err(Failure::Stale),
                _ => Ok(false),
            }
        })
    }

    async fn intent(&self, id: MailId) -> Result<Option<Intent>> {
        let key = keys::mail(self.tenancy(), id);
        let item = self.store.table.get(&key, Freshness::Strong).await?;
        item.map(from_item).transpose()
    }

    /// A change of state. What is final no longer holds the text.
    fn mail_change(&self, id: MailId, state: &MailState, condition: Condition) -> Result<Write> {
        let is_final = matches!(state, MailState::Sent { .. } | MailState::Failed { .. });
        let state = AttributeValue::M(to_item(state)?);
        let attributes = std::iter::once((STATE.to_owned(), Some(state)))
            .chain(is_final.then(|| (SEALED.to_owned(), None)))
            .chain(is_final.then(|| (NOTICE.to_owned(), None)))
            .chain(is_final.then(|| (HOOK_NOTICE.to_owned(), None)));
        let key = keys::mail(self.tenancy(), id);
        Ok(Write::update(&key, attributes, false, condition))
    }
}

fn is_pending() -> Condition {
    in_state("pending")
}

fn is_held_by(attempt: &str) -> Condition {
    let mut condition = in_state("sending");
    condition.expression += " AND #state.#attempt = :attempt";
    condition
        .names
        .insert("#attempt".to_owned(), "attempt".to_owned());
    condition
        .values
        .insert(":attempt".to_owned(), AttributeValue::S(attempt.to_owned()));
    condition
}

fn in_state(name: &str) -> Condition {
    let mut condition = Condition::present();
    condition.expression += " AND #state.#name = :name";
    condition
        .names
        .insert("#state".to_owned(), STATE.to_owned());
    condition
        .names
        .insert("#name".to_owned(), "name".to_owned());
    condition
        .values
        .insert(":name".to_owned(), AttributeValue::S(name.to_owned()));
    condition
}

impl Text {
    fn of(invitation: &Invitation) -> Self {
        Self::Invitation {
            user: invitation.user,
            to: invitation.to.clone(),
            full_name: invitation.full_name.clone(),
            language: invitation.language,
            organization: invitation.organization.clone(),
            link: invitation.link.expose_secret().to_owned(),
        }
    }

    fn read(text: &SecretString) -> Result<Mail> {
        let text: Self = serde_json::from_str(text.expose_secret())
            // The error could quote the text.
            .map_err(|_| Error::internal("the text of a mail cannot be read"))?;
        Ok(match text {
            Self::Invitation {
                user,
                to,
                full_name,
                language,
                organization,
                link,
            } => Mail::Invitation(Invitation {
                user,
                to,
                full_name,
                language,
                organization,
                link: link.into(),
            }),
        })
    }
}
