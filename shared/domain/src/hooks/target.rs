//! Where deliveries may go: https, to a public address.

use std::{fmt, net::IpAddr};

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::{error::Unacceptable, hooks::public_address::why_not_public};

/// Longest address of a target, in bytes.
const MAX_LENGTH: usize = 2_048;

/// Names that lead into the network they are asked in (RFC 6761, RFC 6762, RFC 8375, and
/// what ICANN keeps for such use).
const PRIVATE_SUFFIXES: [&str; 6] = [
    "localhost",
    "local",
    "internal",
    "home.arpa",
    "lan",
    "intranet",
];

/// Which targets a deployment allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Targets {
    /// https, to public addresses.
    #[default]
    Public,
    /// Every http and https address: for a deployment in a network of its own, and for a
    /// developer's machine.
    Any,
}

impl Targets {
    /// By its name in the configuration.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "public" => Some(Self::Public),
            "any" => Some(Self::Any),
            _ => None,
        }
    }

    /// Holds an address that a name led to. To be asked when the connection is made: a name
    /// may lead elsewhere by then.
    ///
    /// # Errors
    /// What the address is, where it is not allowed.
    pub fn allow(self, address: IpAddr) -> Result<(), Unacceptable> {
        match (self, why_not_public(address)) {
            (Self::Any, _) | (Self::Public, None) => Ok(()),
            (Self::Public, Some(why)) => Err(Unacceptable::new(format!(
                "must lead to a public address; {address} is not one ({why})"
            ))),
        }
    }
}

/// Where a hook's deliveries go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TargetUrl(String);

impl fmt::Display for TargetUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TargetUrl {
    /// Reads an address, as far as it can be judged without asking where its name leads.
    ///
    /// # Errors
    /// What is wrong with it, and what would be right.
    pub fn read(text: &str, targets: Targets) -> Result<Self, Unacceptable> {
        let refuse = |detail: &str| Err(Unacceptable::new(detail));
        if text.len() > MAX_LENGTH {
            return Err(Unacceptable::new(format!(
                "must have at most {MAX_LENGTH} bytes, has {}",
                text.len()
            )));
        }
        let has_other = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
        let url = Url::parse(text).ok().filter(|_| !text.contains(has_other));
        let Some(url) = url else {
            return refuse("must be an absolute URL such as https://www.example.com/roster");
        };
        match (url.scheme(), targets) {
            ("https", _) | ("http", Targets::Any) => {}
            _ => return refuse("must be an https URL"),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("must have no user name and no password in it");
        }
        if url.fragment().is_some() {
            return refuse("must have no fragment (#…) in it: it would not be sent");
        }
        match url.host() {
            None => return refuse("must name a host"),
            Some(Host::Ipv4(address)) => targets.allow(address.into())?,
            Some(Host::Ipv6(address)) => targets.allow(address.into())?,
            Some(Host::Domain(name)) if targets == Targets::Public => public_name(name)?,
            Some(Host::Domain(_)) => {}
        }
        Ok(Self(text.to_owned()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Holds a name to those that lead the same way wherever they are asked.
fn public_name(name: &str) -> Result<(), Unacceptable> {
    let name = name.trim_end_matches('.');
    let is_private = |suffix: &&str| {
        let rest = name.strip_suffix(*suffix);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    if let Some(suffix) = PRIVATE_SUFFIXES.iter().find(|suffix| is_private(suffix)) {
        return Err(Unacceptable::new(format!(
            "must name a public host; names under {suffix} are not public"
        )));
    }
    if !name.contains('.') {
        return Err(Unacceptable::new(
            "must name a public host, such as www.example.com",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
