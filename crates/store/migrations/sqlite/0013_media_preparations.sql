-- Posts whose media are to be fitted before they are due, and the lease of who does it.
CREATE TABLE media_preparations (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    post_id BLOB NOT NULL,
    work_at INTEGER NOT NULL,
    work_token INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (organization_id, post_id)
) STRICT;
CREATE INDEX media_preparations_work ON media_preparations (work_at);
-- The post that a copy was made for ahead of time. No destination uses it; one that needs the same finds it.
ALTER TABLE media_copies ADD COLUMN prepared_for BLOB;
CREATE INDEX media_copies_prepared ON media_copies (organization_id, prepared_for, id)
    WHERE prepared_for IS NOT NULL;
