-- What is planned for an account's access. The plan is made for one version of the credentials: whoever
-- stores new ones need not know of plans.
ALTER TABLE accounts ADD COLUMN planned_version INTEGER NOT NULL DEFAULT 0;
-- When it is renewed next, or ends without a way to renew it.
ALTER TABLE accounts ADD COLUMN renew_at INTEGER;
-- Renewals in a row that failed.
ALTER TABLE accounts ADD COLUMN renewal_failures INTEGER NOT NULL DEFAULT 0;
-- Whether the token is exchanged for a fresh one while it lives, so that its end is none.
ALTER TABLE accounts ADD COLUMN renews_itself INTEGER NOT NULL DEFAULT 0;
-- When the platform is asked next whether it still takes the token.
ALTER TABLE accounts ADD COLUMN probe_at INTEGER;

CREATE INDEX accounts_unplanned ON accounts (planned_version) WHERE planned_version <> credentials_version;
CREATE INDEX accounts_to_renew ON accounts (platform, renew_at) WHERE renew_at IS NOT NULL;
CREATE INDEX accounts_to_probe ON accounts (platform, probe_at) WHERE probe_at IS NOT NULL;
