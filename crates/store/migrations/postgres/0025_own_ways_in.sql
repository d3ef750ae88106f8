-- What people change about their own ways in: their address, and the logins of other systems.

-- Whether a login that another system vouches for leads to its address's person by itself. Not for an
-- address that its person entered themselves or an inviter did, and not for who has taken such a link back.
ALTER TABLE users ADD COLUMN links_by_email BIGINT NOT NULL DEFAULT 1;

-- A link has a name of its own, and says what the other system last said of its person.
ALTER TABLE identities ADD COLUMN id UUID NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE identities ALTER COLUMN id DROP DEFAULT;
ALTER TABLE identities ADD COLUMN email TEXT;
ALTER TABLE identities ADD COLUMN name TEXT;
