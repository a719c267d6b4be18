//! Telling people what became of an event: who is told is worked out from what the event
//! was and is, and put in the outbox once, however often that is looked at.

use std::collections::{BTreeSet, HashMap};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use roster_domain::{
    Error, MailId, Result, UserId,
    access::secret::SecretDigest,
    bookings::event::{Event, Notice, Participant, notices},
    id::ObjectId,
    mail::EventNotice,
    team::AdminPreferences,
    text::Email,
    users::{booking_page::PageSettings, mail_topic::Defaults, user::User},
    zone::ZoneName,
};

use crate::{
    Tenant,
    bookings::draft::assigned_participant,
    dynamodb::{
        capacity::branch,
        item::{Item, from_item},
        table::Freshness,
    },
    keys::{self, Key},
    teams::items::TeamItem,
};

/// Attribute of an event that an import wrote: nobody is told of it again. The next change
/// of the event takes it away.
pub const IMPORTED: &str = "imported";
/// How much later than it was made a change can be written. What is written later is a
/// copy that somebody restored.
const LONGEST_DELAY: SignedDuration = SignedDuration::from_mins(10);

/// Mails that are put in the outbox at once: a team may have many admins.
const AT_ONCE: usize = 20;

/// A change of an event, as the table's stream has it.
#[derive(Debug)]
pub struct EventChanged {
    /// The event's item as it was; none where it is new.
    pub before: Option<Item>,
    /// The item as it is.
    pub after: Item,
    /// When it was written.
    pub at: Timestamp,
}

/// Why people are told something.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reason {
    /// The event was changed.
    Change {
        /// How many messages it had before.
        messages_before: usize,
    },
    /// It starts soon, at this time.
    Reminder(Timestamp),
}

/// Everybody whom an event's mails have to do with.
pub(super) struct Known {
    users: HashMap<UserId, User>,
    /// How many hours before it starts people are reminded of it: as its team says, or the
    /// page of who holds it.
    reminder_hours: Option<u32>,
    /// The admins of its team, with what they are mailed about; none where they set
    /// nothing.
    admins: Option<(AdminPreferences, Vec<UserId>)>,
}

impl Tenant<'_> {
    /// Puts a mail in the outbox for everybody who is to be told of a change. Answers how
    /// many are new there: found again, the same change puts none.
    ///
    /// # Errors
    /// When the table cannot be reached, or an item cannot be read.
    pub async fn tell(&self, changed: EventChanged) -> Result<usize> {
        let is_imported = changed.after.contains_key(IMPORTED);
        let before: Option<Event> = changed.before.map(from_item).transpose()?;
        let event: Event = from_item(changed.after)?;
        let is_late = changed.at.duration_since(event.updated_at) > LONGEST_DELAY;
        let found = if is_imported || is_late {
            Vec::new()
        } else {
            notices(before.as_ref(), &event, self.store.now)
        };
        let reserved = event.reserved();
        let is_moved = reserved.is_some() && reserved != before.as_ref().and_then(Event::reserved);
        if found.is_empty() && !is_moved {
            return Ok(0);
        }
        let known = self.known(&event, &found).await?;
        if let Some(hours) = known.reminder_hours.filter(|_| is_moved) {
            self.put_reminder(&event, hours).await?;
        }
        let messages_before = before.map_or(0, |before| before.messages.len());
        let reason = Reason::Change { messages_before };
        self.queue_all(&event, &found, &known, reason).await
    }

    /// Puts a mail in the outbox for everybody who is to be told, and wants to be. Answers
    /// how many are new there.
    pub(super) async fn queue_all(
        &self,
        event: &Event,
        found: &[Notice],
        known: &Known,
        reason: Reason,
    ) -> Result<usize> {
        let mut mails = known.mails(event, found, reason);
        mails.retain(|notice| !known.is_suppressed(event, notice));
        let queued = mails.into_iter().map(|notice| {
            let is_user = known.user(&notice.to).is_some();
            branch(async move {
                let id = mail_id(event, reason, &notice)?;
                self.queue_once(id, notice, is_user).await
            })
        });
        let queued = stream::iter(queued).buffer_unordered(AT_ONCE);
        let queued: Vec<bool> = queued.try_collect().await?;
        Ok(queued.into_iter().filter(|is_new| *is_new).count())
    }

    async fn queue_once(&self, id: MailId, notice: EventNotice, is_user: bool) -> Result<bool> {
        let Some(to) = notice.to.email.clone() else {
            return Ok(false);
        };
        if !is_user && self.mail_state(id).await?.is_none() {
            // A stranger did not ask for mails: what they get is bounded.
            if !self.count_notice(&to).await? {
                let organization = self.tenancy().to_string();
                tracing::warn!(
                    organization,
                    "a guest is told no more: too many mails in a day"
                );
                return Ok(false);
            }
        }
        self.queue_notice(id, notice).await
    }

    pub(super) async fn known(&self, event: &Event, found: &[Notice]) -> Result<Known> {
        let told = found.iter().filter_map(|notice| notice.to.user);
        let told: BTreeSet<UserId> = told.chain([event.assigned]).collect();
        let team = event.team.map(|team| keys::team(self.tenancy(), team));
        let mut items = self.users_and(told, team.clone()).await?;
        let team = team.and_then(|team| items.remove(&team));
        let team: Option<TeamItem> = team.map(from_item).transpose()?;
        let mut users = read_users(items)?;
        let reminder_hours = match &team {
            Some(team) => team.reminder_hours,
            None => page_of(&users, event.assigned).and_then(|page| page.reminder_hours),
        };
        let wishes = team.and_then(|team| Some((team.id, team.admin_preferences?)));
        let Some((team, wishes)) = wishes else {
            return Ok(Known {
                users,
                reminder_hours,
                admins: None,
            });
        };
        let admins = match self.stored_team(team, Freshness::Eventual).await {
            Ok(stored) => stored.admins(),
            Err(Error::NotFound(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        let missing = admins.iter().filter(|admin| !users.contains_key(admin));
        let items = self.users_and(missing.copied(), None).await?;
        users.extend(read_users(items)?);
        Ok(Known {
            users,
            reminder_hours,
            admins: Some((wishes, admins)),
        })
    }

    async fn users_and(
        &self,
        users: impl IntoIterator<Item = UserId>,
        besides: Option<Key>,
    ) -> Result<HashMap<Key, Item>> {
        let users = users
            .into_iter()
            .map(|user| keys::user(self.tenancy(), user));
        let wanted: Vec<_> = users.chain(besides).collect();
        self.store
            .table
            .batch_get(wanted, Freshness::Eventual)
            .await
    }
}

fn read_users(items: HashMap<Key, Item>) -> Result<HashMap<UserId, User>> {
    let users = items.into_values().map(from_item::<User>);
    users.map(|user| user.map(|user| (user.id, user))).collect()
}

impl Known {
    /// Who is told, and wants to be.
    fn mails(&self, event: &Event, found: &[Notice], reason: Reason) -> Vec<EventNotice> {
        let messages_before = match reason {
            Reason::Change { messages_before } => messages_before,
            Reason::Reminder(_) => event.messages.len(),
        };
        let mut mails: Vec<_> = found
            .iter()
            .filter(|notice| self.wants(event, notice))
            .map(|notice| self.mail(event, notice, messages_before))
            .collect();
        let of_holder = found.iter().find(|notice| notice.to.is_assigned);
        let (Some(of_holder), Some((wishes, admins))) = (of_holder, &self.admins) else {
            return mails;
        };
        let topic = of_holder.news.topic(event, true);
        if !wishes.email.wants(topic, Defaults::TeamAdmins) {
            return mails;
        }
        let takes_part = event.users();
        let admins = admins.iter().filter(|admin| !takes_part.contains(admin));
        for admin in admins.filter_map(|admin| self.users.get(admin)) {
            let to = Participant {
                // The admin's, for this event: always the same.
                id: ObjectId::from_bytes(admin.id.bytes()),
                is_assigned: false,
                key: String::new(),
                ..assigned_participant(admin, event.created_at)
            };
            if admin.is_active() && to.email.is_some() {
                let notice = Notice {
                    to,
                    ..of_holder.clone()
                };
                mails.push(EventNotice {
                    as_admin: true,
                    ..self.mail(event, &notice, messages_before)
                });
            }
        }
        mails
    }

    fn user(&self, participant: &Participant) -> Option<&User> {
        participant.user.and_then(|user| self.users.get(&user))
    }

    fn wants(&self, event: &Event, notice: &Notice) -> bool {
        let topic = notice.news.topic(event, notice.to.is_assigned);
        match self.user(&notice.to) {
            Some(user) => user.is_active() && user.preferences.wants(topic, Defaults::User),
            None => Defaults::User.of(topic),
        }
    }

    fn mail(&self, event: &Event, notice: &Notice, messages_before: usize) -> EventNotice {
        let user = self.user(&notice.to);
        let own_language = user.and_then(|user| user.profile.language);
        let own_zone = user.and_then(|user| user.profile.timezone.clone());
        let zone = notice.to.timezone.clone().or(own_zone);
        EventNotice {
            event: event.id,
            to: notice.to.clone(),
            news: notice.news,
            by: notice.by,
            as_admin: false,
            messages_before,
            language: own_language.or(notice.to.locale).unwrap_or(event.lang),
            zone: zone
                .or_else(|| event.zone().cloned())
                .unwrap_or_else(ZoneName::utc),
        }
    }

    /// Whether the address is one that who holds the event, or who has it, wants no mail
    /// to go to (`/api/v1`'s `suppress_emails`).
    fn is_suppressed(&self, event: &Event, notice: &EventNotice) -> bool {
        let holder = self.users.get(&event.assigned);
        let lists = [holder, self.user(&notice.to)];
        let lists = lists.into_iter().flatten();
        let mut lists = lists.filter_map(|user| user.directory.suppress_emails.as_ref());
        let to = notice.to.email.as_ref();
        to.is_some_and(|to: &Email| lists.any(|list| list.has(to)))
    }
}

/// The settings of a user's page.
fn page_of(users: &HashMap<UserId, User>, id: UserId) -> Option<&PageSettings> {
    let page = users.get(&id)?.booking_page.as_ref()?;
    page.custom.as_ref()
}

/// The id of a mail: the same whenever the same is told to the same person.
fn mail_id(event: &Event, reason: Reason, notice: &EventNotice) -> Result<MailId> {
    let (id, to) = (event.id, notice.to.id);
    id_of(&match reason {
        Reason::Change { .. } => format!("{id} {} {to}", event.version),
        Reason::Reminder(starts) => format!("{id} starts {starts} {to}"),
    })
}

/// The id of a mail that tells what this text says, and to whom.
pub(super) fn id_of(told: &str) -> Result<MailId> {
    let digest = SecretDigest::of(told);
    let digits = digest.as_hex().get(..24).unwrap_or_default();
    digits.parse().map_err(Error::internal)
}
