-- Films may come from The Movie Database. A check of `movies` and the columns of `lists` change, so both are made anew; what
-- refers to them stays as it is (migrate.rs switches the two pragmas that this takes).
ALTER TABLE movies RENAME TO movies_before;
DROP INDEX movies_by_owner;

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

INSERT INTO movies (id, built_in_slug, owner_id, title, year, runtime_ms, overview, tagline, license_name, license_url,
                    tint_from, tint_to, created_at, updated_at)
SELECT id, built_in_slug, owner_id, title, year, runtime_ms, overview, tagline, license_name, license_url,
       tint_from, tint_to, created_at, updated_at
FROM movies_before;
DROP TABLE movies_before;

CREATE INDEX movies_by_owner ON movies (owner_id, created_at);
CREATE INDEX movies_by_details_due ON movies (details_due_at) WHERE details_due_at IS NOT NULL;

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

ALTER TABLE lists RENAME TO lists_before;

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

INSERT INTO lists (id, slug, name, description, origin, owner_id, position)
SELECT id, slug, name, description, 'built_in', owner_id, position FROM lists_before;
DROP TABLE lists_before;
