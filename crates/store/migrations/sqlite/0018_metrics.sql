-- When the numbers of what is published are read, and what they were.

-- Finds what went live lately, of whichever organization.
CREATE INDEX destinations_live ON destinations (published_at, id) WHERE published_at IS NOT NULL;

-- Until which moment everything that went live has its plan.
CREATE TABLE metric_progress (
    name TEXT NOT NULL PRIMARY KEY,
    planned_to INTEGER NOT NULL
) STRICT;

-- An account is a lane: its posts and its followers are read one after another.
CREATE TABLE metric_lanes (
    organization_id BLOB NOT NULL,
    account_id INTEGER NOT NULL,
    -- When a worker may take the lane; while one holds it, when its lease ends. NULL: nothing to do.
    run_at INTEGER,
    lease_owner TEXT,
    lease_token INTEGER NOT NULL DEFAULT 0,
    -- When followers are counted next; NULL once that has ended.
    followers_at INTEGER,
    followers_failures INTEGER NOT NULL DEFAULT 0,
    followers_end TEXT,
    -- Why nothing can be read at present, in a sentence for people.
    problem TEXT,
    PRIMARY KEY (organization_id, account_id),
    FOREIGN KEY (organization_id, account_id) REFERENCES accounts (organization_id, id)
) STRICT;
CREATE INDEX metric_lanes_due ON metric_lanes (run_at) WHERE run_at IS NOT NULL;
INSERT INTO metric_lanes (organization_id, account_id, run_at, followers_at)
    SELECT organization_id, id, 0, 0 FROM accounts;

-- What is still to be read of a destination that is live.
CREATE TABLE metric_plans (
    organization_id BLOB NOT NULL,
    destination_id BLOB NOT NULL,
    account_id INTEGER NOT NULL,
    published_at INTEGER NOT NULL,
    -- Which reading is next, and how often it was tried in vain.
    step INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    -- When it is tried; NULL once reading has ended, and why it has.
    read_at INTEGER,
    ended TEXT,
    detail TEXT,
    PRIMARY KEY (organization_id, destination_id)
) STRICT;
CREATE INDEX metric_plans_lane ON metric_plans (organization_id, account_id, read_at) WHERE read_at IS NOT NULL;
-- What is taken up again when the account is connected with more permissions.
CREATE INDEX metric_plans_refused ON metric_plans (organization_id, account_id, published_at)
    WHERE ended = 'permission_missing';

-- The numbers of a destination at each reading. What the platform did not tell is NULL.
CREATE TABLE post_readings (
    organization_id BLOB NOT NULL,
    destination_id BLOB NOT NULL,
    step INTEGER NOT NULL,
    at INTEGER NOT NULL,
    views INTEGER,
    likes INTEGER,
    comments INTEGER,
    shares INTEGER,
    impressions INTEGER,
    clicks INTEGER,
    PRIMARY KEY (organization_id, destination_id, step)
) STRICT, WITHOUT ROWID;

-- How many followed an account.
CREATE TABLE account_readings (
    organization_id BLOB NOT NULL,
    account_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    followers INTEGER NOT NULL,
    PRIMARY KEY (organization_id, account_id, at)
) STRICT, WITHOUT ROWID;
