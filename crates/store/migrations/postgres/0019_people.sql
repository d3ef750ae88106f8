-- People who sign in: to which organizations they belong, what they are signed in with, and what was done.

-- A person is one row, however many organizations they belong to. Addresses are compared without case.
CREATE TABLE people (
    id BIGINT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    name TEXT NOT NULL,
    -- None for who cannot sign in yet.
    password_hash TEXT,
    created_at BIGINT NOT NULL
);
INSERT INTO people (id, email, email_folded, name, created_at)
    SELECT u.id, trim(u.email), lower(trim(u.email) COLLATE "C"), u.name, u.created_at FROM users u
    WHERE u.id = (SELECT MIN(s.id) FROM users s WHERE lower(trim(s.email) COLLATE "C") = lower(trim(u.email) COLLATE "C"));

-- Who belongs to an organization, as what. So far everybody was the only one, and the owner.
CREATE TABLE memberships (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    user_id BIGINT NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX memberships_of_user ON memberships (user_id);
INSERT INTO memberships (organization_id, user_id, role, created_at)
    SELECT u.organization_id, p.id, 'owner', MIN(u.created_at) FROM users u
    JOIN people p ON p.email_folded = lower(trim(u.email) COLLATE "C") GROUP BY u.organization_id, p.id;

-- Who was two rows under one address is one person now.
UPDATE api_keys SET user_id = COALESCE((SELECT p.id FROM users u
    JOIN people p ON p.email_folded = lower(trim(u.email) COLLATE "C")
    WHERE u.organization_id = api_keys.organization_id AND u.id = api_keys.user_id), user_id);
UPDATE device_logins SET user_id = COALESCE((SELECT p.id FROM users u
    JOIN people p ON p.email_folded = lower(trim(u.email) COLLATE "C")
    WHERE u.organization_id = device_logins.organization_id AND u.id = device_logins.user_id), user_id)
    WHERE user_id IS NOT NULL;
DROP TABLE users;
ALTER TABLE people RENAME TO users;
ALTER INDEX people_pkey RENAME TO users_pkey;
CREATE UNIQUE INDEX users_email ON users (email_folded);

-- A browser that somebody is signed in with. Of its token a hash is kept.
CREATE TABLE sessions (
    id UUID NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id),
    -- The one of their organizations that they look at.
    organization_id UUID,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_by_age ON sessions (last_seen_at);

-- Links that sign somebody in once. Those of nobody set the installation up.
CREATE TABLE sign_in_links (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    user_id BIGINT REFERENCES users (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sign_in_links_ending ON sign_in_links (expires_at);

-- Tries to sign in that failed, by what they had in common: an address of a person or of a network.
CREATE TABLE sign_in_attempts (
    subject_hash BYTEA NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX sign_in_attempts_by_age ON sign_in_attempts (updated_at);

-- Somebody who may join. Gone once they have, or the time is over.
CREATE TABLE invitations (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    id UUID NOT NULL,
    token_hash BYTEA NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    invited_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
-- An invitation is looked up before its organization is known.
CREATE UNIQUE INDEX invitations_token ON invitations (token_hash);
CREATE INDEX invitations_ending ON invitations (expires_at);

-- Who did what to what, when and from where. Ids are made in the order of time.
CREATE TABLE audit_log (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    id UUID NOT NULL,
    user_id BIGINT,
    -- As they were called then.
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX audit_log_by_age ON audit_log (created_at);
