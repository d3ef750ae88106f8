ALTER TABLE media ADD COLUMN duration_ms INTEGER;
-- What probing found, as JSON.
ALTER TABLE media ADD COLUMN facts TEXT;
ALTER TABLE media ADD COLUMN thumbnail_sha256 TEXT;
-- Why it failed, in a sentence.
ALTER TABLE media ADD COLUMN error_message TEXT;
-- How the bytes come: put, tus or url. And from where, if by url.
ALTER TABLE media ADD COLUMN arrives_by TEXT NOT NULL DEFAULT 'put';
ALTER TABLE media ADD COLUMN source_url TEXT;
-- When an upload that nobody finished, or one that failed, is forgotten.
ALTER TABLE media ADD COLUMN expires_at INTEGER;
-- What a worker has to do (import, poster), and when; while one does it, when its lease ends.
ALTER TABLE media ADD COLUMN work TEXT;
ALTER TABLE media ADD COLUMN work_at INTEGER;
ALTER TABLE media ADD COLUMN work_token INTEGER NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN work_tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN work_state TEXT;

CREATE INDEX media_by_kind ON media (organization_id, workspace_id, kind, created_at, id);
CREATE INDEX media_sizes ON media (organization_id, status, size_bytes);
CREATE INDEX media_files ON media (sha256);
CREATE INDEX media_thumbnails ON media (thumbnail_sha256) WHERE thumbnail_sha256 IS NOT NULL;
CREATE INDEX media_expiring ON media (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX media_work ON media (work_at) WHERE work_at IS NOT NULL;

-- Files that no row names any more. Whoever names a file again takes it from here first.
CREATE TABLE unused_files (
    sha256 TEXT NOT NULL PRIMARY KEY,
    since INTEGER NOT NULL,
    -- While a process removes the file.
    removing_until INTEGER
) STRICT;
