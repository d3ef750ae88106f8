-- Who runs the installation, whatever they are in its organizations.
ALTER TABLE users ADD COLUMN is_operator INTEGER NOT NULL DEFAULT 0;

-- The last backup that `fanfare backup` finished: one row at most.
CREATE TABLE last_backup (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    -- The moment that it holds.
    made_at INTEGER NOT NULL,
    -- Of its folder, without the way there.
    name TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    -- Microseconds.
    duration INTEGER NOT NULL
) STRICT;
