-- What platforms and the API limit, where every node sees it.

-- Accounts to which nothing may go out before a moment. A row lives as long as the rest does.
CREATE TABLE account_rests (
    organization_id BLOB NOT NULL,
    account_id INTEGER NOT NULL,
    resting_until INTEGER NOT NULL,
    reason TEXT NOT NULL,
    noted_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_rests_ending ON account_rests (resting_until);

-- What is left in a platform app's buckets, as its own answers told; written only when little is.
CREATE TABLE app_limits (
    platform TEXT NOT NULL,
    app_key TEXT NOT NULL,
    scope TEXT NOT NULL,
    limit_count INTEGER NOT NULL,
    remaining INTEGER NOT NULL,
    reset_at INTEGER NOT NULL,
    noted_at INTEGER NOT NULL,
    PRIMARY KEY (platform, app_key, scope)
) STRICT, WITHOUT ROWID;

-- How many publishes at a time each node may have under way through an app. The row of the empty
-- owner is the gate that takers pass one at a time.
CREATE TABLE app_slots (
    platform TEXT NOT NULL,
    app_key TEXT NOT NULL,
    owner TEXT NOT NULL,
    slots INTEGER NOT NULL,
    held_until INTEGER NOT NULL,
    PRIMARY KEY (platform, app_key, owner)
) STRICT, WITHOUT ROWID;

-- Counts of API keys in rolling windows.
CREATE TABLE rate_windows (
    organization_id BLOB NOT NULL,
    key_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    ring TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, key_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX rate_windows_by_age ON rate_windows (updated_at);

-- How much an account published lately.
CREATE INDEX destinations_published ON destinations (organization_id, account_id, published_at)
    WHERE published_at IS NOT NULL;
