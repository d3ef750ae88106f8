-- The due time that an alarm was raised for; another due time may raise another one.
ALTER TABLE destinations ADD COLUMN overdue_for INTEGER;
-- Counts the queue by platform and state without reading the rows.
CREATE INDEX destinations_open ON destinations (platform, status, run_at) WHERE run_at IS NOT NULL;
CREATE INDEX accounts_to_reconnect ON accounts (platform) WHERE needs_reconnection_since IS NOT NULL;
