//! Whether a test runs beside others. Most do. Those that ask for everything that the machine
//! has at once would fail, and not because something is wrong, while others ask as well.

use std::sync::{LazyLock, Mutex};

use tokio::sync::Notify;

/// How many APIs of tests run that share the machine, and whether one has it alone.
#[derive(Default)]
struct Running {
    beside_others: usize,
    alone: bool,
}

static RUNNING: LazyLock<Mutex<Running>> = LazyLock::new(Mutex::default);
static ENDED: LazyLock<Notify> = LazyLock::new(Notify::new);

/// Held as long as an API of a test runs.
pub enum Turn {
    BesideOthers,
    Alone,
}

impl Turn {
    /// Once no test runs alone. Does not wait for those that are to run alone: who has one
    /// API already starts another.
    pub async fn beside_others() -> Self {
        Self::once(|running| {
            running.beside_others += usize::from(!running.alone);
            !running.alone
        })
        .await;
        Self::BesideOthers
    }

    /// Once no other test runs.
    pub async fn alone() -> Self {
        Self::once(|running| {
            let is_free = !running.alone && running.beside_others == 0;
            running.alone |= is_free;
            is_free
        })
        .await;
        Self::Alone
    }

    async fn once(take: impl Fn(&mut Running) -> bool) {
        loop {
            let ended = ENDED.notified();
            tokio::pin!(ended);
            ended.as_mut().enable();
            if take(&mut RUNNING.lock().unwrap()) {
                return;
            }
            ended.await;
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut running = RUNNING.lock().unwrap();
        match self {
            Self::BesideOthers => running.beside_others -= 1,
            Self::Alone => running.alone = false,
        }
        drop(running);
        ENDED.notify_waiters();
    }
}
