-- A large catalog of made-up titles: 20,000 films, 2,000 shows with 3 seasons of 10 episodes each, eight lists of 100, and
-- one user (the first) who watches ten of the shows. For benches and for the plans of queries.
CREATE TEMP TABLE words (n INTEGER PRIMARY KEY, word TEXT NOT NULL);
INSERT INTO words (word) VALUES
  ('Amber'), ('Bitter'), ('Crimson'), ('Distant'), ('Empty'), ('Falling'), ('Golden'), ('Hidden'), ('Iron'), ('Jade'),
  ('Kind'), ('Lonely'), ('Marble'), ('Northern'), ('Open'), ('Paper'), ('Quiet'), ('Restless'), ('Silver'), ('Tender'),
  ('Upper'), ('Velvet'), ('Winter'), ('Young'), ('The Last'), ('The First'), ('The Long'), ('The Other'), ('Harbour'),
  ('Lighthouse'), ('Mountain'), ('River'), ('Clockmaker'), ('Orchard'), ('Station'), ('Window'), ('Garden'), ('Letter'),
  ('Bridge'), ('Island'), ('Mirror'), ('Journey'), ('Shadow'), ('Summer'), ('Thunder'), ('Valley'), ('Whisper'), ('Zenith');
CREATE TEMP TABLE numbers (i INTEGER PRIMARY KEY);
INSERT INTO numbers WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i FROM n;

INSERT OR IGNORE INTO genres (id, name) VALUES (18, 'Drama'), (35, 'Comedy'), (99, 'Documentary'), (37, 'Western');
INSERT INTO movies (tmdb_id, imdb_id, title, original_title, original_language, year, release_date, runtime_ms, overview, tagline,
                    poster, backdrop, popularity, rating, tint_from, tint_to, details_at, created_at, updated_at)
SELECT 100000 + i, printf('tt%07d', i),
       (SELECT word FROM words WHERE n = i % 48 + 1) || ' ' || (SELECT word FROM words WHERE n = i / 48 % 48 + 1) || ' ' || i, 'Original ' || i, 'de',
       1950 + i % 75, printf('%d-%02d-%02d', 1950 + i % 75, i % 12 + 1, i % 28 + 1), (60 + i % 120) * 60000,
       'What happens in film ' || i || ', told in the words that such texts are told in, and not in too many of them.', 'In short',
       'p' || i || '.jpg', 'b' || i || '.jpg', i * 7919 % 20000 / 20.0, i % 100 / 10.0, '#6f7f9c', '#1a1e27', 1, 1, 1
FROM numbers;
INSERT INTO movie_genres (movie_id, genre_id, position)
SELECT id, CASE tmdb_id % 3 WHEN 0 THEN 18 WHEN 1 THEN 35 ELSE 99 END, 0 FROM movies WHERE tmdb_id IS NOT NULL;

INSERT INTO shows (tmdb_id, title, original_title, original_language, year, release_date, overview, tagline, poster, backdrop,
                   popularity, rating, tint_from, tint_to, details_at, created_at, updated_at)
SELECT 200000 + i, (SELECT word FROM words WHERE n = i / 40 % 48 + 1) || ' ' || (SELECT word FROM words WHERE n = i % 48 + 1) || ' Show', 'Original show ' || i, 'da',
       1960 + i % 65, printf('%d-%02d-01', 1960 + i % 65, i % 12 + 1), 'What happens in show ' || i, '', 's' || i || '.jpg', NULL,
       i * 7919 % 2000 / 2.0, i % 100 / 10.0, '#6f7f9c', '#1a1e27', 1, 1, 1
FROM numbers WHERE i <= 2000;
INSERT INTO show_genres (show_id, genre_id, position) SELECT id, 18, 0 FROM shows;
INSERT INTO seasons (show_id, season_number, name, overview, air_date, episode_count, completed_at)
SELECT s.id, i, 'Season ' || i, '', '2001-01-01', 10, 1 FROM shows s JOIN numbers ON i <= 3;
INSERT INTO episodes (season_id, episode_number, name, overview, air_date, runtime_ms, still)
SELECT s.id, i, 'Episode ' || i, 'What happens in it.', '2001-01-01', 2700000, 'e.jpg' FROM seasons s JOIN numbers ON i <= 10;

INSERT INTO lists (slug, name, description, origin, position)
SELECT 'bench-' || i, 'List ' || i, 'A list', 'tmdb', i FROM numbers WHERE i <= 8;
INSERT INTO list_items (list_id, position, movie_id)
SELECT l.id, i, (SELECT id FROM movies WHERE tmdb_id = 100000 + i * 13 + l.position) FROM lists l JOIN numbers ON i <= 100
WHERE l.slug LIKE 'bench-%' AND l.position <= 5;
INSERT INTO list_items (list_id, position, show_id)
SELECT l.id, i, (SELECT id FROM shows WHERE tmdb_id = 200000 + i * 13 + l.position) FROM lists l JOIN numbers ON i <= 100
WHERE l.slug LIKE 'bench-%' AND l.position > 5;
INSERT INTO watch_progress (user_id, episode_id, position_ms, duration_ms, state, updated_at)
SELECT (SELECT min(id) FROM users), e.id, 0, 0, 'watched', s.show_id FROM seasons s JOIN episodes e ON e.season_id = s.id
WHERE s.show_id IN (SELECT id FROM shows ORDER BY id LIMIT 10) AND s.season_number = 1;
INSERT INTO languages (language, created_at) VALUES ('da', 1);
INSERT INTO movie_translations (movie_id, language, title, overview)
SELECT id, 'da', 'Dansk ' || title, 'Hvad der sker i filmen, fortalt med de ord, som den slags fortælles med.' FROM movies WHERE tmdb_id IS NOT NULL;
INSERT INTO show_translations (show_id, language, title) SELECT id, 'da', 'Dansk ' || title FROM shows;
INSERT INTO genre_translations (language, genre_id, name) SELECT 'da', id, 'Dansk ' || name FROM genres;
INSERT INTO movie_recommendations (movie_id, position, tmdb_id)
SELECT m.id, i, 100000 + (m.tmdb_id + i * 31) % 20000 FROM movies m JOIN numbers ON i <= 20 WHERE m.tmdb_id % 20 = 0;
UPDATE movies SET makers = 'Greta Lindqvist ' || id % 500, starring = 'Bo Andersen ' || id % 900 || char(10) || 'Maya Ito ' || id % 700
WHERE tmdb_id IS NOT NULL;
DROP TABLE temp.words;
DROP TABLE temp.numbers;
