//! Where a name leads, as far as it may lead there.

use std::{
    net::{IpAddr, SocketAddr},
    pin::Pin,
    task::{Context, Poll},
};

use hyper_util::client::legacy::connect::dns::Name;
use roster_domain::hooks::target::Targets;
use tower_service::Service;

/// A name leads to an address that is not allowed.
#[derive(Debug)]
pub(crate) struct NotAllowed(pub(crate) String);

impl std::fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotAllowed {}

/// Says where a name leads.
pub trait Lookup: Clone + Send + Sync + 'static {
    /// The addresses of a name.
    fn lookup(&self, name: String) -> impl Future<Output = std::io::Result<Vec<IpAddr>>> + Send;
}

/// Asks the operating system.
#[derive(Clone, Debug)]
pub struct System;

impl Lookup for System {
    async fn lookup(&self, name: String) -> std::io::Result<Vec<IpAddr>> {
        let found = tokio::net::lookup_host((name, 0)).await?;
        Ok(found.map(|address| address.ip()).collect())
    }
}

/// A resolver that answers with addresses that are allowed, or not at all. The connection is
/// made to what it answers: a name that leads elsewhere the next time (DNS rebinding) gains
/// nothing.
#[derive(Clone, Debug)]
pub(crate) struct Checked<L> {
    pub(crate) targets: Targets,
    pub(crate) lookup: L,
}

impl<L: Lookup> Service<Name> for Checked<L> {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = Box<dyn std::error::Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let (targets, lookup) = (self.targets, self.lookup.clone());
        Box::pin(async move {
            let found = lookup.lookup(name.as_str().to_owned()).await?;
            // One that is not allowed among them is no accident: refuse the name.
            for address in &found {
                let allowed = targets.allow(*address);
                allowed.map_err(|wrong| NotAllowed(wrong.0))?;
            }
            let addresses = found.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(addresses.collect::<Vec<_>>().into_iter())
        })
    }
}
