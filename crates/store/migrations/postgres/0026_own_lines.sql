-- The lines of the journal that nearly every publish writes stand with the destination, whose row is written
-- anyway: JSON objects, each behind a comma. Beside them, how many lines there are in all. What is published
-- gets no further ones, so that its lines need not be counted.
ALTER TABLE destinations ADD COLUMN own_lines TEXT NOT NULL DEFAULT '';
ALTER TABLE destinations ADD COLUMN line_count BIGINT NOT NULL DEFAULT 0;
UPDATE destinations SET line_count = (SELECT MAX(j.seq) FROM journal j
    WHERE j.organization_id = destinations.organization_id AND j.destination_id = destinations.id)
WHERE status <> 'published' AND EXISTS (SELECT 1 FROM journal j
    WHERE j.organization_id = destinations.organization_id AND j.destination_id = destinations.id);
