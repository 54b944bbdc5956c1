-- Titles and genres in the languages that people read, what else The Movie Database tells of a title, and whom it is by. That
-- is known once a title's details have been read again, so all are due.
DROP TABLE title_words;
DROP TABLE title_trigrams;
DROP TRIGGER movie_is_found;
DROP TRIGGER movie_is_found_anew;
DROP TRIGGER movie_is_not_found;
DROP TRIGGER show_is_found;
DROP TRIGGER show_is_found_anew;
DROP TRIGGER show_is_not_found;

ALTER TABLE movies RENAME TO movies_before;

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

INSERT INTO movies (id, built_in_slug, owner_id, tmdb_id, imdb_id, title, original_title, original_language, year,
                    release_date, runtime_ms, overview, tagline, poster, backdrop, budget, revenue, popularity, rating,
                    license_name, license_url, tint_from, tint_to, details_at, details_due_at, created_at, updated_at)
SELECT id, built_in_slug, owner_id, tmdb_id, imdb_id, title, original_title, original_language, year,
       release_date, runtime_ms, overview, tagline, poster, backdrop, budget, revenue, popularity, rating,
       license_name, license_url, tint_from, tint_to, details_at, details_due_at, created_at, updated_at
FROM movies_before;
DROP TABLE movies_before;
UPDATE movies SET details_due_at = updated_at WHERE details_at IS NOT NULL;

CREATE INDEX movies_by_owner ON movies (owner_id, created_at);
CREATE INDEX movies_by_details_due ON movies (details_due_at) WHERE details_due_at IS NOT NULL;
CREATE INDEX movies_by_popularity ON movies (popularity, id) WHERE owner_id IS NULL;
CREATE INDEX movies_by_release ON movies (ifnull(release_date, ''), id) WHERE owner_id IS NULL;
CREATE INDEX movies_by_rating ON movies (ifnull(rating, 0), id) WHERE owner_id IS NULL;
CREATE INDEX movies_by_title ON movies (title COLLATE NOCASE, id) WHERE owner_id IS NULL;

ALTER TABLE shows RENAME TO shows_before;

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

INSERT INTO shows (id, tmdb_id, imdb_id, title, original_title, original_language, year, release_date, overview, tagline,
                    status, in_production, poster, backdrop, popularity, rating, tint_from, tint_to, opened_at, details_at,
                    details_due_at, created_at, updated_at)
SELECT id, tmdb_id, imdb_id, title, original_title, original_language, year, release_date, overview, tagline,
       status, in_production, poster, backdrop, popularity, rating, tint_from, tint_to, opened_at, details_at,
       details_due_at, created_at, updated_at
FROM shows_before;
DROP TABLE shows_before;
UPDATE shows SET details_due_at = updated_at WHERE details_at IS NOT NULL;

CREATE INDEX shows_by_details_due ON shows (details_due_at) WHERE details_due_at IS NOT NULL;
CREATE INDEX shows_by_popularity ON shows (popularity, id);
CREATE INDEX shows_by_release ON shows (ifnull(release_date, ''), id);
CREATE INDEX shows_by_rating ON shows (ifnull(rating, 0), id);
CREATE INDEX shows_by_title ON shows (title COLLATE NOCASE, id);

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

INSERT INTO title_words (rowid, title, original_title, other_titles, people)
SELECT id * 2, title, original_title, '', '' FROM movies WHERE owner_id IS NULL
UNION ALL SELECT id * 2 + 1, title, original_title, '', '' FROM shows;
INSERT INTO title_trigrams (rowid, title, original_title, other_titles, people)
SELECT id * 2, title, original_title, '', '' FROM movies WHERE owner_id IS NULL
UNION ALL SELECT id * 2 + 1, title, original_title, '', '' FROM shows;

CREATE TABLE languages (
  language   TEXT    PRIMARY KEY,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE genre_translations (
  language TEXT    NOT NULL,
  genre_id INTEGER NOT NULL REFERENCES genres (id) ON DELETE CASCADE,
  name     TEXT    NOT NULL,
  PRIMARY KEY (language, genre_id)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE preferences (
  user_id  INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  language TEXT
) STRICT;

CREATE INDEX movie_genres_by_genre ON movie_genres (genre_id);
CREATE INDEX show_genres_by_genre ON show_genres (genre_id);
