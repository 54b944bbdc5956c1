CREATE TABLE sync_state (
  key       TEXT    PRIMARY KEY,
  cursor    TEXT    NOT NULL,
  synced_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
