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

-- Who writes captions and makes pictures, unless the configuration says it: one row at most.
CREATE TABLE ai_provider (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    base_url TEXT NOT NULL,
    -- Sealed; it may be an empty text.
    api_key BLOB NOT NULL,
    caption_model TEXT NOT NULL,
    image_model TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
