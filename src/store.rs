//! One SQLite file: a writer, a few readers, and migrations.
//!
//! Every statement runs on a blocking thread. What [`Store::write`] returned from is on disk (`synchronous=FULL`), so
//! what users were told is saved survives a power cut. SQL lives in each concern's own `store.rs`.

mod connection;
mod migrate;
pub mod row;
#[cfg(test)]
pub mod tests;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::{
    path::Path,
    sync::{Arc, Mutex as StdMutex, PoisonError},
};
use tokio::sync::{Mutex, Semaphore};

/// Connections that answer reads at the same time.
const READERS: usize = 4;

/// Why the database could not be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("failed to use the database")]
    Sqlite(#[from] rusqlite::Error),
    #[error("failed to bring the database up to date")]
    Migrate(#[from] rusqlite_migration::Error),
    #[error(
        "the database was written by a newer version of miauflix (schema {found}, this version knows {known}); \
         start that version, or restore a backup"
    )]
    Newer { found: usize, known: usize },
    #[error("the database is damaged: {0}")]
    Damaged(String),
    #[error("a database task was cancelled because the daemon is stopping")]
    Stopping,
}

/// The daemon's database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    writer: Arc<Mutex<Connection>>,
    readers: Arc<StdMutex<Vec<Connection>>>,
    reader_permits: Arc<Semaphore>,
}

impl Store {
    /// Opens the database at `path`, creating or migrating it as needed. Blocks; meant for start-up.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut writer = connection::open_writer(path)?;
        migrate::to_latest(&mut writer)?;
        let readers = (0..READERS).map(|_| connection::open_reader(path)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            writer: Arc::new(Mutex::new(writer)),
            readers: Arc::new(StdMutex::new(readers)),
            reader_permits: Arc::new(Semaphore::new(READERS)),
        })
    }

    /// Runs `work` in one immediate transaction; it commits when `work` succeeds and is durable on return.
    pub async fn write<T, E>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let mut writer = self.writer.clone().lock_owned().await;
        blocking(move || {
            let transaction =
                writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
            let value = work(&transaction)?;
            transaction.commit().map_err(StoreError::from)?;
            Ok(value)
        })
        .await
    }

    /// Runs `work` on a read-only connection.
    pub async fn read<T, E>(&self, work: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let permit = self.reader_permits.clone().acquire_owned().await.map_err(|_| StoreError::Stopping)?;
        let readers = self.readers.clone();
        blocking(move || {
            let _permit = permit;
            let lent = Lent { home: &readers, connection: None }.take()?;
            work(lent.connection()?)
        })
        .await
    }

    /// Copies the whole database, as of now, into a new file (`VACUUM INTO`); the daemon goes on meanwhile.
    pub async fn copy_into(&self, path: &Path) -> Result<(), StoreError> {
        let path = path.to_string_lossy().into_owned();
        self.read(move |connection| {
            connection.pragma_update(None, "query_only", false)?;
            let copied = connection.execute("VACUUM INTO ?1", [path]);
            connection.pragma_update(None, "query_only", true)?;
            copied?;
            Ok(())
        })
        .await
    }
}

/// Checks that the file at `path` is a whole database of this version or an older one, and folds its write-ahead log in.
pub fn verify(path: &Path) -> Result<(), StoreError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let report: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if report != "ok" {
        return Err(StoreError::Damaged(report));
    }
    migrate::refuse_newer(&connection)?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// A reader on loan: goes home when dropped, also when the work panics.
struct Lent<'home> {
    home: &'home StdMutex<Vec<Connection>>,
    connection: Option<Connection>,
}

impl Lent<'_> {
    fn take(mut self) -> Result<Self, StoreError> {
        self.connection = self.home.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Ok(self)
    }

    fn connection(&self) -> Result<&Connection, StoreError> {
        self.connection.as_ref().ok_or(StoreError::Stopping)
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.home.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}

async fn blocking<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(StoreError::Stopping.into()),
    }
}
