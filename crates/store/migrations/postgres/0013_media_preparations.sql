-- Posts whose media are to be fitted before they are due, and the lease of who does it.
CREATE TABLE media_preparations (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    post_id UUID NOT NULL,
    work_at BIGINT NOT NULL,
    work_token BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    PRIMARY KEY (organization_id, post_id)
);
CREATE INDEX media_preparations_work ON media_preparations (work_at);
-- The post that a copy was made for ahead of time. No destination uses it; one that needs the same finds it.
ALTER TABLE media_copies ADD COLUMN prepared_for UUID;
CREATE INDEX media_copies_prepared ON media_copies (organization_id, prepared_for, id)
    WHERE prepared_for IS NOT NULL;
