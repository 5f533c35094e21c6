-- What the hub remembers of requests, and of who changed what.

CREATE TABLE idempotency_key (
    principal     text NOT NULL,
    path          text NOT NULL,
    key           text NOT NULL,
    body_hash     bytea NOT NULL,
    status        bigint NOT NULL,
    headers       jsonb NOT NULL,
    body          text,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (principal, path, key)
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);

-- Inserted only; the hub's role can neither change nor delete a row.
CREATE TABLE audit_event (
    event_id         uuid PRIMARY KEY,
    at               timestamptz NOT NULL,
    principal        text NOT NULL,
    action           text NOT NULL,
    subject_kind     text,
    subject_id       text,
    account_ids      text[] NOT NULL DEFAULT '{}',
    source_address   text,
    request_id       text,
    outcome          text NOT NULL,
    old_revision     bigint,
    new_revision     bigint,
    detail           text
);
CREATE INDEX audit_event_newest ON audit_event (at DESC, event_id DESC);

-- The last keys an issuer published, for when it is away.
CREATE TABLE jwks (
    issuer     text PRIMARY KEY,
    document   text NOT NULL,
    fetched_at timestamptz NOT NULL
);
