-- Posts that wait for somebody's approval, and what an organization may use.

-- Whether posts of keys that may not approve wait for somebody who may.
ALTER TABLE organizations ADD COLUMN approvals_required BIGINT NOT NULL DEFAULT 0;
-- What is different for it from the server's plan, as JSON.
ALTER TABLE organizations ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';

-- Where the post's approval stands; NULL where nobody was asked. The last step as JSON: who, when, note.
ALTER TABLE posts ADD COLUMN approval TEXT;
ALTER TABLE posts ADD COLUMN approval_step TEXT;
CREATE INDEX posts_by_approval ON posts (organization_id, workspace_id, approval, created_at, id)
    WHERE approval IS NOT NULL AND deleted_at IS NULL;

-- Whether the post waits for an approval. The database itself refuses that it is due meanwhile: no worker
-- can take it, whatever a statement forgets.
ALTER TABLE destinations ADD COLUMN awaits_approval BIGINT NOT NULL DEFAULT 0
    CHECK (awaits_approval = 0 OR run_at IS NULL);

-- How many posts an organization made on a day (counted from 1970), where that is limited.
CREATE TABLE post_days (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    day BIGINT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (organization_id, day)
);
