-- Files that were made of library items so that a platform takes them, one for each destination that
-- uses one: what a destination began with, it goes on with.
CREATE TABLE media_copies (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id BLOB NOT NULL,
    destination_id BLOB NOT NULL,
    media_id BLOB NOT NULL,
    -- What it is a copy of, and how it was made.
    source_sha256 TEXT NOT NULL,
    recipe TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    filename TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    width INTEGER,
    height INTEGER,
    -- What became different, in a sentence for people.
    note TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;
CREATE UNIQUE INDEX media_copies_of_destination ON media_copies (organization_id, destination_id, media_id);
CREATE INDEX media_copies_made ON media_copies (organization_id, source_sha256, recipe);
CREATE INDEX media_copies_files ON media_copies (sha256);
CREATE INDEX media_copies_by_age ON media_copies (created_at);
