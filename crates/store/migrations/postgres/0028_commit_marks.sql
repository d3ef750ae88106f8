-- What a writer puts into each of its transactions last, so that it can learn how one ended whose commit was not
-- answered. Only PostgreSQL has it: between SQLite and its file no connection can be lost.
CREATE TABLE commit_marks (
    session UUID NOT NULL,
    number BIGINT NOT NULL,
    -- False where the writer asked first: the transaction can no longer be committed then.
    is_kept BOOLEAN NOT NULL,
    made_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (session, number)
);
