-- Links that show one execution on a wall without a session: read-only, until they expire or are taken back.
CREATE TABLE wall_link (
    link_id      uuid PRIMARY KEY,
    -- The secret in the address is never stored, only its hash.
    token_hash   bytea NOT NULL CONSTRAINT wall_link_token_unique UNIQUE,
    execution_id uuid NOT NULL REFERENCES execution (execution_id) ON DELETE CASCADE,
    label        text,
    created_by   text NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL
);
CREATE INDEX wall_link_of_execution ON wall_link (execution_id, created_at DESC, link_id DESC);
CREATE INDEX wall_link_expiry ON wall_link (expires_at);
