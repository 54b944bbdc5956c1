//! What was done, by whom: an append-only log.
//!
//! Writing to it never waits and never fails the deed: entries gather in a bounded buffer that outlives the actor, and
//! the actor writes them in batches. Failures that repeat are counted into one entry, so a flood of them costs rows
//! by the window, not by the attempt.

mod actor;
mod buffer;
mod entry;
mod store;

pub use entry::{AuditEntry, Severity};
pub use store::append;

use crate::{
    ports::Clock,
    store::Store,
    supervision::{Address, ChildSpec},
};
use actor::{Audit, AuditMessage};
use buffer::Buffer;
use std::sync::Arc;

/// Appends to the audit log. Cheap to clone.
#[derive(Clone)]
pub struct AuditHandle {
    address: Address<AuditMessage>,
    buffer: Arc<Buffer>,
    clock: Arc<dyn Clock>,
}

/// The audit log, and the actor that writes it.
pub fn start(store: Store, clock: Arc<dyn Clock>) -> (AuditHandle, Vec<ChildSpec>) {
    let (address, buffer) = (Address::new(), Arc::<Buffer>::default());
    let handle = AuditHandle { address: address.clone(), buffer: buffer.clone(), clock: clock.clone() };
    let make = move || (Audit { store: store.clone(), clock: clock.clone(), buffer: buffer.clone() }, ());
    (handle, vec![ChildSpec::actor("audit", address, make)])
}

impl AuditHandle {
    /// Records what was done. It is in the log within a second; a repeated failure within its window.
    pub fn record(&self, entry: AuditEntry) {
        if self.buffer.push(entry, self.clock.now_ms()) {
            // An actor that is restarting looks at the buffer by itself.
            let _ = self.address.cast(AuditMessage::Recorded);
        }
    }
}

#[cfg(test)]
mod tests;
