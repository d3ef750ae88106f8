-- What tells a post from any other one: its content and its accounts. Posts that failed are counted by it, so
-- that the same is not tried for ever. NULL: a draft, or made before this.
ALTER TABLE posts ADD COLUMN content_key TEXT;
CREATE INDEX posts_failing ON posts (organization_id, content_key, updated_at) WHERE status = 'failed';

-- Credits that the operator gave an organization beyond those of its months: what is left of them. They are
-- spent when those of the month are used, and do not end.
CREATE TABLE ai_bonus (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    credits INTEGER NOT NULL,
    PRIMARY KEY (organization_id)
) STRICT;
-- How many of the held credits are such ones; `credits` are those of the month.
ALTER TABLE ai_holds ADD COLUMN bonus INTEGER NOT NULL DEFAULT 0;
