//! The addresses of calendars, which are sealed for whose calendars they are.

use roster_domain::{
    Error, Result,
    calendars::services_at,
    hooks::target::{TargetUrl, Targets},
    whose::Whose,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use crate::mail::seal::{SealContext, Sealer};

/// Where a calendar is, and what lets Roster in.
#[derive(Debug)]
pub struct Address {
    /// Where it is.
    pub url: TargetUrl,
    /// The name to log in with, where there is one.
    pub username: Option<String>,
    /// The password.
    pub password: Option<SecretString>,
}

/// The same, as it is sealed.
#[derive(Serialize, Deserialize)]
struct Sealed {
    /// Its address, or…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<TargetUrl>,
    /// …the server of it: [`Sealer::seal`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    server: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

impl Address {
    /// Seals an address for whose calendar it is.
    ///
    /// # Errors
    /// As [`Sealer::seal_text`].
    pub async fn seal(&self, sealer: &Sealer, whose: Whose) -> Result<String> {
        let password = self.password.as_ref();
        let plain = serde_json::to_string(&Sealed {
            url: Some(self.url.clone()),
            server: None,
            username: self.username.clone(),
            password: password.map(|it| it.expose_secret().to_owned()),
        });
        let plain = plain.map_err(Error::internal)?;
        sealer.seal_text(SealContext::from(whose), &plain).await
    }

    /// Opens what [`Address::seal`] sealed.
    ///
    /// # Errors
    /// As [`Sealer::open_text`].
    pub async fn open(sealer: &Sealer, whose: Whose, sealed: &str) -> Result<Self> {
        let plain = sealer.open_text(SealContext::from(whose), sealed).await?;
        let sealed: Sealed =
            serde_json::from_str(plain.expose_secret()).map_err(Error::internal)?;
        let server = sealed.server.unwrap_or_default();
        // Where it may lead is looked at when it is asked.
        let url = match sealed.url {
            Some(url) => url,
            None => {
                TargetUrl::read(&services_at(&server), Targets::Any).map_err(Error::internal)?
            }
        };
        Ok(Self {
            url,
            username: sealed.username,
            password: sealed.password.map(SecretString::from),
        })
    }
}
