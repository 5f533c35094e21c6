-- Drills that happen by themselves, and what became of each of their times.

CREATE TABLE schedule (
    schedule_id          uuid PRIMARY KEY,
    schedule_name        text NOT NULL,
    plan_id              uuid NOT NULL CONSTRAINT schedule_plan REFERENCES recovery_plan ON DELETE CASCADE,
    description          text NOT NULL,
    cron                 text NOT NULL,
    time_zone            text NOT NULL,
    is_enabled           boolean NOT NULL,
    blackouts            jsonb NOT NULL,
    when_busy            text NOT NULL CONSTRAINT schedule_when_busy_label CHECK (when_busy IN ('SKIP', 'WAIT')),
    when_missed          text NOT NULL CONSTRAINT schedule_when_missed_label CHECK (when_missed IN ('SKIP', 'START')),
    patience_minutes     int NOT NULL,
    clean_up_after_hours int,
    -- The next time that nothing has been decided about; NULL: none, or switched off.
    due_at               timestamptz,
    -- When it is looked at next: later than its time where it waits for servers.
    look_at              timestamptz,
    created_at           timestamptz NOT NULL,
    modified_at          timestamptz NOT NULL,
    created_by           text NOT NULL,
    revision             bigint NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX schedule_name_unique ON schedule (lower(schedule_name));
CREATE INDEX schedule_by_name ON schedule (schedule_name, schedule_id);
CREATE INDEX schedule_by_plan ON schedule (plan_id);
CREATE INDEX schedule_by_look ON schedule (look_at) WHERE look_at IS NOT NULL;

CREATE TABLE schedule_run (
    schedule_id  uuid NOT NULL CONSTRAINT schedule_run_schedule REFERENCES schedule ON DELETE CASCADE,
    due_at       timestamptz NOT NULL,
    decided_at   timestamptz NOT NULL,
    outcome      text NOT NULL CONSTRAINT schedule_run_outcome_label CHECK (outcome IN
        ('STARTED', 'WAITING', 'SKIPPED_BLACKOUT', 'SKIPPED_BUSY', 'MISSED', 'REFUSED')),
    -- No foreign key: the run is known before its execution is written.
    execution_id uuid,
    detail       text,
    PRIMARY KEY (schedule_id, due_at)
);
