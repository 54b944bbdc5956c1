//! Writes the buffered entries, a batch per transaction.

use super::{buffer::Buffer, store};
use crate::{
    ports::Clock,
    store::{Store, StoreError},
};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use std::{sync::Arc, time::Duration};

const BATCH: usize = 256;
/// How long to leave a database alone that refused a batch.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// The sole writer of the audit log while the daemon runs.
pub struct Audit {
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub buffer: Arc<Buffer>,
}

/// What the audit actor is told.
pub enum AuditMessage {
    /// An entry waits, and is due after `delay`.
    Recorded { delay: Duration },
    /// Write what is due.
    Write,
}

impl Actor for Audit {
    type Msg = AuditMessage;
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, myself: ActorRef<Self::Msg>, (): ()) -> Result<(), ActorProcessingErr> {
        self.schedule(&myself);
        Ok(())
    }

    async fn handle(
        &self,
        myself: ActorRef<Self::Msg>,
        message: Self::Msg,
        (): &mut Self::State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            AuditMessage::Recorded { delay } => write_after(&myself, delay),
            AuditMessage::Write => self.write(&myself).await,
        }
        Ok(())
    }

    async fn post_stop(&self, _myself: ActorRef<Self::Msg>, (): &mut Self::State) -> Result<(), ActorProcessingErr> {
        while self.write_batch(true).await.is_ok_and(|written| written > 0) {}
        Ok(())
    }
}

impl Audit {
    async fn write(&self, myself: &ActorRef<AuditMessage>) {
        match self.write_batch(false).await {
            Ok(_) => self.schedule(myself),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "failed to write the audit log; trying again"
                );
                write_after(myself, RETRY_AFTER);
            }
        }
    }

    fn schedule(&self, myself: &ActorRef<AuditMessage>) {
        if let Some(delay) = self.buffer.next() {
            write_after(myself, delay);
        }
    }

    async fn write_batch(&self, everything: bool) -> Result<usize, StoreError> {
        let batch = self.buffer.take(BATCH, everything);
        let count = batch.entries().len();
        if count == 0 {
            return Ok(0);
        }
        let now = self.clock.now_ms();
        // The batch moves into the transaction: when this actor is killed while it waits for its turn, the batch
        // goes home; when the transaction runs all the same, it does not.
        self.store
            .write(move |transaction| {
                store::append_batch(transaction, batch.entries(), now)?;
                batch.written();
                Ok::<_, StoreError>(count)
            })
            .await
    }
}

fn write_after(myself: &ActorRef<AuditMessage>, delay: Duration) {
    myself.send_after(delay, || AuditMessage::Write);
}
