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

-- What users prefer. language: of titles and texts; null is as their device asks for.
CREATE TABLE preferences (
  user_id  INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  language TEXT
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
-- Movie Database. details_at: when all of it was read; a list shows less. poster, backdrop and logo: names at the image
-- server. makers and starring: names, one a line; other_titles: what it is called in the languages that are kept, one a line.
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
  logo              TEXT,
  trailer           TEXT,
  age_rating        TEXT,
  makers            TEXT    NOT NULL DEFAULT '',
  starring          TEXT    NOT NULL DEFAULT '',
  other_titles      TEXT    NOT NULL DEFAULT '',
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

-- Kinds of films and shows, by The Movie Database's numbers.
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

-- Shows of The Movie Database; columns as in movies. opened_at: when somebody last looked at it, whose seasons are
-- completed first.
CREATE TABLE shows (
  id                INTEGER PRIMARY KEY,
  tmdb_id           INTEGER NOT NULL UNIQUE,
  imdb_id           TEXT,
  title             TEXT    NOT NULL,
  original_title    TEXT    NOT NULL,
  original_language TEXT    NOT NULL,
  year              INTEGER,
  release_date      TEXT,
  overview          TEXT    NOT NULL,
  tagline           TEXT    NOT NULL,
  status            TEXT    NOT NULL DEFAULT '',
  in_production     INTEGER NOT NULL DEFAULT 0 CHECK (in_production IN (0, 1)),
  poster            TEXT,
  backdrop          TEXT,
  logo              TEXT,
  trailer           TEXT,
  age_rating        TEXT,
  makers            TEXT    NOT NULL DEFAULT '',
  starring          TEXT    NOT NULL DEFAULT '',
  other_titles      TEXT    NOT NULL DEFAULT '',
  popularity        REAL    NOT NULL,
  rating            REAL,
  tint_from         TEXT    NOT NULL,
  tint_to           TEXT    NOT NULL,
  opened_at         INTEGER,
  details_at        INTEGER,
  details_due_at    INTEGER,
  created_at        INTEGER NOT NULL,
  updated_at        INTEGER NOT NULL
) STRICT;

-- "Which shows' details are due?"
CREATE INDEX shows_by_details_due ON shows (details_due_at) WHERE details_due_at IS NOT NULL;

CREATE TABLE show_genres (
  show_id  INTEGER NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
  genre_id INTEGER NOT NULL REFERENCES genres (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  PRIMARY KEY (show_id, genre_id)
) STRICT, WITHOUT ROWID;

-- The languages that titles are kept in, beside the one of the configuration: those of people's preferences and devices.
CREATE TABLE languages (
  language   TEXT    PRIMARY KEY,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Titles in those languages; what is null there is as in movies and shows.
CREATE TABLE movie_translations (
  movie_id INTEGER NOT NULL REFERENCES movies (id) ON DELETE CASCADE,
  language TEXT    NOT NULL,
  title    TEXT,
  overview TEXT,
  tagline  TEXT,
  PRIMARY KEY (movie_id, language)
) STRICT, WITHOUT ROWID;

CREATE TABLE show_translations (
  show_id  INTEGER NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
  language TEXT    NOT NULL,
  title    TEXT,
  overview TEXT,
  tagline  TEXT,
  PRIMARY KEY (show_id, language)
) STRICT, WITHOUT ROWID;

-- Genres in those languages and in the one of the configuration.
CREATE TABLE genre_translations (
  language TEXT    NOT NULL,
  genre_id INTEGER NOT NULL REFERENCES genres (id) ON DELETE CASCADE,
  name     TEXT    NOT NULL,
  PRIMARY KEY (language, genre_id)
) STRICT, WITHOUT ROWID;

-- What people watch who liked it, the best first; not all of it is in the catalog.
CREATE TABLE movie_recommendations (
  movie_id INTEGER NOT NULL REFERENCES movies (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  tmdb_id  INTEGER NOT NULL,
  PRIMARY KEY (movie_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE show_recommendations (
  show_id  INTEGER NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  tmdb_id  INTEGER NOT NULL,
  PRIMARY KEY (show_id, position)
) STRICT, WITHOUT ROWID;

-- Seasons. One without completed_at has none of its episodes here yet, or not all; due_at: when they are read, or read anew.
-- What a season or an episode is called by number may change, its tmdb_id stays; progress stays with it.
CREATE TABLE seasons (
  id            INTEGER PRIMARY KEY,
  show_id       INTEGER NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
  season_number INTEGER NOT NULL,
  tmdb_id       INTEGER,
  name          TEXT    NOT NULL,
  overview      TEXT    NOT NULL,
  air_date      TEXT,
  episode_count INTEGER NOT NULL,
  poster        TEXT,
  completed_at  INTEGER,
  due_at        INTEGER,
  UNIQUE (show_id, season_number)
) STRICT;

-- "Which seasons' episodes are due?"
CREATE INDEX seasons_by_due ON seasons (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE episodes (
  id             INTEGER PRIMARY KEY,
  season_id      INTEGER NOT NULL REFERENCES seasons (id) ON DELETE CASCADE,
  episode_number INTEGER NOT NULL,
  tmdb_id        INTEGER,
  name           TEXT    NOT NULL,
  overview       TEXT    NOT NULL,
  air_date       TEXT,
  runtime_ms     INTEGER,
  still          TEXT,
  UNIQUE (season_id, episode_number)
) STRICT;

-- Titles and people by their words, and by their trigrams for those that are mistyped. Row 2n is film n, row 2n + 1 is show n.
-- What somebody opened is not in there.
CREATE VIRTUAL TABLE title_words USING fts5 (
  title, original_title, other_titles, people, content = '', contentless_delete = 1,
  tokenize = 'unicode61 remove_diacritics 2', prefix = '3'
);

CREATE VIRTUAL TABLE title_trigrams USING fts5 (
  title, original_title, other_titles, people, content = '', contentless_delete = 1,
  tokenize = 'trigram remove_diacritics 1'
);

CREATE TRIGGER movie_is_found AFTER INSERT ON movies WHEN new.owner_id IS NULL
BEGIN
  INSERT INTO title_words (rowid, title, original_title, other_titles, people)
  VALUES (new.id * 2, new.title, new.original_title, new.other_titles, new.makers || char(10) || new.starring);
  INSERT INTO title_trigrams (rowid, title, original_title, other_titles, people)
  VALUES (new.id * 2, new.title, new.original_title, new.other_titles, new.makers || char(10) || new.starring);
END;

CREATE TRIGGER movie_is_found_anew AFTER UPDATE OF title, original_title, other_titles, makers, starring ON movies
WHEN new.owner_id IS NULL AND (old.title, old.original_title, old.other_titles, old.makers, old.starring)
  <> (new.title, new.original_title, new.other_titles, new.makers, new.starring)
BEGIN
  DELETE FROM title_words WHERE rowid = old.id * 2;
  DELETE FROM title_trigrams WHERE rowid = old.id * 2;
  INSERT INTO title_words (rowid, title, original_title, other_titles, people)
  VALUES (new.id * 2, new.title, new.original_title, new.other_titles, new.makers || char(10) || new.starring);
  INSERT INTO title_trigrams (rowid, title, original_title, other_titles, people)
  VALUES (new.id * 2, new.title, new.original_title, new.other_titles, new.makers || char(10) || new.starring);
END;

CREATE TRIGGER movie_is_not_found AFTER DELETE ON movies WHEN old.owner_id IS NULL
BEGIN
  DELETE FROM title_words WHERE rowid = old.id * 2;
  DELETE FROM title_trigrams WHERE rowid = old.id * 2;
END;

CREATE TRIGGER show_is_found AFTER INSERT ON shows
BEGIN
  INSERT INTO title_words (rowid, title, original_title, other_titles, people)
  VALUES (new.id * 2 + 1, new.title, new.original_title, new.other_titles, new.makers || char(10) || new.starring);
  INSERT INTO title_trigrams (rowid, title, original_title, other_titles, people)
  VALUES (new.id * 2 + 1, new.title, new.original_title, new.other_titles, new.makers || char(10) || new.starring);
END;

CREATE TRIGGER show_is_found_anew AFTER UPDATE OF title, original_title, other_titles, makers, starring ON shows
WHEN (old.title, old.original_title, old.other_titles, old.makers, old.starring)
  <> (new.title, new.original_title, new.other_titles, new.makers, new.starring)
BEGIN
  DELETE FROM title_words WHERE rowid = old.id * 2 + 1;
  DELETE FROM title_trigrams WHERE rowid = old.id * 2 + 1;
  INSERT INTO title_words (rowid, title, original_title, other_titles, people)
  VALUES (new.id * 2 + 1, new.title, new.original_title, new.other_titles, new.makers || char(10) || new.starring);
  INSERT INTO title_trigrams (rowid, title, original_title, other_titles, people)
  VALUES (new.id * 2 + 1, new.title, new.original_title, new.other_titles, new.makers || char(10) || new.starring);
END;

CREATE TRIGGER show_is_not_found AFTER DELETE ON shows
BEGIN
  DELETE FROM title_words WHERE rowid = old.id * 2 + 1;
  DELETE FROM title_trigrams WHERE rowid = old.id * 2 + 1;
END;

-- "Which title has this number at IMDb?"
CREATE INDEX movies_by_imdb_id ON movies (imdb_id) WHERE imdb_id IS NOT NULL;
CREATE INDEX shows_by_imdb_id ON shows (imdb_id) WHERE imdb_id IS NOT NULL;

-- "Which genres do titles have?"
CREATE INDEX movie_genres_by_genre ON movie_genres (genre_id);
CREATE INDEX show_genres_by_genre ON show_genres (genre_id);

-- The orders that people browse in.
CREATE INDEX movies_by_popularity ON movies (popularity, id) WHERE owner_id IS NULL;
CREATE INDEX movies_by_release ON movies (ifnull(release_date, ''), id) WHERE owner_id IS NULL;
CREATE INDEX movies_by_rating ON movies (ifnull(rating, 0), id) WHERE owner_id IS NULL;
CREATE INDEX movies_by_title ON movies (title COLLATE NOCASE, id) WHERE owner_id IS NULL;
CREATE INDEX shows_by_popularity ON shows (popularity, id);
CREATE INDEX shows_by_release ON shows (ifnull(release_date, ''), id);
CREATE INDEX shows_by_rating ON shows (ifnull(rating, 0), id);
CREATE INDEX shows_by_title ON shows (title COLLATE NOCASE, id);

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

-- Curated lists. One with no owner belongs to the system; due_at: when it is read anew from where it comes from. Each user
-- has at most one default list, which the API calls my-list. Those of an account at Trakt, where they have the number trakt_id,
-- are as they are there, seen by their owner only, and go with the link.
CREATE TABLE lists (
  id               INTEGER PRIMARY KEY,
  slug             TEXT    NOT NULL UNIQUE,
  name             TEXT    NOT NULL,
  description      TEXT    NOT NULL,
  origin           TEXT    NOT NULL CHECK (origin IN ('built_in', 'tmdb', 'user', 'trakt')),
  owner_id         INTEGER REFERENCES users (id) ON DELETE CASCADE,
  is_public        INTEGER NOT NULL DEFAULT 0 CHECK (is_public IN (0, 1)),
  is_default       INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1)),
  position         INTEGER NOT NULL,
  due_at           INTEGER,
  trakt_account_id INTEGER REFERENCES trakt_accounts (id) ON DELETE CASCADE,
  trakt_id         INTEGER,
  UNIQUE (trakt_account_id, trakt_id),
  CHECK ((owner_id IS NOT NULL) = (origin IN ('user', 'trakt'))),
  CHECK ((trakt_account_id IS NOT NULL) = (origin = 'trakt')),
  CHECK ((trakt_id IS NOT NULL) = (origin = 'trakt')),
  CHECK (is_public + is_default = 0 OR origin = 'user')
) STRICT;

-- "Which is this user's default list?"
CREATE UNIQUE INDEX lists_by_owner ON lists (owner_id) WHERE is_default = 1;

CREATE TABLE list_items (
  list_id  INTEGER NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  movie_id INTEGER REFERENCES movies (id) ON DELETE CASCADE,
  show_id  INTEGER REFERENCES shows (id) ON DELETE CASCADE,
  PRIMARY KEY (list_id, position),
  UNIQUE (list_id, movie_id),
  UNIQUE (list_id, show_id),
  CHECK ((movie_id IS NULL) <> (show_id IS NULL))
) STRICT, WITHOUT ROWID;

-- How far each user has watched each film and episode.
CREATE TABLE watch_progress (
  user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  movie_id    INTEGER REFERENCES movies (id) ON DELETE CASCADE,
  episode_id  INTEGER REFERENCES episodes (id) ON DELETE CASCADE,
  position_ms INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  state       TEXT    NOT NULL CHECK (state IN ('watching', 'watched')),
  updated_at  INTEGER NOT NULL,
  UNIQUE (movie_id, user_id),
  UNIQUE (episode_id, user_id),
  CHECK ((movie_id IS NULL) <> (episode_id IS NULL))
) STRICT;

-- "What has this user watched, latest first?"
CREATE INDEX watch_progress_by_user ON watch_progress (user_id, updated_at);

-- Shows that a user took off the home screen; they come back when watched after that.
CREATE TABLE put_away_shows (
  user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  show_id     INTEGER NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
  put_away_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, show_id)
) STRICT, WITHOUT ROWID;

-- How far something that is kept in step with another service has got: `movie changes` and `show changes`, by the day.
CREATE TABLE sync_state (
  key       TEXT    PRIMARY KEY,
  cursor    TEXT    NOT NULL,
  synced_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Users' accounts at Trakt. The tokens are sealed by a key that is not in the database. A broken link has to be made anew.
-- exported_at: what was watched before that, Trakt has been told; due_at: when the two are brought in step.
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

-- "Which accounts are due?"
CREATE INDEX trakt_accounts_by_due ON trakt_accounts (due_at) WHERE is_broken = 0;

-- When the parts of an account were changed at Trakt, as of when they were read last.
CREATE TABLE trakt_sections (
  account_id INTEGER NOT NULL REFERENCES trakt_accounts (id) ON DELETE CASCADE,
  section    TEXT    NOT NULL CHECK (section IN ('watched movies', 'watched episodes', 'playback', 'watchlist', 'lists')),
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, section)
) STRICT, WITHOUT ROWID;

-- What Trakt is known to have. Numbers are 0 but for episodes, whose tmdb_id is that of the show; fraction: how much of it was
-- watched. Of what is not merged yet, the title may not be in the catalog. Of the watchlist, what My list had, too, when the
-- two were last in step: what one of them lacks since then was taken out of it.
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

-- "What of this is not merged yet?"
CREATE INDEX trakt_items_to_merge ON trakt_items (account_id, section) WHERE is_merged = 0;

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
