-- Who runs the installation, whatever they are in its organizations.
ALTER TABLE users ADD COLUMN is_operator BIGINT NOT NULL DEFAULT 0;

-- The last backup that `fanfare backup` finished: one row at most.
CREATE TABLE last_backup (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    -- The moment that it holds.
    made_at BIGINT NOT NULL,
    -- Of its folder, without the way there.
    name TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    -- Microseconds.
    duration BIGINT NOT NULL
);

-- Who writes captions and makes pictures, unless the configuration says it: one row at most.
CREATE TABLE ai_provider (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    base_url TEXT NOT NULL,
    -- Sealed; it may be an empty text.
    api_key BYTEA NOT NULL,
    caption_model TEXT NOT NULL,
    image_model TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
