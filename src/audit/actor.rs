//! Writes the buffered entries, a batch per transaction.

use super::{buffer::Buffer, store};
use crate::{
    ports::Clock,
    store::{Store, StoreError},
};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use rusqlite::Transaction;
use std::{sync::Arc, time::Duration};
use tokio::task::AbortHandle;

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
    /// An entry waits that is due before all others.
    Recorded,
    /// Write what is due.
    Write,
}

/// The one timer that runs: for whatever is due first.
#[derive(Default)]
pub struct AuditState {
    timer: Option<AbortHandle>,
}

impl Actor for Audit {
    type Msg = AuditMessage;
    type State = AuditState;
    type Arguments = ();

    async fn pre_start(&self, myself: ActorRef<Self::Msg>, (): ()) -> Result<AuditState, ActorProcessingErr> {
        let mut state = AuditState::default();
        self.schedule(&myself, &mut state);
        Ok(state)
    }

    async fn handle(
        &self,
        myself: ActorRef<Self::Msg>,
        message: Self::Msg,
        state: &mut Self::State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            AuditMessage::Recorded => self.schedule(&myself, state),
            AuditMessage::Write => self.write(&myself, state).await,
        }
        Ok(())
    }

    async fn post_stop(
        &self,
        _myself: ActorRef<Self::Msg>,
        _state: &mut Self::State,
    ) -> Result<(), ActorProcessingErr> {
        while self.write_batch(true).await.is_ok_and(|written| written > 0) {}
        Ok(())
    }
}

impl Audit {
    async fn write(&self, myself: &ActorRef<AuditMessage>, state: &mut AuditState) {
        match self.write_batch(false).await {
            Ok(_) => self.schedule(myself, state),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "failed to write the audit log; trying again"
                );
                state.write_after(myself, RETRY_AFTER);
            }
        }
    }

    fn schedule(&self, myself: &ActorRef<AuditMessage>, state: &mut AuditState) {
        if let Some(delay) = self.buffer.next() {
            state.write_after(myself, delay);
        }
    }

    async fn write_batch(&self, everything: bool) -> Result<usize, StoreError> {
        let batch = self.buffer.take(BATCH, everything);
        let count = batch.entries().len();
        if count == 0 {
            return Ok(0);
        }
        let now = self.clock.now_ms();
        // The batch goes home unless it comes back from a transaction that committed. So a deed may be in the log twice,
        // when this actor is killed in between, but is never missing.
        let append = move |transaction: &Transaction<'_>| {
            store::append_batch(transaction, batch.entries(), now)?;
            Ok::<_, StoreError>(batch)
        };
        self.store.write(append).await?.written();
        Ok(count)
    }
}

impl AuditState {
    fn write_after(&mut self, myself: &ActorRef<AuditMessage>, delay: Duration) {
        let timer = myself.send_after(delay, || AuditMessage::Write).abort_handle();
        if let Some(before) = self.timer.replace(timer) {
            before.abort();
        }
    }
}
