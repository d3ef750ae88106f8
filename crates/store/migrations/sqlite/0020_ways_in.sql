-- Ways to sign in besides a password: passkeys, and the login of another system.

-- A passkey of a person. The library's record of it holds the public key and the count of its uses.
CREATE TABLE passkeys (
    id BLOB NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    credential_id BLOB NOT NULL,
    name TEXT NOT NULL,
    credential TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT;
CREATE UNIQUE INDEX passkeys_credential ON passkeys (credential_id);
CREATE INDEX passkeys_of_user ON passkeys (user_id, created_at);

-- What a browser was asked to sign, or what it was sent to the other system with. Each is used once.
CREATE TABLE sign_in_challenges (
    token_hash BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    -- Who adds a passkey; none for who wants to sign in.
    user_id INTEGER REFERENCES users (id),
    state TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_challenges_ending ON sign_in_challenges (expires_at);

-- Who somebody is in the other system. A subject never changes there, unlike an address.
CREATE TABLE identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT;
-- One login of a system for each person.
CREATE UNIQUE INDEX identities_of_user ON identities (user_id, issuer);

-- Whom the other system names may be invited already.
CREATE INDEX invitations_for ON invitations (email);
