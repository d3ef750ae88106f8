-- Connecting accounts in a browser, apps that are registered with platforms, logins of devices.

-- The person who agreed, as the platform calls them: a page's owner is not the page.
ALTER TABLE accounts ADD COLUMN owner_platform_user_id TEXT;
-- Which of the platform's logins opened it: another one may not.
ALTER TABLE accounts ADD COLUMN login TEXT;
CREATE INDEX accounts_by_owner ON accounts (platform, owner_platform_user_id)
    WHERE owner_platform_user_id IS NOT NULL;
CREATE INDEX accounts_by_platform_user ON accounts (platform, platform_user_id);

-- A way through a platform's sign-in. `secrets` are the state and the PKCE verifier, `found` is what
-- the sign-in opened while the owner chooses; both are sealed, and gone when the session ends.
CREATE TABLE connect_sessions (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id BLOB NOT NULL,
    workspace_id BLOB NOT NULL,
    platform TEXT NOT NULL,
    login TEXT NOT NULL,
    account_id INTEGER,
    state_hash BLOB NOT NULL,
    secrets BLOB,
    status TEXT NOT NULL,
    found BLOB,
    choice_hash BLOB,
    message TEXT,
    connected TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;
-- A browser names a session before its organization is known.
CREATE UNIQUE INDEX connect_sessions_id ON connect_sessions (id);
CREATE UNIQUE INDEX connect_sessions_state ON connect_sessions (state_hash);
CREATE INDEX connect_sessions_ending ON connect_sessions (expires_at);

-- The installation's apps. The secret is sealed.
CREATE TABLE platform_apps (
    platform TEXT NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL,
    client_secret BLOB NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- A device that waits for a person to let it in. It belongs to nobody until then.
CREATE TABLE device_logins (
    device_hash BLOB NOT NULL PRIMARY KEY,
    user_code TEXT NOT NULL,
    client_name TEXT NOT NULL,
    status TEXT NOT NULL,
    organization_id BLOB,
    workspace_id BLOB,
    user_id INTEGER,
    scopes TEXT NOT NULL,
    key_expires_at INTEGER,
    last_poll_at INTEGER,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX device_logins_code ON device_logins (user_code);
CREATE INDEX device_logins_ending ON device_logins (expires_at);

-- What was deleted because a person asked the platform for it.
CREATE TABLE data_deletions (
    code TEXT NOT NULL PRIMARY KEY,
    platform TEXT NOT NULL,
    accounts INTEGER NOT NULL,
    deleted_at INTEGER NOT NULL
) STRICT;
