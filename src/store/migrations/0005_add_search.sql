-- Titles by their words and by their trigrams, and in the orders that people browse them in.
CREATE VIRTUAL TABLE title_words USING fts5 (
  title, original_title, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '3'
);

CREATE VIRTUAL TABLE title_trigrams USING fts5 (
  title, original_title, content = '', contentless_delete = 1, tokenize = 'trigram remove_diacritics 1'
);

CREATE TRIGGER movie_is_found AFTER INSERT ON movies WHEN new.owner_id IS NULL
BEGIN
  INSERT INTO title_words (rowid, title, original_title) VALUES (new.id * 2, new.title, new.original_title);
  INSERT INTO title_trigrams (rowid, title, original_title) VALUES (new.id * 2, new.title, new.original_title);
END;

CREATE TRIGGER movie_is_found_anew AFTER UPDATE OF title, original_title ON movies
WHEN new.owner_id IS NULL AND (old.title, old.original_title) <> (new.title, new.original_title)
BEGIN
  DELETE FROM title_words WHERE rowid = old.id * 2;
  DELETE FROM title_trigrams WHERE rowid = old.id * 2;
  INSERT INTO title_words (rowid, title, original_title) VALUES (new.id * 2, new.title, new.original_title);
  INSERT INTO title_trigrams (rowid, title, original_title) VALUES (new.id * 2, new.title, new.original_title);
END;

CREATE TRIGGER movie_is_not_found AFTER DELETE ON movies WHEN old.owner_id IS NULL
BEGIN
  DELETE FROM title_words WHERE rowid = old.id * 2;
  DELETE FROM title_trigrams WHERE rowid = old.id * 2;
END;

CREATE TRIGGER show_is_found AFTER INSERT ON shows
BEGIN
  INSERT INTO title_words (rowid, title, original_title) VALUES (new.id * 2 + 1, new.title, new.original_title);
  INSERT INTO title_trigrams (rowid, title, original_title) VALUES (new.id * 2 + 1, new.title, new.original_title);
END;

CREATE TRIGGER show_is_found_anew AFTER UPDATE OF title, original_title ON shows
WHEN (old.title, old.original_title) <> (new.title, new.original_title)
BEGIN
  DELETE FROM title_words WHERE rowid = old.id * 2 + 1;
  DELETE FROM title_trigrams WHERE rowid = old.id * 2 + 1;
  INSERT INTO title_words (rowid, title, original_title) VALUES (new.id * 2 + 1, new.title, new.original_title);
  INSERT INTO title_trigrams (rowid, title, original_title) VALUES (new.id * 2 + 1, new.title, new.original_title);
END;

CREATE TRIGGER show_is_not_found AFTER DELETE ON shows
BEGIN
  DELETE FROM title_words WHERE rowid = old.id * 2 + 1;
  DELETE FROM title_trigrams WHERE rowid = old.id * 2 + 1;
END;

INSERT INTO title_words (rowid, title, original_title)
SELECT id * 2, title, original_title FROM movies WHERE owner_id IS NULL
UNION ALL SELECT id * 2 + 1, title, original_title FROM shows;
INSERT INTO title_trigrams (rowid, title, original_title)
SELECT id * 2, title, original_title FROM movies WHERE owner_id IS NULL
UNION ALL SELECT id * 2 + 1, title, original_title FROM shows;

CREATE INDEX movies_by_popularity ON movies (popularity, id) WHERE owner_id IS NULL;
CREATE INDEX movies_by_release ON movies (ifnull(release_date, ''), id) WHERE owner_id IS NULL;
CREATE INDEX movies_by_rating ON movies (ifnull(rating, 0), id) WHERE owner_id IS NULL;
CREATE INDEX movies_by_title ON movies (title COLLATE NOCASE, id) WHERE owner_id IS NULL;
CREATE INDEX shows_by_popularity ON shows (popularity, id);
CREATE INDEX shows_by_release ON shows (ifnull(release_date, ''), id);
CREATE INDEX shows_by_rating ON shows (ifnull(rating, 0), id);
CREATE INDEX shows_by_title ON shows (title COLLATE NOCASE, id);
