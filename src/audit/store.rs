//! SQL of the audit log.

use super::{AuditEntry, buffer::Waiting};
use rusqlite::{Transaction, params};

const RETENTION_MS: i64 = 365 * 24 * 60 * 60 * 1000;
/// Old rows dropped per batch written: more than a batch adds, so the log cannot outgrow its retention for long.
const MAX_DROPPED: u32 = 512;

/// Appends one entry within a transaction of its caller's: for deeds done while no daemon runs.
pub fn append(transaction: &Transaction<'_>, entry: &AuditEntry, at: i64) -> rusqlite::Result<()> {
    insert(transaction, entry, at, 1)
}

/// Appends a batch, and drops what is older than the retention.
pub fn append_batch(transaction: &Transaction<'_>, batch: &[Waiting], now: i64) -> rusqlite::Result<()> {
    for waiting in batch {
        insert(transaction, &waiting.entry, waiting.at, waiting.count)?;
    }
    transaction
        .prepare_cached("DELETE FROM audit_log WHERE id IN (SELECT id FROM audit_log WHERE at < ?1 LIMIT ?2)")?
        .execute(params![now - RETENTION_MS, MAX_DROPPED])?;
    Ok(())
}

fn insert(transaction: &Transaction<'_>, entry: &AuditEntry, at: i64, count: u64) -> rusqlite::Result<()> {
    let mut metadata = entry.metadata.clone();
    if entry.repeats {
        metadata.insert("count".to_owned(), count.into());
    }
    transaction
        .prepare_cached(
            "INSERT INTO audit_log (at, user_id, action, resource, severity, metadata, ip, user_agent)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            at,
            entry.user,
            entry.action,
            entry.resource,
            entry.severity.as_str(),
            serde_json::Value::Object(metadata).to_string(),
            entry.ip.map(|ip| ip.to_string()),
            entry.user_agent,
        ])?;
    Ok(())
}
