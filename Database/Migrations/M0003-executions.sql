-- Executions, what they owe (commands, timers), and what happened (journal).

CREATE TABLE execution (
    execution_id     uuid PRIMARY KEY,
    plan_id          uuid NOT NULL,
    plan_name        text NOT NULL,
    plan_revision    bigint NOT NULL,
    execution_type   text NOT NULL CONSTRAINT execution_type_label CHECK (execution_type IN ('DRILL', 'RECOVERY')),
    status           text NOT NULL CONSTRAINT execution_status_label CHECK (status IN
        ('PENDING', 'INITIATED', 'RUNNING', 'PAUSED', 'CANCELLING', 'COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED')),
    reason           text,
    started_by       text NOT NULL,
    started_at       timestamptz NOT NULL,
    -- When the disaster was declared, where the starter said so.
    declared_at      timestamptz,
    ended_at         timestamptz,
    -- Grows with every change: a copy of the state is good while it is the same.
    version          bigint NOT NULL,
    recovery_time_objective_minutes bigint,
    -- What people asked for and what the clean-up does: the parts of the machine that are not rows.
    control          jsonb NOT NULL,
    verdict          jsonb,
    journal_sequence bigint NOT NULL,
    journal_head     text NOT NULL,
    hidden_at        timestamptz,
    CONSTRAINT execution_ended_iff_terminal
        CHECK ((ended_at IS NOT NULL) = (status IN ('COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED')))
);
-- The plan with every choice made, as the machine reads it: apart, because the row above is written with every change.
CREATE TABLE execution_plan (
    execution_id uuid PRIMARY KEY CONSTRAINT execution_plan_execution REFERENCES execution ON DELETE CASCADE,
    frozen_plan  jsonb NOT NULL
);

CREATE INDEX execution_newest ON execution (started_at DESC, execution_id DESC);
CREATE INDEX execution_of_plan ON execution (plan_id, started_at DESC);
CREATE INDEX execution_cleaning ON execution (execution_id) WHERE control->'cleanUp'->>'state' = 'RUNNING';
CREATE INDEX execution_active ON execution (execution_id) WHERE ended_at IS NULL;

CREATE TABLE execution_place (
    execution_id uuid NOT NULL CONSTRAINT execution_place_execution REFERENCES execution ON DELETE CASCADE,
    account_id   text NOT NULL,
    region       text NOT NULL,
    PRIMARY KEY (execution_id, account_id, region)
);
CREATE INDEX execution_place_of_account ON execution_place (account_id, execution_id DESC);

CREATE TABLE execution_wave (
    execution_id uuid NOT NULL CONSTRAINT execution_wave_execution REFERENCES execution ON DELETE CASCADE,
    wave_number  bigint NOT NULL,
    status       text NOT NULL CONSTRAINT execution_wave_status_label CHECK (status IN
        ('PENDING', 'PAUSED', 'STARTED', 'LAUNCHING', 'POLLING', 'COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED',
         'SKIPPED')),
    waiting_for  text CONSTRAINT execution_wave_waiting_label CHECK (waiting_for IN ('PAUSE', 'APPROVAL')),
    gate         jsonb NOT NULL,
    started_at   timestamptz,
    ended_at     timestamptz,
    PRIMARY KEY (execution_id, wave_number),
    CONSTRAINT execution_wave_ended_iff_settled
        CHECK ((ended_at IS NOT NULL) = (status IN ('COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED', 'SKIPPED')))
);

CREATE TABLE execution_server (
    execution_id         uuid NOT NULL CONSTRAINT execution_server_execution REFERENCES execution ON DELETE CASCADE,
    source_server_id     text NOT NULL,
    wave_number          bigint NOT NULL,
    status               text NOT NULL CONSTRAINT execution_server_status_label CHECK (status IN
        ('PENDING', 'QUEUED', 'IN_PROGRESS', 'LAUNCHED', 'FAILED', 'SKIPPED', 'CANCELLED')),
    launch_status        text,
    job_id               text,
    recovery_instance_id text,
    instance_state       text CONSTRAINT execution_server_instance_label CHECK (instance_state IN
        ('RUNNING', 'TERMINATING', 'TERMINATED', 'TERMINATION_FAILED')),
    attempts             bigint NOT NULL,
    started_at           timestamptz,
    ended_at             timestamptz,
    error                text,
    note                 text,
    PRIMARY KEY (execution_id, source_server_id),
    CONSTRAINT execution_server_ended_iff_settled
        CHECK ((ended_at IS NOT NULL) = (status IN ('LAUNCHED', 'FAILED', 'SKIPPED', 'CANCELLED')))
);

-- The jobs of an execution: a wave's servers of one account and Region, at most 100 together.
CREATE TABLE execution_job (
    execution_id      uuid NOT NULL CONSTRAINT execution_job_execution REFERENCES execution ON DELETE CASCADE,
    key               text NOT NULL,
    wave_number       bigint NOT NULL,
    account_id        text NOT NULL,
    region            text NOT NULL,
    source_server_ids text[] NOT NULL,
    state             text NOT NULL CONSTRAINT execution_job_state_label CHECK (state IN
        ('QUEUED', 'ACCEPTED', 'ENDED', 'WITHDRAWN', 'REFUSED')),
    job_id            text,
    accepted_at       timestamptz,
    ended_at          timestamptz,
    PRIMARY KEY (execution_id, key)
);
CREATE INDEX execution_job_of_key ON execution_job (key);

-- A server is in at most one execution that has not ended (or whose clean-up runs): this key is the rule.
-- Servers are claimed before the execution is written, so that nothing is written for a start that is refused.
CREATE TABLE server_claim (
    source_server_id text CONSTRAINT server_claim_unique PRIMARY KEY,
    execution_id     uuid NOT NULL CONSTRAINT server_claim_execution REFERENCES execution ON DELETE CASCADE
                     DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX server_claim_of_execution ON server_claim (execution_id);

-- One hash chain an execution; event is the RFC 8785 text exactly as hashed.
CREATE TABLE journal_event (
    execution_id uuid NOT NULL CONSTRAINT journal_event_execution REFERENCES execution,
    sequence     bigint NOT NULL,
    event        text NOT NULL,
    hash         text NOT NULL,
    PRIMARY KEY (execution_id, sequence)
);

CREATE TABLE job_log_item (
    item_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    execution_id     uuid NOT NULL CONSTRAINT job_log_item_execution REFERENCES execution ON DELETE CASCADE,
    wave_number      bigint NOT NULL,
    account_id       text NOT NULL,
    region           text NOT NULL,
    job_id           text NOT NULL,
    at               timestamptz NOT NULL,
    event            text NOT NULL,
    source_server_id text NOT NULL DEFAULT '',
    detail           text,
    CONSTRAINT job_log_item_once UNIQUE (execution_id, job_id, at, event, source_server_id)
);
CREATE INDEX job_log_item_oldest ON job_log_item (execution_id, at, item_id);

-- Work for spokes: stored before any spoke sees it.
CREATE TABLE command (
    command_id       uuid PRIMARY KEY,
    -- Deterministic, so that writing the same work twice is writing it once.
    key              text NOT NULL CONSTRAINT command_key_unique UNIQUE,
    kind             text NOT NULL CONSTRAINT command_kind_label CHECK (kind IN
        ('SYNC_INVENTORY', 'LAUNCH', 'TERMINATE_INSTANCES', 'VALIDATE_ACCESS', 'PUBLISH')),
    account_id       text NOT NULL,
    region           text NOT NULL,
    execution_id     uuid CONSTRAINT command_execution REFERENCES execution ON DELETE CASCADE,
    -- QUEUED waits for capacity, HELD for a person; READY may be leased.
    state            text NOT NULL CONSTRAINT command_state_label CHECK (state IN
        ('QUEUED', 'HELD', 'READY', 'LEASED', 'DONE', 'FAILED', 'WITHDRAWN')),
    is_recovery      boolean NOT NULL,
    server_count     bigint NOT NULL,
    body             text NOT NULL,
    attempt          bigint NOT NULL DEFAULT 0,
    term             bigint NOT NULL DEFAULT 0,
    session_id       uuid,
    spoke_id         uuid,
    lease_until      timestamptz,
    not_before       timestamptz NOT NULL,
    -- Whether an earlier attempt may have reached AWS: the next one settles first.
    is_unclear       boolean NOT NULL DEFAULT false,
    -- The highest report stored under the present term.
    sequence         bigint NOT NULL DEFAULT 0,
    problem_code     text,
    problem_text     text,
    -- What a command that asks a question found out.
    result           jsonb,
    created_at       timestamptz NOT NULL,
    ended_at         timestamptz,
    CONSTRAINT command_ended_iff_terminal
        CHECK ((ended_at IS NOT NULL) = (state IN ('DONE', 'FAILED', 'WITHDRAWN'))),
    CONSTRAINT command_lease_iff_leased CHECK ((lease_until IS NOT NULL) = (state = 'LEASED'))
);
CREATE INDEX command_ready ON command (account_id, is_recovery DESC, created_at) WHERE state = 'READY';
CREATE INDEX command_queued ON command (account_id, region) WHERE state IN ('QUEUED', 'READY', 'LEASED');
CREATE INDEX command_lease_expiry ON command (lease_until) WHERE state = 'LEASED';
CREATE INDEX command_of_session ON command (session_id) WHERE state = 'LEASED';
CREATE INDEX command_of_execution ON command (execution_id);
CREATE INDEX command_sync ON command (account_id, region, created_at) WHERE kind = 'SYNC_INVENTORY';
CREATE INDEX command_ended ON command (ended_at) WHERE execution_id IS NULL;

CREATE TABLE timer (
    key          text PRIMARY KEY,
    execution_id uuid NOT NULL CONSTRAINT timer_execution REFERENCES execution ON DELETE CASCADE,
    fires_at     timestamptz NOT NULL,
    event        text NOT NULL
);
CREATE INDEX timer_due ON timer (fires_at);
CREATE INDEX timer_of_execution ON timer (execution_id);
