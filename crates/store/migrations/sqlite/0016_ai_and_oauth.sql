-- Credits for captions and images, and programs that people let in by OAuth.

-- What an organization has used in a month, with what is held. A month is a number: year * 12 + month.
CREATE TABLE ai_credits (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    month INTEGER NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (organization_id, month)
) STRICT;

-- Credits that are held while a provider works. What nobody settled in time goes back.
CREATE TABLE ai_holds (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id BLOB NOT NULL,
    month INTEGER NOT NULL,
    credits INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;

-- A program that introduced itself. It belongs to nobody, and has no secret.
CREATE TABLE oauth_clients (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- A JSON list.
    redirect_uris TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX oauth_clients_by_age ON oauth_clients (created_at);

-- What a person allowed a program, in the name of the key that they showed. The program's code and tokens
-- are kept as hashes; a refresh token replaces the one before, whose second use ends the grant.
CREATE TABLE oauth_grants (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id BLOB NOT NULL,
    client_id BLOB NOT NULL,
    api_key_id BLOB NOT NULL,
    scopes TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    code_challenge TEXT NOT NULL,
    code_hash BLOB NOT NULL,
    code_expires_at INTEGER NOT NULL,
    code_used_at INTEGER,
    access_hash BLOB,
    access_expires_at INTEGER,
    refresh_hash BLOB,
    refresh_expires_at INTEGER,
    replaced_hash BLOB,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    -- When nothing of it can be used any more.
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, api_key_id) REFERENCES api_keys (organization_id, id)
) STRICT;
-- Codes and tokens are looked up before their organization is known.
CREATE UNIQUE INDEX oauth_grants_code ON oauth_grants (code_hash);
CREATE UNIQUE INDEX oauth_grants_access ON oauth_grants (access_hash) WHERE access_hash IS NOT NULL;
CREATE UNIQUE INDEX oauth_grants_refresh ON oauth_grants (refresh_hash) WHERE refresh_hash IS NOT NULL;
CREATE UNIQUE INDEX oauth_grants_replaced ON oauth_grants (replaced_hash) WHERE replaced_hash IS NOT NULL;
CREATE INDEX oauth_grants_of_client ON oauth_grants (client_id);
CREATE INDEX oauth_grants_ending ON oauth_grants (expires_at);
