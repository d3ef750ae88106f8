-- What people change about their own ways in: their address, and the logins of other systems.

-- Whether a login that another system vouches for leads to its address's person by itself. Not for an
-- address that its person entered themselves or an inviter did, and not for who has taken such a link back.
ALTER TABLE users ADD COLUMN links_by_email INTEGER NOT NULL DEFAULT 1;

-- A link has a name of its own, and says what the other system last said of its person.
CREATE TABLE links (
    id BLOB NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id),
    email TEXT,
    name TEXT,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT;
INSERT INTO links (id, issuer, subject, user_id, created_at, last_used_at)
    SELECT randomblob(16), issuer, subject, user_id, created_at, last_used_at FROM identities;
DROP TABLE identities;
ALTER TABLE links RENAME TO identities;
-- One login of a system for each person.
CREATE UNIQUE INDEX identities_of_user ON identities (user_id, issuer);
