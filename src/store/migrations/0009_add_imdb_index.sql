-- People search for titles by their numbers at IMDb, too.
CREATE INDEX movies_by_imdb_id ON movies (imdb_id) WHERE imdb_id IS NOT NULL;
CREATE INDEX shows_by_imdb_id ON shows (imdb_id) WHERE imdb_id IS NOT NULL;
