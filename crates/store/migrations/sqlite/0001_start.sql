-- Times are microseconds since the epoch, UTC. Ids are 16-byte UUIDs unless they are integers.
-- Every tenant table leads its keys with organization_id, so that a distributed database can shard.

CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    next_value INTEGER NOT NULL
) STRICT;

CREATE TABLE organizations (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE workspaces (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;

CREATE TABLE users (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id INTEGER NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, email)
) STRICT;

CREATE TABLE api_keys (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id BLOB NOT NULL,
    workspace_id BLOB NOT NULL,
    user_id INTEGER NOT NULL,
    key_hash BLOB NOT NULL,
    key_prefix TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    last_used_at INTEGER,
    PRIMARY KEY (organization_id, id)
) STRICT;
-- A key is looked up before its organization is known.
CREATE UNIQUE INDEX api_keys_hash ON api_keys (key_hash);

CREATE TABLE accounts (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id INTEGER NOT NULL,
    workspace_id BLOB NOT NULL,
    platform TEXT NOT NULL,
    platform_user_id TEXT NOT NULL,
    username TEXT,
    display_name TEXT NOT NULL,
    avatar_url TEXT,
    premium INTEGER NOT NULL,
    service_url TEXT,
    is_active INTEGER NOT NULL,
    needs_reconnection_since INTEGER,
    needs_reconnection_reason TEXT,
    access_ends_at INTEGER,
    last_refresh_at INTEGER,
    last_published_at INTEGER,
    credentials BLOB,
    credentials_version INTEGER NOT NULL,
    refresh_owner TEXT,
    refresh_until INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, workspace_id, platform, platform_user_id)
) STRICT;

CREATE TABLE media (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id BLOB NOT NULL,
    workspace_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    filename TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    width INTEGER,
    height INTEGER,
    sha256 TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;
CREATE INDEX media_by_age ON media (organization_id, workspace_id, created_at, id);

CREATE TABLE posts (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id BLOB NOT NULL,
    workspace_id BLOB NOT NULL,
    api_key_id BLOB NOT NULL,
    content TEXT NOT NULL,
    content_folded TEXT NOT NULL,
    status TEXT NOT NULL,
    scheduled_for INTEGER,
    timezone TEXT NOT NULL,
    account_ids TEXT NOT NULL,
    media_ids TEXT NOT NULL,
    platform_content TEXT NOT NULL,
    thread_posts TEXT NOT NULL,
    campaign_id INTEGER,
    published_at INTEGER,
    deleted_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;
CREATE INDEX posts_by_age ON posts (organization_id, workspace_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX posts_by_status ON posts (organization_id, workspace_id, status, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX posts_by_schedule ON posts (organization_id, workspace_id, scheduled_for, id) WHERE deleted_at IS NULL;
CREATE INDEX posts_by_change ON posts (organization_id, workspace_id, updated_at, id) WHERE deleted_at IS NULL;

CREATE TABLE destinations (
    organization_id BLOB NOT NULL,
    id BLOB NOT NULL,
    post_id BLOB NOT NULL,
    account_id INTEGER NOT NULL,
    platform TEXT NOT NULL,
    position INTEGER NOT NULL,
    status TEXT NOT NULL,
    scheduled_for INTEGER NOT NULL,
    -- When a worker may pick it up; while a worker holds it, when its lease ends. NULL: nothing to do.
    run_at INTEGER,
    lease_owner TEXT,
    lease_token INTEGER NOT NULL DEFAULT 0,
    -- Attempts in all, and those since a person last asked for one.
    attempts INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    -- The connector's progress.
    state TEXT,
    -- A commit that was about to be sent and whose outcome is not recorded yet.
    intent TEXT,
    unknown_since INTEGER,
    looks INTEGER NOT NULL DEFAULT 0,
    -- When the part that is due was first sent without the outcome becoming known; NULL while it was not.
    first_sent_at INTEGER,
    error_code TEXT,
    error TEXT,
    warnings TEXT,
    platform_post_id TEXT,
    platform_post_url TEXT,
    published_at INTEGER,
    failed_at INTEGER,
    next_retry_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, post_id) REFERENCES posts (organization_id, id),
    FOREIGN KEY (organization_id, account_id) REFERENCES accounts (organization_id, id)
) STRICT;
CREATE INDEX destinations_of_post ON destinations (organization_id, post_id, position);
CREATE INDEX destinations_due ON destinations (run_at, id) WHERE run_at IS NOT NULL;
CREATE INDEX destinations_leased ON destinations (organization_id, account_id, run_at) WHERE lease_owner IS NOT NULL;
CREATE INDEX destinations_failed ON destinations (organization_id, account_id, failed_at) WHERE failed_at IS NOT NULL;
CREATE INDEX destinations_waiting ON destinations (organization_id, account_id) WHERE run_at IS NOT NULL;

CREATE TABLE journal (
    organization_id BLOB NOT NULL,
    destination_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    at INTEGER NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (organization_id, destination_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    organization_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;
