-- An account's destinations are its lane: they go out one after another, oldest first.
DROP INDEX destinations_due;
DROP INDEX destinations_waiting;
DROP INDEX destinations_leased;
-- Covers the look for accounts that have something due, and the count of the queue.
CREATE INDEX destinations_due ON destinations (run_at, organization_id, account_id, platform, status)
    WHERE run_at IS NOT NULL;
-- Tells whether somebody publishes to the account.
CREATE INDEX destinations_leased ON destinations (organization_id, account_id, lease_owner)
    WHERE lease_owner IS NOT NULL;
-- Finds the head of a lane.
CREATE INDEX destinations_lane ON destinations (organization_id, account_id, run_at, id) WHERE run_at IS NOT NULL;
