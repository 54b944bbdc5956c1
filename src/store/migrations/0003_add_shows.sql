-- Shows, their seasons and episodes. Lists may hold shows and belong to users, too, so they are made anew.
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

CREATE INDEX shows_by_details_due ON shows (details_due_at) WHERE details_due_at IS NOT NULL;

CREATE TABLE show_genres (
  show_id  INTEGER NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
  genre_id INTEGER NOT NULL REFERENCES genres (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  PRIMARY KEY (show_id, genre_id)
) STRICT, WITHOUT ROWID;

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

ALTER TABLE lists RENAME TO lists_before;

CREATE TABLE lists (
  id          INTEGER PRIMARY KEY,
  slug        TEXT    NOT NULL UNIQUE,
  name        TEXT    NOT NULL,
  description TEXT    NOT NULL,
  origin      TEXT    NOT NULL CHECK (origin IN ('built_in', 'tmdb', 'user')),
  owner_id    INTEGER REFERENCES users (id) ON DELETE CASCADE,
  is_public   INTEGER NOT NULL DEFAULT 0 CHECK (is_public IN (0, 1)),
  is_default  INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1)),
  position    INTEGER NOT NULL,
  due_at      INTEGER,
  CHECK ((owner_id IS NOT NULL) = (origin = 'user'))
) STRICT;

INSERT INTO lists (id, slug, name, description, origin, position, due_at)
SELECT id, slug, name, description, origin, position, due_at FROM lists_before;
DROP TABLE lists_before;

CREATE UNIQUE INDEX lists_by_owner ON lists (owner_id) WHERE is_default = 1;

ALTER TABLE list_items RENAME TO list_items_before;

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

INSERT INTO list_items (list_id, position, movie_id)
SELECT list_id, row_number() OVER (PARTITION BY list_id ORDER BY position) - 1, movie_id FROM list_items_before;
DROP TABLE list_items_before;
