//! The SQL of titles of which others tell us no more than the name.

use super::database::{put_found, table};
use crate::{
    catalog::CatalogError,
    domain::{media::TitleFacts, tracking::NamedTitle},
};
use rusqlite::{Transaction, params};

/// Adds those that are not here yet; details of all of them are due.
pub fn add(transaction: &Transaction<'_>, titles: &[NamedTitle], now: i64) -> Result<(), CatalogError> {
    for NamedTitle { kind, tmdb_id, title, year } in titles {
        let table = table(*kind);
        let is_here =
            transaction.prepare_cached(&format!("SELECT 1 FROM {table} WHERE tmdb_id = ?1"))?.exists([tmdb_id])?;
        if !is_here && !title.is_empty() {
            let facts = TitleFacts {
                tmdb_id: *tmdb_id,
                title: title.clone(),
                original_title: title.clone(),
                original_language: String::new(),
                overview: String::new(),
                release_date: None,
                poster: None,
                backdrop: None,
                popularity: 0.0,
                rating: None,
            };
            put_found(transaction, &[(*kind, facts)], None, now)?;
            transaction
                .prepare_cached(&format!("UPDATE {table} SET year = ?2 WHERE tmdb_id = ?1"))?
                .execute(params![tmdb_id, year])?;
        }
        transaction
            .prepare_cached(&format!(
                "UPDATE {table} SET details_due_at = ?2 \
                 WHERE tmdb_id = ?1 AND details_at IS NULL AND details_due_at IS NULL"
            ))?
            .execute(params![tmdb_id, now])?;
    }
    Ok(())
}
