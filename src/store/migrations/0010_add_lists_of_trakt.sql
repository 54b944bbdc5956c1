-- The lists of accounts at Trakt come along. Where lists come from, and what is read of accounts, is checked, so both tables are
-- made anew.
ALTER TABLE lists RENAME TO lists_before;
DROP INDEX lists_by_owner;

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

INSERT INTO lists (id, slug, name, description, origin, owner_id, is_public, is_default, position, due_at)
SELECT id, slug, name, description, origin, owner_id, is_public, is_default, position, due_at FROM lists_before;
DROP TABLE lists_before;

CREATE UNIQUE INDEX lists_by_owner ON lists (owner_id) WHERE is_default = 1;

ALTER TABLE trakt_sections RENAME TO trakt_sections_before;

CREATE TABLE trakt_sections (
  account_id INTEGER NOT NULL REFERENCES trakt_accounts (id) ON DELETE CASCADE,
  section    TEXT    NOT NULL CHECK (section IN ('watched movies', 'watched episodes', 'playback', 'watchlist', 'lists')),
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, section)
) STRICT, WITHOUT ROWID;

INSERT INTO trakt_sections (account_id, section, changed_at)
SELECT account_id, section, changed_at FROM trakt_sections_before;
DROP TABLE trakt_sections_before;
