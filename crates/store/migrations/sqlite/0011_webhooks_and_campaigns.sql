-- Addresses that events are sent to, and what became of each event on its way there.

-- Set while the event still has to be handed to the webhooks that asked for it; NULL where none did.
-- A number above that of every event of the organization that waited when it was written: the clock may
-- stand still, and the clocks of several nodes differ.
ALTER TABLE events ADD COLUMN pending INTEGER;
CREATE INDEX events_pending ON events (pending, created_at, id) WHERE pending IS NOT NULL;
CREATE INDEX events_pending_last ON events (organization_id, pending) WHERE pending IS NOT NULL;

CREATE TABLE webhooks (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id BLOB NOT NULL,
    url TEXT NOT NULL,
    -- A JSON list of names; an event that is written looks for its own between quotes.
    events TEXT NOT NULL,
    name TEXT,
    description TEXT,
    -- Sealed.
    secret BLOB NOT NULL,
    is_active INTEGER NOT NULL,
    consecutive_failures INTEGER NOT NULL DEFAULT 0,
    auto_disabled_at INTEGER,
    last_delivery_at INTEGER,
    last_success_at INTEGER,
    last_failure_at INTEGER,
    -- A webhook is a lane: its deliveries go out one after another in the order of their numbers.
    next_seq INTEGER NOT NULL DEFAULT 1,
    -- When a worker may take the lane; while one holds it, when its lease ends. NULL: nothing to do.
    run_at INTEGER,
    lease_owner TEXT,
    lease_token INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;
CREATE INDEX webhooks_due ON webhooks (run_at) WHERE run_at IS NOT NULL;

CREATE TABLE webhook_deliveries (
    organization_id BLOB NOT NULL,
    id BLOB NOT NULL,
    webhook_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    event_id BLOB NOT NULL,
    event TEXT NOT NULL,
    status TEXT NOT NULL,
    -- Tries in all, and those since somebody last asked for them.
    attempts INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    -- When it is tried next; NULL once it has ended.
    run_at INTEGER,
    -- What became of each try, as a JSON list.
    log TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, webhook_id) REFERENCES webhooks (organization_id, id)
) STRICT;
CREATE UNIQUE INDEX webhook_deliveries_order ON webhook_deliveries (organization_id, webhook_id, seq);
-- Finds the head of a lane.
CREATE INDEX webhook_deliveries_lane ON webhook_deliveries (organization_id, webhook_id, seq)
    WHERE run_at IS NOT NULL;
-- Finds what goes when its event does.
CREATE INDEX webhook_deliveries_of_event ON webhook_deliveries (organization_id, event_id);

-- Named groups of a workspace's posts.
CREATE TABLE campaigns (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id INTEGER NOT NULL,
    workspace_id BLOB NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    color TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;
CREATE INDEX campaigns_by_age ON campaigns (organization_id, workspace_id, created_at, id);
CREATE INDEX posts_of_campaign ON posts (organization_id, workspace_id, campaign_id, created_at, id)
    WHERE campaign_id IS NOT NULL;
