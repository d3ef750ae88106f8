-- Posting queues: the times of the week at which a workspace's posts go out.
CREATE TABLE queues (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    workspace_id BLOB NOT NULL,
    name TEXT NOT NULL,
    -- A name of the IANA database; slots are local times there.
    timezone TEXT NOT NULL,
    -- A JSON list of minutes since Monday 00:00, in order.
    slots TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, workspace_id)
) STRICT;
