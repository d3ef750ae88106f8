-- When an account last published stands in its destinations; a column of its own was one more row to
-- write for each of them.
ALTER TABLE accounts DROP COLUMN last_published_at;
