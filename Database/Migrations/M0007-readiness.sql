-- Whether plans could be recovered now: what the standing check found, and what it has to look at again.

CREATE TABLE plan_readiness (
    plan_id    uuid PRIMARY KEY CONSTRAINT plan_readiness_plan REFERENCES recovery_plan ON DELETE CASCADE,
    state      text NOT NULL CONSTRAINT plan_readiness_state_label
               CHECK (state IN ('VERIFIED', 'NEEDS_CHECK', 'NOT_READY')),
    reasons    jsonb NOT NULL,
    -- Null until the plan was checked once.
    checked_at timestamptz,
    -- Grows with everything that may change the verdict: one that was found before is not stored.
    doubts     bigint NOT NULL DEFAULT 1,
    -- When the plan is to be checked; who checks it puts this forward, so that nobody else does meanwhile.
    due_at     timestamptz NOT NULL
);
CREATE INDEX plan_readiness_due ON plan_readiness (due_at);
CREATE INDEX plan_readiness_state ON plan_readiness (state, plan_id);

INSERT INTO plan_readiness (plan_id, state, reasons, due_at)
SELECT plan_id, 'NEEDS_CHECK', '[]', modified_at FROM recovery_plan;

-- What a look at one server found that DRS's lists do not show.
CREATE TABLE server_finding (
    source_server_id         text PRIMARY KEY
        CONSTRAINT server_finding_server REFERENCES source_server ON DELETE CASCADE,
    looked_at                timestamptz NOT NULL,
    has_launch_configuration boolean NOT NULL,
    has_recovery_point       boolean NOT NULL,
    found_snapshot_ids       text[] NOT NULL,
    gone_snapshot_ids        text[] NOT NULL
);

-- What a spoke may do in an account and Region, as it last found out.
CREATE TABLE access_finding (
    account_id   text NOT NULL CONSTRAINT access_finding_account REFERENCES account ON DELETE CASCADE,
    region       text NOT NULL,
    checks       jsonb NOT NULL,
    checked_at   timestamptz NOT NULL,
    PRIMARY KEY (account_id, region)
);

-- As the standing check last saw them: where one changes, the plans of the place are checked.
ALTER TABLE inventory_sync
    ADD COLUMN is_served boolean NOT NULL DEFAULT false,
    ADD COLUMN is_old    boolean NOT NULL DEFAULT true;

ALTER TABLE command
    DROP CONSTRAINT command_kind_label,
    ADD CONSTRAINT command_kind_label CHECK (kind IN
        ('SYNC_INVENTORY', 'LAUNCH', 'TERMINATE_INSTANCES', 'VALIDATE_ACCESS', 'CHECK_SERVERS', 'PUBLISH'));
CREATE INDEX command_look ON command (account_id, region, created_at)
    WHERE kind IN ('VALIDATE_ACCESS', 'CHECK_SERVERS');
