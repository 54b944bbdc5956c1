-- Users' accounts at Trakt, and what Trakt is known to have.
CREATE TABLE trakt_accounts (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id       INTEGER NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
  username      TEXT,
  access_token  BLOB    NOT NULL,
  refresh_token BLOB    NOT NULL,
  expires_at    INTEGER NOT NULL,
  is_broken     INTEGER NOT NULL DEFAULT 0 CHECK (is_broken IN (0, 1)),
  linked_at     INTEGER NOT NULL,
  exported_at   INTEGER NOT NULL DEFAULT 0,
  synced_at     INTEGER,
  due_at        INTEGER NOT NULL,
  error         TEXT
) STRICT;

CREATE INDEX trakt_accounts_by_due ON trakt_accounts (due_at) WHERE is_broken = 0;

CREATE TABLE trakt_sections (
  account_id INTEGER NOT NULL REFERENCES trakt_accounts (id) ON DELETE CASCADE,
  section    TEXT    NOT NULL CHECK (section IN ('watched movies', 'watched episodes', 'playback', 'watchlist')),
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, section)
) STRICT, WITHOUT ROWID;

CREATE TABLE trakt_items (
  account_id     INTEGER NOT NULL REFERENCES trakt_accounts (id) ON DELETE CASCADE,
  section        TEXT    NOT NULL CHECK (section IN ('watched movies', 'watched episodes', 'playback', 'watchlist')),
  kind           TEXT    NOT NULL CHECK (kind IN ('movie', 'show', 'episode')),
  tmdb_id        INTEGER NOT NULL,
  season_number  INTEGER NOT NULL,
  episode_number INTEGER NOT NULL,
  at             INTEGER NOT NULL,
  fraction       REAL    NOT NULL,
  is_merged      INTEGER NOT NULL CHECK (is_merged IN (0, 1)),
  PRIMARY KEY (account_id, section, kind, tmdb_id, season_number, episode_number)
) STRICT, WITHOUT ROWID;

CREATE INDEX trakt_items_to_merge ON trakt_items (account_id, section) WHERE is_merged = 0;
