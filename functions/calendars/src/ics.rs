//! A calendar at a secret address (`ics`): one text, which its server may say is unchanged.

use http::{
    Method, Request,
    header::{
        ACCEPT, AUTHORIZATION, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
        USER_AGENT,
    },
};
use roster_domain::{calendars::Reading, hooks::target::TargetUrl};
use roster_outgoing::Answer;
use roster_store::calendars::Address;
use secrecy::ExposeSecret as _;

use crate::{
    Client, MOST_BYTES,
    asking::{AGENT, MOST_REDIRECTS, authorization, sentence},
};

/// What a server says of a calendar.
#[derive(Debug)]
pub(crate) enum Said {
    /// It is as it was.
    Unchanged,
    /// This is in it.
    Text {
        /// iCalendar.
        body: Vec<u8>,
        /// `ETag`.
        etag: Option<String>,
        /// `Last-Modified`.
        last_modified: Option<String>,
    },
}

impl Client {
    /// Asks for a calendar, for what is another than what was read before.
    ///
    /// # Errors
    /// Why there is none: a sentence for its owner.
    pub(crate) async fn ask(
        &self,
        address: &Address,
        before: Option<&Reading>,
    ) -> Result<Said, String> {
        let password = address.password.as_ref().map(|it| it.expose_secret());
        let mut authorization = authorization(address.username.as_deref(), password)?;
        let mut url = address.url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let mut request = Request::builder()
                .method(Method::GET)
                .header(ACCEPT, "text/calendar")
                .header(USER_AGENT, AGENT);
            if let Some(etag) = before.and_then(|before| before.etag.as_deref()) {
                request = request.header(IF_NONE_MATCH, etag);
            } else if let Some(at) = before.and_then(|before| before.last_modified.as_deref()) {
                request = request.header(IF_MODIFIED_SINCE, at);
            }
            if let Some(authorization) = &authorization {
                request = request.header(AUTHORIZATION, authorization);
            }
            let answered = self.outgoing.send(&url, request, "", self.bounds).await;
            let answer = answered.map_err(|why| sentence(&why.to_string()))?;
            match answer.status {
                304 if before.is_some() => return Ok(Said::Unchanged),
                200 => return text(answer),
                301 | 302 | 303 | 307 | 308 => {
                    let to = self.elsewhere(&url, &answer)?;
                    // Another host is not told the password.
                    authorization = authorization.filter(|_| is_same_origin(&url, &to));
                    url = to;
                }
                401 | 403 => return Err("The server does not let Roster in.".to_owned()),
                404 | 410 => return Err("There is no calendar at the address.".to_owned()),
                status => return Err(format!("The server answers with the status {status}.")),
            }
        }
        Err("The address leads to another again and again.".to_owned())
    }

    /// Where an address leads to, as far as it may.
    fn elsewhere(&self, from: &TargetUrl, answer: &Answer) -> Result<TargetUrl, String> {
        let nowhere = || "The address leads nowhere.".to_owned();
        let to = answer.header(LOCATION.as_str()).ok_or_else(nowhere)?;
        let base = url::Url::parse(from.as_str()).map_err(|_| nowhere())?;
        let to = base.join(to).map_err(|_| nowhere())?;
        let read = TargetUrl::read(to.as_str(), self.outgoing.targets());
        read.map_err(|wrong| format!("The address leads to one that {}.", wrong.0))
    }
}

fn is_same_origin(one: &TargetUrl, other: &TargetUrl) -> bool {
    let origin = |url: &TargetUrl| url::Url::parse(url.as_str()).map(|url| url.origin());
    matches!((origin(one), origin(other)), (Ok(one), Ok(other)) if one == other)
}

fn text(answer: Answer) -> Result<Said, String> {
    if !answer.is_whole {
        let most = MOST_BYTES / (1024 * 1024);
        return Err(format!(
            "The calendar is larger than {most} MB, or its server stopped sending it."
        ));
    }
    // Too long a name would not be sent back.
    let header = |name: http::HeaderName| {
        let value = answer.header(name.as_str());
        value.filter(|value| value.len() <= 200).map(str::to_owned)
    };
    Ok(Said::Text {
        etag: header(ETAG),
        last_modified: header(LAST_MODIFIED),
        body: answer.body,
    })
}
