-- What was known when an execution began, its reports, what people add to them, and findings. All of it is only added to.

CREATE TABLE execution_baseline (
    execution_id uuid PRIMARY KEY,
    taken_at     timestamptz NOT NULL,
    -- The plan's readiness: its state and reasons; NULL: the plan had been deleted.
    readiness    jsonb,
    checked_at   timestamptz,
    -- For each server: its replication state, its lag, and when a spoke read them.
    servers      jsonb NOT NULL
);

CREATE TABLE report (
    report_id     uuid PRIMARY KEY,
    execution_id  uuid NOT NULL,
    version       bigint NOT NULL CONSTRAINT report_version_positive CHECK (version > 0),
    -- What it was made for, so that each occasion has one report however many replicas see it.
    occasion      text NOT NULL,
    why           text NOT NULL,
    made_by       text NOT NULL,
    made_at       timestamptz NOT NULL,
    -- RFC 8785 text, byte for byte as it is hashed.
    document      text NOT NULL,
    seal_document text NOT NULL,
    signature     text NOT NULL,
    CONSTRAINT report_version_once UNIQUE (execution_id, version),
    CONSTRAINT report_occasion_once UNIQUE (execution_id, occasion)
);
CREATE INDEX report_made ON report (made_at);

-- A report as PDF; made once, for it takes seconds.
CREATE TABLE report_print (
    report_id uuid PRIMARY KEY CONSTRAINT report_print_report REFERENCES report (report_id),
    pdf       bytea NOT NULL,
    made_at   timestamptz NOT NULL
);

CREATE TABLE report_entry (
    entry_id     uuid PRIMARY KEY,
    execution_id uuid NOT NULL,
    kind         text NOT NULL CONSTRAINT report_entry_kind_label CHECK (kind IN
        ('PURPOSE', 'SCENARIO', 'RISK_REFERENCE', 'ASSUMPTION', 'SUCCESS_CRITERION', 'EXPECTED_OUTCOME', 'REGULATION',
         'THIRD_PARTY', 'PLANNED_PARTICIPANT', 'PARTICIPANT', 'ABSENCE', 'LAUNCH_SETTING', 'PLAN_APPROVAL', 'WAIVER',
         'SERVER_EVIDENCE', 'VALIDATION', 'MANUAL_STEP', 'LESSON', 'ISOLATION', 'COST', 'FAILBACK', 'DISTRIBUTION',
         'SIGN_OFF')),
    text         text NOT NULL,
    name         text,
    role         text,
    entered_by   text NOT NULL,
    entered_at   timestamptz NOT NULL
);
CREATE INDEX report_entry_of_execution ON report_entry (execution_id, entered_at, entry_id);

CREATE TABLE report_entry_withdrawal (
    entry_id     uuid PRIMARY KEY CONSTRAINT report_entry_withdrawal_entry REFERENCES report_entry (entry_id),
    withdrawn_by text NOT NULL,
    withdrawn_at timestamptz NOT NULL
);

-- Each change of a finding is a row of its own: the newest revision is how it stands.
CREATE TABLE finding (
    finding_id          uuid NOT NULL,
    revision            bigint NOT NULL,
    execution_id        uuid NOT NULL,
    title               text NOT NULL,
    detail              text,
    severity            text NOT NULL CONSTRAINT finding_severity_label CHECK (severity IN
        ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW')),
    cause               text,
    owner               text,
    due_on              date,
    ticket              text,
    risk_acceptance     text,
    retest_execution_id uuid,
    state               text NOT NULL CONSTRAINT finding_state_label CHECK (state IN ('OPEN', 'ACCEPTED', 'CLOSED')),
    changed_by          text NOT NULL,
    changed_at          timestamptz NOT NULL,
    CONSTRAINT finding_revision_once PRIMARY KEY (finding_id, revision)
);
CREATE INDEX finding_of_execution ON finding (execution_id, finding_id, revision DESC);
