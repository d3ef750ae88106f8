-- By time of publication over all accounts: for the one query that asks so, which says that every position counts.
-- Any other that asks when one account published would be answered by walking through all of it, while the
-- database's statistics know of nothing published.
DROP INDEX destinations_live;
CREATE INDEX destinations_live ON destinations (published_at, id) WHERE published_at IS NOT NULL AND position >= 0;
