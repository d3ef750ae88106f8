-- Keys under which a request is done once, the content that goes to each account, and the texts that
-- posts are searched by.

CREATE TABLE idempotency_keys (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id BLOB NOT NULL,
    workspace_id BLOB NOT NULL,
    -- Method and path of the request, and the key that came with it.
    route TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    -- Of the request's body and parameters.
    fingerprint TEXT NOT NULL,
    -- Where the request is being answered, and until when nobody takes it for dead.
    process BLOB NOT NULL,
    lease_until INTEGER NOT NULL,
    -- The answer, once there is one: sealed, as answers hold secrets. What it took to ask for it.
    status INTEGER,
    answer BLOB,
    scope TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;
CREATE UNIQUE INDEX idempotency_keys_key
    ON idempotency_keys (organization_id, workspace_id, route, idempotency_key);
CREATE INDEX idempotency_keys_ending ON idempotency_keys (expires_at);

-- Of what goes to the account, where duplicates are refused; NULL elsewhere.
ALTER TABLE destinations ADD COLUMN fingerprint TEXT;
CREATE INDEX destinations_by_content ON destinations (organization_id, account_id, fingerprint, scheduled_for)
    WHERE fingerprint IS NOT NULL;

-- The post's number in post_search; NULL while it is not in there.
ALTER TABLE posts ADD COLUMN search_id INTEGER;
CREATE UNIQUE INDEX posts_by_search ON posts (search_id) WHERE search_id IS NOT NULL;
CREATE INDEX posts_to_index ON posts (organization_id, id) WHERE search_id IS NULL AND deleted_at IS NULL;

-- Made of the posts, and made anew of them where it is missing: no copy carries it.
CREATE VIRTUAL TABLE post_search USING fts5 (
    terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
