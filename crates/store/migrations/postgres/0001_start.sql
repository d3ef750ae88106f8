-- Times are microseconds since the epoch, UTC. Ids are UUIDs unless they are integers.
-- Every tenant table leads its keys with organization_id, so that a distributed database can shard.

CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    next_value BIGINT NOT NULL
);

CREATE TABLE organizations (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE workspaces (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    id UUID NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);

CREATE TABLE users (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    id BIGINT NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, email)
);

CREATE TABLE api_keys (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    user_id BIGINT NOT NULL,
    key_hash BYTEA NOT NULL,
    key_prefix TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    last_used_at BIGINT,
    PRIMARY KEY (organization_id, id)
);
-- A key is looked up before its organization is known.
CREATE UNIQUE INDEX api_keys_hash ON api_keys (key_hash);

CREATE TABLE accounts (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    id BIGINT NOT NULL,
    workspace_id UUID NOT NULL,
    platform TEXT NOT NULL,
    platform_user_id TEXT NOT NULL,
    username TEXT,
    display_name TEXT NOT NULL,
    avatar_url TEXT,
    premium BIGINT NOT NULL,
    service_url TEXT,
    is_active BIGINT NOT NULL,
    needs_reconnection_since BIGINT,
    needs_reconnection_reason TEXT,
    access_ends_at BIGINT,
    last_refresh_at BIGINT,
    last_published_at BIGINT,
    credentials BYTEA,
    credentials_version BIGINT NOT NULL,
    refresh_owner TEXT,
    refresh_until BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, workspace_id, platform, platform_user_id)
);

CREATE TABLE media (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    kind TEXT NOT NULL,
    filename TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    width BIGINT,
    height BIGINT,
    sha256 TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX media_by_age ON media (organization_id, workspace_id, created_at, id);

CREATE TABLE posts (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    api_key_id UUID NOT NULL,
    content TEXT NOT NULL,
    content_folded TEXT NOT NULL,
    status TEXT NOT NULL,
    scheduled_for BIGINT,
    timezone TEXT NOT NULL,
    account_ids TEXT NOT NULL,
    media_ids TEXT NOT NULL,
    platform_content TEXT NOT NULL,
    thread_posts TEXT NOT NULL,
    campaign_id BIGINT,
    published_at BIGINT,
    deleted_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX posts_by_age ON posts (organization_id, workspace_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX posts_by_status ON posts (organization_id, workspace_id, status, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX posts_by_schedule ON posts (organization_id, workspace_id, scheduled_for, id) WHERE deleted_at IS NULL;
CREATE INDEX posts_by_change ON posts (organization_id, workspace_id, updated_at, id) WHERE deleted_at IS NULL;

CREATE TABLE destinations (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    post_id UUID NOT NULL,
    account_id BIGINT NOT NULL,
    platform TEXT NOT NULL,
    position BIGINT NOT NULL,
    status TEXT NOT NULL,
    scheduled_for BIGINT NOT NULL,
    -- When a worker may pick it up; while a worker holds it, when its lease ends. NULL: nothing to do.
    run_at BIGINT,
    lease_owner TEXT,
    lease_token BIGINT NOT NULL DEFAULT 0,
    -- Attempts in all, and those since a person last asked for one.
    attempts BIGINT NOT NULL DEFAULT 0,
    tries BIGINT NOT NULL DEFAULT 0,
    -- The connector's progress.
    state TEXT,
    -- A commit that was about to be sent and whose outcome is not recorded yet.
    intent TEXT,
    unknown_since BIGINT,
    looks BIGINT NOT NULL DEFAULT 0,
    -- When the part that is due was first sent without the outcome becoming known; NULL while it was not.
    first_sent_at BIGINT,
    error_code TEXT,
    error TEXT,
    warnings TEXT,
    platform_post_id TEXT,
    platform_post_url TEXT,
    published_at BIGINT,
    failed_at BIGINT,
    next_retry_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, post_id) REFERENCES posts (organization_id, id),
    FOREIGN KEY (organization_id, account_id) REFERENCES accounts (organization_id, id)
);
CREATE INDEX destinations_of_post ON destinations (organization_id, post_id, position);
CREATE INDEX destinations_due ON destinations (run_at, id) WHERE run_at IS NOT NULL;
CREATE INDEX destinations_leased ON destinations (organization_id, account_id, run_at) WHERE lease_owner IS NOT NULL;
CREATE INDEX destinations_failed ON destinations (organization_id, account_id, failed_at) WHERE failed_at IS NOT NULL;
CREATE INDEX destinations_waiting ON destinations (organization_id, account_id) WHERE run_at IS NOT NULL;

CREATE TABLE journal (
    organization_id UUID NOT NULL,
    destination_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    at BIGINT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (organization_id, destination_id, seq)
);

CREATE TABLE events (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
