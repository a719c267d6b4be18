//! The deliveries to webhooks, for whoever works on this machine: a page of the gateway that
//! the API on AWS does not have.

use std::net::SocketAddr;

use askama::Template;
use hyper::{Method, Request, Response};
use roster_domain::{
    Result,
    hooks::{Hook, delivery::Delivery, message_id},
};
use roster_runtime::App;
use roster_store::dynamodb::table::Freshness;

use crate::mail_page;

/// The page.
pub const PAGE: &str = "/_local/hooks";

/// Organizations whose hooks are shown, and deliveries to each hook.
const ORGANIZATIONS: usize = 100;
const DELIVERIES: usize = 50;

#[derive(Template)]
#[template(path = "hooks.html")]
struct Page {
    hooks: Vec<(Hook, Vec<Delivery>)>,
}

/// Answers a request for the page; none where it is for something else.
pub async fn answer<B>(
    app: &App,
    listens: SocketAddr,
    request: &Request<B>,
) -> Option<Response<Vec<u8>>> {
    if request.method() != Method::GET || request.uri().path() != PAGE {
        return None;
    }
    if let Some(refused) = mail_page::refused(listens, request) {
        return Some(refused);
    }
    let page = found(app).await.map(|hooks| Page { hooks }.render());
    let page = match page {
        Ok(Ok(page)) => page,
        _ => "The hooks cannot be read.".to_owned(),
    };
    Some(mail_page::shown("text/html; charset=utf-8", page))
}

async fn found(app: &App) -> Result<Vec<(Hook, Vec<Delivery>)>> {
    let store = app.store();
    let mut found = Vec::new();
    for organization in store.organizations(ORGANIZATIONS, None).await?.items {
        let tenant = store.tenant(organization.id);
        for hook in tenant.hooks(Freshness::Strong).await? {
            let deliveries = tenant.deliveries(hook.id, DELIVERIES, None).await?;
            found.push((hook, deliveries.items));
        }
    }
    Ok(found)
}
