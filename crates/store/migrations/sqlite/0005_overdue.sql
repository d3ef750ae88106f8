-- The due time that an alarm was raised for; another due time may raise another one.
ALTER TABLE destinations ADD COLUMN overdue_for INTEGER;
CREATE INDEX accounts_to_reconnect ON accounts (platform) WHERE needs_reconnection_since IS NOT NULL;
