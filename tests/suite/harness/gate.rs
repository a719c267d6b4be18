//! A second API over the same table, whose transactions can be held on their
//! way to the engine: what a request decided is made to be old by the time it
//! is written.

use std::{future::Future, sync::Arc};

use tokio::sync::{Notify, watch};

use crate::harness::{Answer, Api, proxy};

pub struct Gate {
    open: watch::Sender<bool>,
    arrived: Notify,
}

impl Gate {
    /// One that is open.
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            open: watch::Sender::new(true),
            arrived: Notify::new(),
        })
    }

    /// An API whose transactions pass this gate, which is open.
    pub async fn before(api: &Api) -> (Arc<Self>, Api) {
        let gate = Self::new();
        let passed = Arc::clone(&gate);
        let held = proxy::behind(api, move |call| {
            let gate = Arc::clone(&passed);
            async move {
                if call.operation == "TransactWriteItems" {
                    gate.pass().await;
                }
                Some(call.send().await)
            }
        });
        (gate, held.await)
    }

    /// Sends a request that is held when it is about to write; does `meanwhile`;
    /// and lets it go on.
    pub async fn hold<T>(
        &self,
        request: impl Future<Output = Answer>,
        meanwhile: impl Future<Output = T>,
    ) -> Answer {
        self.hold_both(request, meanwhile).await.0
    }

    /// As [`Gate::hold`]; answers both.
    pub async fn hold_both<T>(
        &self,
        request: impl Future<Output = Answer>,
        meanwhile: impl Future<Output = T>,
    ) -> (Answer, T) {
        self.open.send_replace(false);
        let release = async {
            self.arrived.notified().await;
            let done = meanwhile.await;
            self.open.send_replace(true);
            done
        };
        tokio::join!(request, release)
    }

    /// Where what is to be held passes.
    pub async fn pass(&self) {
        if !*self.open.borrow() {
            self.arrived.notify_one();
        }
        let mut open = self.open.subscribe();
        open.wait_for(|open| *open).await.unwrap();
    }
}
