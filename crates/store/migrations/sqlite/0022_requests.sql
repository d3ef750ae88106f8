-- The last requests that an organization's keys made, for those who write programs. Never what was in
-- them. Old ones go as new ones come.
CREATE TABLE api_requests (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    -- Made in the order of time.
    id BLOB NOT NULL,
    api_key_id BLOB NOT NULL,
    request_id TEXT NOT NULL,
    method TEXT NOT NULL,
    -- Without the query.
    path TEXT NOT NULL,
    status INTEGER NOT NULL,
    -- Microseconds.
    duration INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX api_requests_by_age ON api_requests (created_at);
