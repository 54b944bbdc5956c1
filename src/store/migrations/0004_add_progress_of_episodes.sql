-- Episodes are watched, too, so watch_progress is made anew.
ALTER TABLE watch_progress RENAME TO watch_progress_before;
DROP INDEX watch_progress_by_user;

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

INSERT INTO watch_progress (user_id, movie_id, position_ms, duration_ms, state, updated_at)
SELECT user_id, movie_id, position_ms, duration_ms, state, updated_at FROM watch_progress_before;
DROP TABLE watch_progress_before;

CREATE INDEX watch_progress_by_user ON watch_progress (user_id, updated_at);

CREATE TABLE put_away_shows (
  user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  show_id     INTEGER NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
  put_away_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, show_id)
) STRICT, WITHOUT ROWID;
