//! Batched inserts: what waits is committed together.
//!
//! Two writers take turns at one queue. While one waits for the disk, requests gather for the
//! other; nobody waits for a batch to fill. A batch is one statement per table and one commit.
//! Rows that conflict are left out by the server (`ON CONFLICT DO NOTHING`), which shows in the
//! count; then, as after an error, the batch is rolled back and tried in halves, until the
//! request that failed it is alone.

use super::batch::{WriteOrder, count_rows, words, writes};
use super::error::statement_error;
use super::pool::Pool;
use super::quarantine::Quarantine;
use super::session::Session;
use crate::error::{Error, ErrorKind, Result};
use crate::write::Insert;
use mainstay_entity::Catalog;
use parking_lot::Mutex;
use std::collections::BTreeSet;
use std::sync::Arc;

use std::time::Duration;
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};
use tokio::task::JoinHandle;
use tracing::{debug, warn};
use uuid::Uuid;

/// Most requests in one batch.
const MAX_REQUESTS: usize = 512;
/// A batch that holds this many rows takes no more requests.
const MAX_ROWS: usize = 4_096;
/// Most requests that wait.
const QUEUE: usize = 2_048;
/// The inserts of every batch.
const LEAVE_OUT_CONFLICTS: &str = " ON CONFLICT DO NOTHING";

/// What became of a request.
pub(super) enum Verdict {
    /// It is durable, or it failed with the whole batch.
    Done(Result<()>),
    /// It failed a batch, or its tenant did: it has to be written alone.
    Alone(Vec<Insert>),
}

/// A request that waits: rows of one tenant.
struct Request {
    tenant: Uuid,
    inserts: Vec<Insert>,
    reply: oneshot::Sender<Verdict>,
}

/// The writers and their queue.
pub(super) struct Writers {
    queue: Mutex<Option<mpsc::Sender<Request>>>,
    tasks: AsyncMutex<Vec<JoinHandle<()>>>,
    wait_timeout: Duration,
}

/// What each writer works with.
struct Writer {
    queue: Arc<AsyncMutex<mpsc::Receiver<Request>>>,
    pool: Arc<Pool>,
    catalog: Arc<Catalog>,
    order: Arc<WriteOrder>,
    quarantine: Arc<Quarantine>,
}

impl Writers {
    /// Starts `count` writers.
    pub(super) fn start(
        count: usize,
        pool: &Arc<Pool>,
        catalog: &Arc<Catalog>,
        order: &Arc<WriteOrder>,
        quarantine: &Arc<Quarantine>,
        wait_timeout: Duration,
    ) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let queue = Arc::new(AsyncMutex::new(receiver));
        let start = |_| {
            let writer = Writer {
                queue: Arc::clone(&queue),
                pool: Arc::clone(pool),
                catalog: Arc::clone(catalog),
                order: Arc::clone(order),
                quarantine: Arc::clone(quarantine),
            };
            tokio::spawn(writer.run())
        };
        let tasks = AsyncMutex::new((0..count.max(1)).map(start).collect());
        Self { queue: Mutex::new(Some(sender)), tasks, wait_timeout }
    }

    /// Writes the rows of one tenant together with whatever else waits.
    ///
    /// # Errors
    /// [`ErrorKind::Overloaded`] when the queue stays full.
    pub(super) async fn insert(&self, tenant: Uuid, inserts: Vec<Insert>) -> Result<Verdict> {
        let queue = self.queue.lock().clone();
        let queue = queue.ok_or_else(super::closed)?;
        let (reply, verdict) = oneshot::channel();
        let request = Request { tenant, inserts, reply };
        let sent = queue.send_timeout(request, self.wait_timeout).await;
        sent.map_err(|_| Error::new(ErrorKind::Overloaded))?;
        drop(queue);
        verdict.await.map_err(|_| super::closed())
    }

    /// Requests that wait for a writer.
    pub(super) fn waiting(&self) -> usize {
        let queue = self.queue.lock();
        queue.as_ref().map_or(0, |queue| queue.max_capacity() - queue.capacity())
    }

    /// Takes no more requests and finishes those that were taken.
    pub(super) async fn close(&self) {
        drop(self.queue.lock().take());
        for task in self.tasks.lock().await.drain(..) {
            if let Err(error) = task.await {
                warn!(%error, "a writer ended early");
            }
        }
    }
}

/// Why a batch was not committed.
enum Failure {
    /// One of its requests may be at fault.
    Requests,
    /// The connection was lost before the commit: another attempt may succeed.
    Lost(Error),
    /// The engine is at fault, or nobody knows whether it committed.
    Engine(Error),
}

impl Writer {
    async fn run(self) {
        while let Some(batch) = self.next_batch().await {
            self.write(batch).await;
        }
    }

    /// All that waits, up to the bounds; none when the queue was closed.
    async fn next_batch(&self) -> Option<Vec<Request>> {
        let mut queue = self.queue.lock().await;
        let mut batch = vec![queue.recv().await?];
        let mut rows = count_rows(batch[0].inserts.iter());
        while batch.len() < MAX_REQUESTS && rows < MAX_ROWS {
            let Ok(request) = queue.try_recv() else { break };
            rows += count_rows(request.inserts.iter());
            batch.push(request);
        }
        Some(batch)
    }

    async fn write(&self, batch: Vec<Request>) {
        let mut parts = vec![batch];
        while let Some(part) = parts.pop() {
            let (alone, mut part): (Vec<_>, Vec<_>) =
                part.into_iter().partition(|request| self.quarantine.contains(request.tenant));
            for request in alone {
                request.send_alone();
            }
            if part.is_empty() {
                continue;
            }
            match self.commit(&part).await {
                Ok(()) => finish(part, &Ok(())),
                Err(Failure::Engine(error) | Failure::Lost(error)) => finish(part, &Err(error)),
                Err(Failure::Requests) if part.len() == 1 => {
                    for request in part {
                        debug!(tenant = %request.tenant, "a tenant writes alone for a while");
                        self.quarantine.enter(request.tenant);
                        request.send_alone();
                    }
                }
                Err(Failure::Requests) => {
                    let later = part.split_off(part.len() / 2);
                    parts.extend([later, part]);
                }
            }
        }
    }

    /// Commits the requests, all or none.
    async fn commit(&self, part: &[Request]) -> std::result::Result<(), Failure> {
        match self.try_commit(part).await {
            // The server was restarted while the connection waited in the pool.
            Err(Failure::Lost(_)) => self.try_commit(part).await,
            result => result,
        }
    }

    async fn try_commit(&self, part: &[Request]) -> std::result::Result<(), Failure> {
        let tenants: BTreeSet<Uuid> = part.iter().map(|request| request.tenant).collect();
        let inserts = || part.iter().flat_map(|request| &request.inserts);
        let groups = self.order.group(inserts());
        let words = words(&groups);
        let writes = writes(&groups, &words, LEAVE_OUT_CONFLICTS);
        let rows = writes.len() - words.len();
        let mut checkout = self.pool.checkout().await.map_err(Failure::Engine)?;
        let session = Session::batch(&tenants);
        let counts = checkout.begin_writes(&session, &writes).await;
        let failure = match counts {
            Ok(counts) if counts.iter().take(rows).sum::<u64>() == count_rows(inserts()) as u64 => {
                None
            }
            Ok(_) => Some(Failure::Requests),
            Err(error) => Some(match statement_error(&self.catalog, &error) {
                error if is_lost(&error) => Failure::Lost(error),
                _ => Failure::Requests,
            }),
        };
        if let Some(failure) = failure {
            // Should this fail, the connection is lost, and its transaction with it.
            let _ = checkout.rollback().await;
            return Err(failure);
        }
        checkout.commit().await.map_err(|error| match statement_error(&self.catalog, &error) {
            error if is_lost(&error) => Failure::Engine(error),
            _ => Failure::Requests,
        })
    }
}

fn is_lost(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Unavailable(_))
}

fn finish(part: Vec<Request>, result: &Result<()>) {
    for request in part {
        // Nobody may wait for the answer any more.
        let _ = request.reply.send(Verdict::Done(result.clone()));
    }
}

impl Request {
    fn send_alone(self) {
        // Nobody may wait for the answer any more.
        let _ = self.reply.send(Verdict::Alone(self.inserts));
    }
}
