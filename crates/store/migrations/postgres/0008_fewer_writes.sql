-- When an account last published stands in its destinations; a column of its own was one more row to
-- write for each of them.
ALTER TABLE accounts DROP COLUMN last_published_at;
-- A list from the latest to the earliest has the posts without a time at its end.
DROP INDEX posts_by_schedule;
CREATE INDEX posts_by_schedule ON posts (organization_id, workspace_id, scheduled_for DESC NULLS LAST, id DESC)
    WHERE deleted_at IS NULL;
