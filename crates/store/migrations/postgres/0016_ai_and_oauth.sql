-- Credits for captions and images, and programs that people let in by OAuth.

-- What an organization has used in a month, with what is held. A month is a number: year * 12 + month.
CREATE TABLE ai_credits (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    month BIGINT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (organization_id, month)
);

-- Credits that are held while a provider works. What nobody settled in time goes back.
CREATE TABLE ai_holds (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    id UUID NOT NULL,
    month BIGINT NOT NULL,
    credits BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);

-- A program that introduced itself. It belongs to nobody, and has no secret.
CREATE TABLE oauth_clients (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- A JSON list.
    redirect_uris TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX oauth_clients_by_age ON oauth_clients (created_at);

-- What a person allowed a program, in the name of the key that they showed. The program's code and tokens
-- are kept as hashes; a refresh token replaces the one before, whose second use ends the grant.
CREATE TABLE oauth_grants (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    api_key_id UUID NOT NULL,
    scopes TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    code_challenge TEXT NOT NULL,
    code_hash BYTEA NOT NULL,
    code_expires_at BIGINT NOT NULL,
    code_used_at BIGINT,
    access_hash BYTEA,
    access_expires_at BIGINT,
    refresh_hash BYTEA,
    refresh_expires_at BIGINT,
    replaced_hash BYTEA,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- When nothing of it can be used any more.
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, api_key_id) REFERENCES api_keys (organization_id, id)
);
-- Codes and tokens are looked up before their organization is known.
CREATE UNIQUE INDEX oauth_grants_code ON oauth_grants (code_hash);
CREATE UNIQUE INDEX oauth_grants_access ON oauth_grants (access_hash) WHERE access_hash IS NOT NULL;
CREATE UNIQUE INDEX oauth_grants_refresh ON oauth_grants (refresh_hash) WHERE refresh_hash IS NOT NULL;
CREATE UNIQUE INDEX oauth_grants_replaced ON oauth_grants (replaced_hash) WHERE replaced_hash IS NOT NULL;
CREATE INDEX oauth_grants_of_client ON oauth_grants (client_id);
CREATE INDEX oauth_grants_ending ON oauth_grants (expires_at);
