-- The whole current schema. A fresh database is made by the migrations in src/store/migrations; a test holds the two equal.
-- Timestamps …_at are unix milliseconds, durations …_ms, sizes …_bytes.

-- Accounts. The first admin is made with the setup token, the others by an admin.
CREATE TABLE users (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  username      TEXT    NOT NULL UNIQUE COLLATE NOCASE,
  password_hash TEXT    NOT NULL,
  role          TEXT    NOT NULL CHECK (role IN ('guest', 'user', 'admin')),
  is_active     INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL
) STRICT;

-- One device's sign-in; all its refresh tokens are one family. Revoking it deletes the row.
CREATE TABLE login_sessions (
  id           TEXT    PRIMARY KEY,
  user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  device_name  TEXT    NOT NULL,
  user_agent   TEXT    NOT NULL,
  created_at   INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL
) STRICT;

-- "Which devices is this user signed in on, oldest first?", "which sessions have expired?"
CREATE INDEX login_sessions_by_user ON login_sessions (user_id, last_seen_at);
CREATE INDEX login_sessions_by_expiry ON login_sessions (expires_at);

-- Refresh tokens by the SHA-256 of the token. A spent one presented again revokes its family.
CREATE TABLE refresh_tokens (
  token_hash BLOB    PRIMARY KEY,
  session_id TEXT    NOT NULL REFERENCES login_sessions (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  spent_at   INTEGER
) STRICT;

-- "Drop the oldest tokens of this session", "which tokens have expired?"
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id, created_at);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

-- What was done, by whom. Append-only.
CREATE TABLE audit_log (
  id         INTEGER PRIMARY KEY,
  at         INTEGER NOT NULL,
  user_id    INTEGER,
  action     TEXT    NOT NULL,
  resource   TEXT    NOT NULL,
  severity   TEXT    NOT NULL CHECK (severity IN ('info', 'warning', 'error', 'critical')),
  metadata   TEXT    NOT NULL,
  ip         TEXT,
  user_agent TEXT
) STRICT;

-- "What is older than the retention?"
CREATE INDEX audit_log_by_time ON audit_log (at);

CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE ON audit_log
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- Films. built_in_slug names those that ship with the daemon, owner_id those that somebody opened, tmdb_id those of The
-- Movie Database. details_at: when all of it was read; a list shows less. poster and backdrop: names at the image server.
CREATE TABLE movies (
  id                INTEGER PRIMARY KEY,
  built_in_slug     TEXT    UNIQUE,
  owner_id          INTEGER REFERENCES users (id) ON DELETE CASCADE,
  tmdb_id           INTEGER UNIQUE,
  imdb_id           TEXT,
  title             TEXT    NOT NULL,
  original_title    TEXT    NOT NULL DEFAULT '',
  original_language TEXT    NOT NULL DEFAULT '',
  year              INTEGER,
  release_date      TEXT,
  runtime_ms        INTEGER,
  overview          TEXT    NOT NULL,
  tagline           TEXT    NOT NULL,
  poster            TEXT,
  backdrop          TEXT,
  budget            INTEGER,
  revenue           INTEGER,
  popularity        REAL    NOT NULL DEFAULT 0,
  rating            REAL,
  license_name      TEXT,
  license_url       TEXT,
  tint_from         TEXT    NOT NULL,
  tint_to           TEXT    NOT NULL,
  details_at        INTEGER,
  details_due_at    INTEGER,
  created_at        INTEGER NOT NULL,
  updated_at        INTEGER NOT NULL,
  CHECK ((built_in_slug IS NOT NULL) + (owner_id IS NOT NULL) + (tmdb_id IS NOT NULL) = 1)
) STRICT;

-- "Which films did this user open, newest first?"
CREATE INDEX movies_by_owner ON movies (owner_id, created_at);
-- "Which films' details are due?"
CREATE INDEX movies_by_details_due ON movies (details_due_at) WHERE details_due_at IS NOT NULL;

-- Kinds of films, by The Movie Database's numbers.
CREATE TABLE genres (
  id   INTEGER PRIMARY KEY,
  name TEXT    NOT NULL
) STRICT;

CREATE TABLE movie_genres (
  movie_id INTEGER NOT NULL REFERENCES movies (id) ON DELETE CASCADE,
  genre_id INTEGER NOT NULL REFERENCES genres (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  PRIMARY KEY (movie_id, genre_id)
) STRICT, WITHOUT ROWID;

-- What a film plays from.
CREATE TABLE sources (
  id           INTEGER PRIMARY KEY,
  movie_id     INTEGER NOT NULL REFERENCES movies (id) ON DELETE CASCADE,
  release_name TEXT    NOT NULL,
  info_hash    BLOB    NOT NULL CHECK (length(info_hash) = 20),
  magnet       TEXT,
  metainfo     BLOB,
  file_index   INTEGER,
  size_bytes   INTEGER,
  resolution   TEXT,
  is_embedded  INTEGER NOT NULL DEFAULT 0 CHECK (is_embedded IN (0, 1)),
  created_at   INTEGER NOT NULL,
  UNIQUE (movie_id, info_hash)
) STRICT;

-- Curated lists. One with no owner belongs to the system; due_at: when it is read anew from where it comes from.
CREATE TABLE lists (
  id          INTEGER PRIMARY KEY,
  slug        TEXT    NOT NULL UNIQUE,
  name        TEXT    NOT NULL,
  description TEXT    NOT NULL,
  origin      TEXT    NOT NULL CHECK (origin IN ('built_in', 'tmdb')),
  owner_id    INTEGER REFERENCES users (id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  due_at      INTEGER
) STRICT;

CREATE TABLE list_items (
  list_id  INTEGER NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
  movie_id INTEGER NOT NULL REFERENCES movies (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  PRIMARY KEY (list_id, movie_id)
) STRICT, WITHOUT ROWID;

-- How far each user has watched each film.
CREATE TABLE watch_progress (
  user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  movie_id    INTEGER NOT NULL REFERENCES movies (id) ON DELETE CASCADE,
  position_ms INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  state       TEXT    NOT NULL CHECK (state IN ('watching', 'watched')),
  updated_at  INTEGER NOT NULL,
  PRIMARY KEY (user_id, movie_id)
) STRICT, WITHOUT ROWID;

-- "What is this user in the middle of, latest first?"
CREATE INDEX watch_progress_by_user ON watch_progress (user_id, state, updated_at);

-- Torrents on this disk. The oldest that nobody watches or keeps goes first when space runs out.
CREATE TABLE storage (
  info_hash        BLOB    PRIMARY KEY CHECK (length(info_hash) = 20),
  metainfo         BLOB    NOT NULL,
  size_bytes       INTEGER NOT NULL,
  downloaded_bytes INTEGER NOT NULL,
  uploaded_bytes   INTEGER NOT NULL,
  seen_peers       TEXT    NOT NULL,
  last_access_at   INTEGER NOT NULL,
  is_protected     INTEGER NOT NULL DEFAULT 0 CHECK (is_protected IN (0, 1))
) STRICT;

-- "Which torrent was used longest ago?"
CREATE INDEX storage_by_last_access ON storage (is_protected, last_access_at);
