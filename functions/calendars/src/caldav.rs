//! Calendars of a CalDAV server (`caldav`, RFC 4791): which there are, whether they changed,
//! and what is in them.

use http::{
    Method, Request,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, LOCATION, USER_AGENT},
};
use jiff::tz::TimeZone;
use roster_domain::{bookings::agenda::TimeSpan, hooks::target::TargetUrl};
use roster_outgoing::Answer;
use roster_store::calendars::Address;
use roxmltree::Document;
use secrecy::ExposeSecret as _;
use url::Url;

use crate::{
    Client,
    asking::{AGENT, Found, MOST_CALENDARS, MOST_REDIRECTS, authorization, sentence},
    dav::{APPLE, CALDAV, CALENDAR_SERVER, DAV, resources},
};

/// Where a server says what it has, if the address that was entered does not (RFC 6764).
const WELL_KNOWN: &str = "/.well-known/caldav";

/// What the names of hosts end with among which a provider leads its users: iCloud's.
const PROVIDERS: [&str; 1] = [".icloud.com"];

const PRINCIPAL: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<propfind xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><prop>
<current-user-principal/><c:calendar-home-set/><resourcetype/></prop></propfind>"#;

const CALENDARS: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<propfind xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"
 xmlns:a="http://apple.com/ns/ical/" xmlns:s="http://calendarserver.org/ns/"><prop>
<resourcetype/><displayname/><sync-token/><s:getctag/><a:calendar-color/>
<current-user-privilege-set/><c:supported-calendar-component-set/></prop></propfind>"#;

/// A conversation with a server.
pub(crate) struct Server<'a> {
    client: &'a Client,
    /// Where it was entered to be.
    entered: Url,
    authorization: Option<HeaderValue>,
}

impl<'a> Server<'a> {
    /// The server at an address.
    ///
    /// # Errors
    /// Where the address is none.
    pub(crate) fn at(client: &'a Client, address: &Address) -> Result<Self, String> {
        let entered = Url::parse(address.url.as_str());
        let password = address.password.as_ref().map(|it| it.expose_secret());
        Ok(Self {
            client,
            entered: entered.map_err(|_| "The address is no URL.".to_owned())?,
            authorization: authorization(address.username.as_deref(), password)?,
        })
    }

    /// The calendars that there are: the one that was entered, or those of who is let in; and
    /// where these are. `home` is where they were.
    ///
    /// # Errors
    /// Why there are none: a sentence for their owner.
    pub(crate) async fn calendars(
        &self,
        home: Option<&str>,
    ) -> Result<(Option<String>, Vec<Found>), String> {
        if let Some(known) = home.and_then(|home| Url::parse(home).ok())
            && let Ok(mut found) = self.found(&known, "1").await
            && !found.is_empty()
        {
            found.truncate(MOST_CALENDARS);
            return Ok((Some(known.into()), found));
        }
        let own = self.found(&self.entered, "0").await;
        if let Ok(own) = &own
            && !own.is_empty()
        {
            return Ok((None, own.clone()));
        }
        let home = match self.home(&self.entered).await {
            Ok(home) => home,
            Err(why) => {
                // The address may be that of the server alone.
                let known = self.entered.join(WELL_KNOWN).map_err(|_| why.clone())?;
                let asked = self.home(&known).await;
                asked.map_err(|_| own.err().unwrap_or(why))?
            }
        };
        let mut found = self.found(&home, "1").await?;
        if found.is_empty() {
            return Err("The server has no calendar of this user.".to_owned());
        }
        found.truncate(MOST_CALENDARS);
        Ok((Some(home.into()), found))
    }

    /// What is in a calendar, in a span: iCalendar texts, one behind another.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(crate) async fn events(&self, href: &str, within: TimeSpan) -> Result<Vec<u8>, String> {
        let at = |instant| {
            TimeZone::UTC
                .to_datetime(instant)
                .strftime("%Y%m%dT%H%M%SZ")
        };
        let body = format!(
            r#"<?xml version="1.0" encoding="utf-8"?>
<c:calendar-query xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
<prop><c:calendar-data/></prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">
<c:time-range start="{}" end="{}"/></c:comp-filter></c:comp-filter></c:filter>
</c:calendar-query>"#,
            at(within.start),
            at(within.end)
        );
        let url = self.entered.join(href).map_err(|_| nowhere())?;
        let (_, answer) = self.ask(&url, "REPORT", "1", body).await?;
        let document = document(&answer)?;
        let found = resources(&document).map_err(sentence)?;
        let texts = found
            .iter()
            .filter_map(|one| one.text(CALDAV, "calendar-data"));
        let mut all = Vec::new();
        for text in texts {
            all.extend_from_slice(text.as_bytes());
            all.extend_from_slice(b"\r\n");
        }
        Ok(all)
    }

    /// Where the calendars of who is let in are (RFC 5397, RFC 4791 6.2.1).
    async fn home(&self, from: &Url) -> Result<Url, String> {
        let mut at = from.clone();
        // From the server to who is let in, and from there to the calendars.
        for _ in 0..3 {
            let (reached, answer) = self.ask(&at, "PROPFIND", "0", PRINCIPAL.to_owned()).await?;
            let document = document(&answer)?;
            let found = resources(&document).map_err(sentence)?;
            let href = |namespace, name| found.iter().find_map(|one| one.href(namespace, name));
            if let Some(home) = href(CALDAV, "calendar-home-set") {
                return reached.join(&home).map_err(|_| nowhere());
            }
            let principal = href(DAV, "current-user-principal").ok_or_else(nowhere)?;
            at = reached.join(&principal).map_err(|_| nowhere())?;
        }
        Err(nowhere())
    }

    async fn found(&self, at: &Url, depth: &'static str) -> Result<Vec<Found>, String> {
        let (reached, answer) = self
            .ask(at, "PROPFIND", depth, CALENDARS.to_owned())
            .await?;
        let document = document(&answer)?;
        let found = resources(&document).map_err(sentence)?;
        let calendars = found.iter().filter(|one| one.is_calendar());
        let calendars = calendars.map(|one| {
            let href = reached.join(&one.href).map_err(|_| nowhere())?;
            Ok(Found {
                href: href.into(),
                name: one.text(DAV, "displayname"),
                color: one.text(APPLE, "calendar-color"),
                writable: one.is_writable(),
                state: one
                    .text(DAV, "sync-token")
                    .or_else(|| one.text(CALENDAR_SERVER, "getctag")),
            })
        });
        calendars.collect()
    }

    /// Puts an entry into a calendar, in place of what has the same name there.
    ///
    /// # Errors
    /// Why it is not there.
    pub(crate) async fn put(&self, calendar: &str, name: &str, text: &str) -> Result<(), String> {
        let at = self.inside(calendar, name)?;
        let request = |at: &Url| {
            let request = self.request(at, Method::PUT);
            request.header(CONTENT_TYPE, "text/calendar; charset=utf-8")
        };
        let (_, answer) = self.send(&at, request, text.to_owned()).await?;
        // An invitation that was accepted there says the same.
        let says = String::from_utf8_lossy(&answer.body);
        let is_there = says.contains("no-uid-conflict");
        match answer.status {
            200 | 201 | 204 => Ok(()),
            _ if is_there => Ok(()),
            _ => Err(refused(&answer)),
        }
    }

    /// Takes an entry out of a calendar, where it is there.
    ///
    /// # Errors
    /// Why it is not gone.
    pub(crate) async fn remove(&self, calendar: &str, name: &str) -> Result<(), String> {
        let at = self.inside(calendar, name)?;
        let request = |at: &Url| self.request(at, Method::DELETE);
        let (_, answer) = self.send(&at, request, String::new()).await?;
        match answer.status {
            200 | 202 | 204 | 404 | 410 => Ok(()),
            _ => Err(refused(&answer)),
        }
    }

    /// The place of an entry in a calendar.
    fn inside(&self, calendar: &str, name: &str) -> Result<Url, String> {
        let calendar = format!("{}/", calendar.trim_end_matches('/'));
        let calendar = self.entered.join(&calendar).map_err(|_| nowhere())?;
        calendar.join(name).map_err(|_| nowhere())
    }

    /// Asks for something. Answers where that was in the end, too.
    async fn ask(
        &self,
        at: &Url,
        method: &str,
        depth: &'static str,
        body: String,
    ) -> Result<(Url, Vec<u8>), String> {
        let method = Method::from_bytes(method.as_bytes()).map_err(|_| nowhere())?;
        let request = |at: &Url| {
            let request = self.request(at, method.clone()).header("Depth", depth);
            request.header(CONTENT_TYPE, "application/xml; charset=utf-8")
        };
        let (at, answer) = self.send(at, request, body).await?;
        match answer.status {
            207 if answer.is_whole => Ok((at, answer.body)),
            207 => Err("The server sends too much, or stopped sending.".to_owned()),
            404 | 405 | 410 => Err("There is no calendar at the address.".to_owned()),
            _ => Err(refused(&answer)),
        }
    }

    fn request(&self, at: &Url, method: Method) -> http::request::Builder {
        let request = Request::builder().method(method).header(USER_AGENT, AGENT);
        match self.authorization.as_ref().filter(|_| self.may_know(at)) {
            Some(authorization) => request.header(AUTHORIZATION, authorization),
            None => request,
        }
    }

    /// Sends a request to where an address leads in the end. Answers where that is, too.
    async fn send(
        &self,
        at: &Url,
        request: impl Fn(&Url) -> http::request::Builder,
        body: String,
    ) -> Result<(Url, Answer), String> {
        let mut at = at.clone();
        for _ in 0..=MOST_REDIRECTS {
            let target = TargetUrl::read(at.as_str(), self.client.outgoing.targets());
            let target = target.map_err(|wrong| format!("The address {}.", wrong.0))?;
            let outgoing = &self.client.outgoing;
            let sent = outgoing.send(&target, request(&at), body.clone(), self.client.bounds);
            let answer = sent.await.map_err(|why| sentence(&why.to_string()))?;
            let (301 | 302 | 303 | 307 | 308) = answer.status else {
                return Ok((at, answer));
            };
            let to = answer.header(LOCATION.as_str()).ok_or_else(nowhere)?;
            at = at.join(to).map_err(|_| nowhere())?;
        }
        Err("The address leads to another again and again.".to_owned())
    }

    /// Whether a host may be told the password: the one that was entered and, of a provider
    /// that leads each user to a host of their own, those of the provider.
    fn may_know(&self, at: &Url) -> bool {
        if at.scheme() != self.entered.scheme() {
            return false;
        }
        if at.origin() == self.entered.origin() {
            return true;
        }
        let [entered, asked] = [&self.entered, at].map(|url| url.domain().unwrap_or_default());
        let mut providers = PROVIDERS.iter();
        providers.any(|provider| entered.ends_with(provider) && asked.ends_with(provider))
    }
}

fn document(answer: &[u8]) -> Result<Document<'_>, String> {
    let text = std::str::from_utf8(answer).ok();
    let document = text.and_then(|text| Document::parse(text).ok());
    document.ok_or_else(|| sentence("the server does not answer as WebDAV asks"))
}

/// Why a server did not do what it was asked.
fn refused(answer: &Answer) -> String {
    match answer.status {
        401 | 403 => "The server does not accept the user name or the password.".to_owned(),
        status => format!("The server answers with the status {status}."),
    }
}

fn nowhere() -> String {
    "The server does not say where the calendars are.".to_owned()
}
