-- Accounts, the spokes that serve them, and what they see there.

CREATE TABLE account (
    account_id       text PRIMARY KEY CONSTRAINT account_id_is_12_digits CHECK (account_id ~ '^[0-9]{12}$'),
    account_name     text NOT NULL CONSTRAINT account_name_length CHECK (char_length(account_name) BETWEEN 1 AND 128),
    regions          text[] NOT NULL,
    spoke_principals text[] NOT NULL,
    owner            text,
    tags             jsonb NOT NULL DEFAULT '{}',
    external_id      text NOT NULL,
    created_at       timestamptz NOT NULL,
    modified_at      timestamptz NOT NULL,
    revision         bigint NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX account_name_unique ON account (lower(account_name));

CREATE TABLE spoke (
    spoke_id     uuid PRIMARY KEY,
    name         text NOT NULL,
    principal    text NOT NULL,
    version      text NOT NULL,
    is_draining  boolean NOT NULL DEFAULT false,
    last_seen_at timestamptz NOT NULL,
    CONSTRAINT spoke_principal_and_name_unique UNIQUE (principal, name)
);

CREATE TABLE agent_challenge (
    nonce_hash bytea PRIMARY KEY,
    region     text NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX agent_challenge_expiry ON agent_challenge (expires_at);

-- One proof of identity, good for an hour; the token itself is never stored.
CREATE TABLE agent_session (
    session_id       uuid PRIMARY KEY,
    spoke_id         uuid NOT NULL CONSTRAINT agent_session_spoke REFERENCES spoke ON DELETE CASCADE,
    token_hash       bytea NOT NULL CONSTRAINT agent_session_token_unique UNIQUE,
    issued_at        timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    last_seen_at     timestamptz NOT NULL,
    -- Set while no command stream is open: 2 s later the session counts as lost.
    stream_closed_at timestamptz
);
CREATE INDEX agent_session_of_spoke ON agent_session (spoke_id);
CREATE INDEX agent_session_expiry ON agent_session (expires_at);

CREATE TABLE agent_session_account (
    session_id uuid NOT NULL CONSTRAINT agent_session_account_session REFERENCES agent_session ON DELETE CASCADE,
    account_id text NOT NULL CONSTRAINT agent_session_account_account REFERENCES account ON DELETE CASCADE,
    regions    text[] NOT NULL,
    PRIMARY KEY (session_id, account_id)
);
CREATE INDEX agent_session_account_of_account ON agent_session_account (account_id);

-- The state of the last sync of an account and Region; its time stands here, so that an unchanged server writes no row.
CREATE TABLE inventory_sync (
    account_id     text NOT NULL CONSTRAINT inventory_sync_account REFERENCES account ON DELETE CASCADE,
    region         text NOT NULL,
    is_initialized boolean NOT NULL DEFAULT true,
    synced_at      timestamptz,
    sync_token     text,
    problem_code   text,
    problem_text   text,
    quotas         jsonb,
    PRIMARY KEY (account_id, region)
);

-- Pages of syncs that are not complete: a half-finished sync changes nothing.
CREATE TABLE inventory_page (
    account_id  text NOT NULL,
    region      text NOT NULL,
    sync_token  text NOT NULL,
    page        bigint NOT NULL,
    body        text NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, region, sync_token, page)
);
CREATE INDEX inventory_page_age ON inventory_page (received_at);

CREATE TABLE source_server (
    source_server_id     text PRIMARY KEY
        CONSTRAINT source_server_id_form CHECK (source_server_id ~ '^s-[0-9a-z]{17}$'),
    account_id           text NOT NULL CONSTRAINT source_server_account REFERENCES account ON DELETE CASCADE,
    region               text NOT NULL,
    hostname             text NOT NULL,
    tags                 jsonb NOT NULL,
    replication_state    text NOT NULL,
    lag_seconds          bigint,
    recovery_instance_id text,
    last_launch_type     text,
    last_launch_at       timestamptz,
    last_launch_status   text
);
CREATE INDEX source_server_of_place ON source_server (account_id, region, source_server_id);
CREATE INDEX source_server_tags ON source_server USING gin (tags jsonb_path_ops);

CREATE TABLE recovery_instance (
    recovery_instance_id text PRIMARY KEY,
    account_id           text NOT NULL CONSTRAINT recovery_instance_account REFERENCES account ON DELETE CASCADE,
    region               text NOT NULL,
    source_server_id     text,
    job_id               text,
    is_drill             boolean NOT NULL,
    state                text NOT NULL
);
CREATE INDEX recovery_instance_of_place ON recovery_instance (account_id, region);

-- Jobs in progress, whoever started them.
CREATE TABLE observed_job (
    job_id            text NOT NULL,
    account_id        text NOT NULL CONSTRAINT observed_job_account REFERENCES account ON DELETE CASCADE,
    region            text NOT NULL,
    type              text NOT NULL,
    status            text NOT NULL,
    started_at        timestamptz,
    source_server_ids text[] NOT NULL,
    command_key       text,
    PRIMARY KEY (account_id, region, job_id)
);
