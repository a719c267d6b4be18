//! Calendars of an Exchange server (`exchange`): Exchange Web Services, where the server lets
//! people in with NTLM or Basic.

mod ntlm;
mod soap;
mod written;

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{
    Method, Request,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT, WWW_AUTHENTICATE},
};
use jiff::Timestamp;
use roster_calendar::entry::Entry;
use roster_domain::{bookings::agenda::TimeSpan, calendars::BusyTime, hooks::target::TargetUrl};
use roster_outgoing::{Answer, Conversation};
use roster_store::calendars::Address;
use roxmltree::{Document, Node};
use secrecy::ExposeSecret as _;

use self::{
    ntlm::{Login, Situation},
    soap::{TYPES, answers, child, envelope, escaped, text, unreadable},
};
use crate::{
    Client,
    asking::{AGENT, Found, MOST_CALENDARS, authorization, sentence},
};

/// Entries of a calendar that are asked for at once: Exchange answers no more.
const PAGE: usize = 1000;
/// Pages of a calendar that are read.
const MOST_PAGES: usize = 20;

/// A time in a calendar that its owner is not free in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Taken {
    pub(crate) time: BusyTime,
    pub(crate) tentative: bool,
    pub(crate) uid: Option<String>,
}

/// A conversation with a server about a mailbox.
pub(crate) struct Mailbox<'a> {
    client: &'a Client,
    url: TargetUrl,
    way: Way,
}

/// How its owner is let in.
enum Way {
    /// The connection is let in, once the last message of the login has come with a request.
    Ntlm(Conversation, Option<HeaderValue>),
    /// Each request is.
    Basic(HeaderValue),
}

impl<'a> Mailbox<'a> {
    /// Lets the owner of a mailbox in.
    ///
    /// # Errors
    /// Why not: a sentence for them.
    pub(crate) async fn enter(
        client: &'a Client,
        address: &Address,
        now: Timestamp,
    ) -> Result<Self, String> {
        let url = address.url.clone();
        let password = address.password.as_ref().map(|it| it.expose_secret());
        let (username, password) = (address.username.as_deref(), password.unwrap_or_default());
        let connected = client.outgoing.connect(&url, client.bounds.time).await;
        let mut conversation = connected.map_err(|why| sentence(&why.to_string()))?;
        let first = request(&ntlm_header(&ntlm::negotiate())?);
        let sent = conversation.send(first, "", client.bounds).await;
        let answer = sent.map_err(|why| sentence(&why.to_string()))?;
        if answer.status != 401 {
            return Err(refused(&answer).unwrap_or_else(unreadable));
        }
        let way = if let Some(challenge) = challenge(&answer) {
            let host = url::Url::parse(url.as_str()).ok();
            let host = host.as_ref().and_then(|url| url.host_str());
            let situation =
                Situation::new(host.unwrap_or_default(), conversation.certificate(), now);
            let login = Login {
                username: username.unwrap_or_default(),
                password,
            };
            let last = ntlm::authenticate(&challenge, &login, &situation);
            let last = ntlm_header(&last.ok_or_else(unreadable)?)?;
            Way::Ntlm(conversation, Some(last))
        } else if schemes(&answer).any(|scheme| scheme.eq_ignore_ascii_case("basic")) {
            let basic = authorization(username, Some(password))?;
            Way::Basic(basic.ok_or_else(not_let_in)?)
        } else {
            return Err("The server lets nobody in with a user name and a password.".to_owned());
        };
        Ok(Self { client, url, way })
    }

    /// The calendars of the mailbox, its own first.
    ///
    /// # Errors
    /// Why there are none.
    pub(crate) async fn calendars(&mut self) -> Result<Vec<Found>, String> {
        let shape = r#"<m:FolderShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>
<t:FieldURI FieldURI="folder:DisplayName"/><t:FieldURI FieldURI="folder:EffectiveRights"/>
</t:AdditionalProperties></m:FolderShape>"#;
        let own = format!(
            r#"<m:GetFolder>{shape}<m:FolderIds><t:DistinguishedFolderId Id="calendar"/>
</m:FolderIds></m:GetFolder>"#
        );
        let others = format!(
            r#"<m:FindFolder Traversal="Deep">{shape}<m:Restriction><t:IsEqualTo>
<t:FieldURI FieldURI="folder:FolderClass"/><t:FieldURIOrConstant>
<t:Constant Value="IPF.Appointment"/></t:FieldURIOrConstant></t:IsEqualTo></m:Restriction>
<m:ParentFolderIds><t:DistinguishedFolderId Id="msgfolderroot"/></m:ParentFolderIds>
</m:FindFolder>"#
        );
        let mut found: Vec<Found> = Vec::new();
        for operation in [own, others] {
            let answer = self.ask(&operation).await?;
            let document = document(&answer)?;
            let folders = answers(&document)?.into_iter();
            let folders = folders.flat_map(|answer| answer.descendants());
            let folders = folders.filter(|it| it.has_tag_name((TYPES, "CalendarFolder")));
            for folder in folders.filter_map(folder) {
                if found.iter().all(|one| one.href != folder.href) {
                    found.push(folder);
                }
            }
        }
        found.truncate(MOST_CALENDARS);
        Ok(found)
    }

    /// When the owner is not free by a calendar, in a span. What is shown as free counts where
    /// that is wanted.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(crate) async fn taken(
        &mut self,
        folder: &str,
        within: TimeSpan,
        free_counts: bool,
    ) -> Result<BTreeSet<Taken>, String> {
        let mut taken = BTreeSet::new();
        let mut from = within.start;
        for _ in 0..MOST_PAGES {
            let answer = self.ask(&view(folder, from, within.end)).await?;
            let document = document(&answer)?;
            let mut last = from;
            let mut is_all = true;
            for answer in answers(&document)? {
                let mut parts = answer.descendants();
                let root = parts.find(|it| it.tag_name().name() == "RootFolder");
                let root = root.ok_or_else(unreadable)?;
                is_all &= root.attribute("IncludesLastItemInRange") != Some("false");
                let items = root.descendants();
                for item in items.filter(|it| it.has_tag_name((TYPES, "CalendarItem"))) {
                    let span = span(item).ok_or_else(unreadable)?;
                    last = last.max(span.start);
                    taken.extend(busy(item, span, free_counts));
                }
            }
            if is_all {
                return Ok(taken);
            }
            if last <= from {
                break;
            }
            // What has begun before and goes on is answered again.
            from = last;
        }
        Err("There is more in the calendar than Roster reads.".to_owned())
    }

    /// Puts an entry into a calendar, in place of the one that Roster put there for the same
    /// event.
    ///
    /// # Errors
    /// Why it is not there.
    pub(crate) async fn put(&mut self, folder: &str, entry: &Entry) -> Result<(), String> {
        match self.written(folder, &entry.uid).await?.as_slice() {
            [] => self.done(&written::create(folder, entry)).await,
            [id, ..] => self.done(&written::update(id, entry)).await,
        }
    }

    /// Takes the entry of an event out of a calendar, where it is there.
    ///
    /// # Errors
    /// Why it is not gone.
    pub(crate) async fn remove(&mut self, folder: &str, uid: &str) -> Result<(), String> {
        for id in self.written(folder, uid).await? {
            self.done(&written::delete(&id)).await?;
        }
        Ok(())
    }

    /// The entries that Roster put into a calendar for an event: one, or none.
    async fn written(&mut self, folder: &str, uid: &str) -> Result<Vec<String>, String> {
        let answer = self.ask(&written::find(folder, uid)).await?;
        let document = document(&answer)?;
        let found = answers(&document)?.into_iter();
        let found = found.flat_map(|answer| answer.descendants());
        let ids = found.filter(|it| it.has_tag_name((TYPES, "ItemId")));
        Ok(ids
            .filter_map(|it| it.attribute("Id").map(str::to_owned))
            .collect())
    }

    async fn done(&mut self, operation: &str) -> Result<(), String> {
        let answer = self.ask(operation).await?;
        answers(&document(&answer)?).map(|_| ())
    }

    async fn ask(&mut self, operation: &str) -> Result<Vec<u8>, String> {
        let body = envelope(operation);
        let bounds = self.client.bounds;
        let asked = match &mut self.way {
            Way::Basic(basic) => {
                let request = request(basic);
                let outgoing = &self.client.outgoing;
                outgoing.send(&self.url, request, body, bounds).await
            }
            Way::Ntlm(conversation, last) => {
                let request = match last.take() {
                    Some(last) => request(&last),
                    None => bare(),
                };
                conversation.send(request, body, bounds).await
            }
        };
        let answer = asked.map_err(|why| sentence(&why.to_string()))?;
        match answer.status {
            // What is wrong with a request is told with this status, too.
            200 | 500 if answer.is_whole => Ok(answer.body),
            200 | 500 => Err("The server sends too much, or stopped sending.".to_owned()),
            401 => Err(not_let_in()),
            _ => Err(refused(&answer).unwrap_or_else(unreadable)),
        }
    }
}

/// Why an answer is none to a question; none where its status does not say it.
fn refused(answer: &Answer) -> Option<String> {
    match answer.status {
        300..400 => Some("The address leads to another. Enter where it leads to.".to_owned()),
        403 => Some(not_let_in()),
        404 | 405 | 410 => Some("There is no Exchange server at the address.".to_owned()),
        200 => None,
        status => Some(format!("The server answers with the status {status}.")),
    }
}

fn not_let_in() -> String {
    "The server does not accept the user name or the password.".to_owned()
}

/// What a calendar has in a span: each occurrence, as Exchange expands what recurs.
fn view(folder: &str, start: Timestamp, end: Timestamp) -> String {
    let folder = escaped(folder);
    format!(
        r#"<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>
<t:AdditionalProperties><t:FieldURI FieldURI="calendar:Start"/>
<t:FieldURI FieldURI="calendar:End"/><t:FieldURI FieldURI="calendar:IsAllDayEvent"/>
<t:FieldURI FieldURI="calendar:LegacyFreeBusyStatus"/>
<t:FieldURI FieldURI="calendar:IsCancelled"/><t:FieldURI FieldURI="calendar:MyResponseType"/>
<t:FieldURI FieldURI="calendar:UID"/></t:AdditionalProperties></m:ItemShape>
<m:CalendarView MaxEntriesReturned="{PAGE}" StartDate="{start}" EndDate="{end}"/>
<m:ParentFolderIds><t:FolderId Id="{folder}"/></m:ParentFolderIds></m:FindItem>"#
    )
}

fn folder(folder: Node<'_, '_>) -> Option<Found> {
    let id = child(folder, TYPES, "FolderId")?.attribute("Id")?;
    let rights = child(folder, TYPES, "EffectiveRights");
    let creates = rights.and_then(|rights| text(rights, "CreateContents"));
    Some(Found {
        href: id.to_owned(),
        name: text(folder, "DisplayName").map(str::to_owned),
        color: None,
        writable: creates == Some("true"),
        // Exchange says what changed since a reading, and not what an occurrence of it is: a
        // calendar is read whole each time.
        state: None,
    })
}

fn span(item: Node<'_, '_>) -> Option<TimeSpan> {
    let at = |name| text(item, name)?.parse::<Timestamp>().ok();
    Some(TimeSpan {
        start: at("Start")?,
        end: at("End")?,
    })
}

/// The time of an entry in which its owner is not free; none where they are.
fn busy(item: Node<'_, '_>, span: TimeSpan, free_counts: bool) -> Option<Taken> {
    let is = |name, value| text(item, name) == Some(value);
    let tentative = match text(item, "LegacyFreeBusyStatus") {
        Some("Free" | "WorkingElsewhere" | "NoData") if !free_counts => return None,
        status => status == Some("Tentative"),
    };
    // As XML Schema has it.
    let is_true = |name| is(name, "true") || is(name, "1");
    if is_true("IsCancelled") || is("MyResponseType", "Decline") || span.start >= span.end {
        return None;
    }
    Some(Taken {
        time: BusyTime {
            span,
            all_day: is_true("IsAllDayEvent"),
        },
        tentative,
        uid: text(item, "UID").map(str::to_owned),
    })
}

fn bare() -> http::request::Builder {
    Request::builder()
        .method(Method::POST)
        .header(CONTENT_TYPE, "text/xml; charset=utf-8")
        .header(USER_AGENT, AGENT)
}

fn request(authorization: &HeaderValue) -> http::request::Builder {
    bare().header(AUTHORIZATION, authorization)
}

fn ntlm_header(message: &[u8]) -> Result<HeaderValue, String> {
    let value = HeaderValue::from_str(&format!("NTLM {}", STANDARD.encode(message)));
    let mut value = value.map_err(|_| unreadable())?;
    value.set_sensitive(true);
    Ok(value)
}

/// The ways in which a server lets people in.
fn schemes(answer: &Answer) -> impl Iterator<Item = &str> {
    let offered = answer.headers.get_all(WWW_AUTHENTICATE).into_iter();
    let offered = offered.filter_map(|one| one.to_str().ok());
    offered.filter_map(|one| one.split([' ', ',']).next())
}

/// The challenge in an answer to the first message of a login.
fn challenge(answer: &Answer) -> Option<Vec<u8>> {
    let offered = answer.headers.get_all(WWW_AUTHENTICATE).into_iter();
    let offered = offered.filter_map(|one| one.to_str().ok());
    let (_, challenge) = offered
        .filter_map(|one| one.split_once(' '))
        .find(|(scheme, _)| scheme.eq_ignore_ascii_case("ntlm"))?;
    STANDARD.decode(challenge.trim()).ok()
}

fn document(answer: &[u8]) -> Result<Document<'_>, String> {
    let text = std::str::from_utf8(answer).ok();
    let document = text.and_then(|text| Document::parse(text).ok());
    document.ok_or_else(unreadable)
}
