-- Many plans as one drill: which, by which rules, and what became of each.

CREATE TABLE campaign (
    campaign_id          uuid PRIMARY KEY,
    campaign_name        text NOT NULL,
    reason               text NOT NULL,
    most_at_once         int NOT NULL,
    most_per_account     int,
    stop_after_failures  int,
    patience_minutes     int NOT NULL,
    clean_up_after_hours int,
    status               text NOT NULL CONSTRAINT campaign_status_label CHECK (status IN
        ('RUNNING', 'STOPPING', 'CANCELLING', 'COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED')),
    started_by           text NOT NULL,
    started_at           timestamptz NOT NULL,
    ended_at             timestamptz,
    CONSTRAINT campaign_ended
        CHECK ((status IN ('COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED')) = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX campaign_name_unique ON campaign (lower(campaign_name));
CREATE INDEX campaign_of_running ON campaign (started_at) WHERE ended_at IS NULL;
CREATE INDEX campaign_by_start ON campaign (started_at, campaign_id);

CREATE TABLE campaign_item (
    campaign_id  uuid NOT NULL CONSTRAINT campaign_item_campaign REFERENCES campaign ON DELETE CASCADE,
    position     int NOT NULL,
    -- No foreign keys: a plan may be deleted and an execution hidden, and the campaign still tells of them.
    plan_id      uuid NOT NULL,
    plan_name    text NOT NULL,
    account_ids  text[] NOT NULL,
    state        text NOT NULL CONSTRAINT campaign_item_state_label CHECK (state IN
        ('WAITING', 'RUNNING', 'PASSED', 'FAILED', 'SKIPPED')),
    execution_id uuid,
    -- Its servers are in use: it is not tried before.
    look_at      timestamptz,
    detail       text,
    begun_at     timestamptz,
    ended_at     timestamptz,
    PRIMARY KEY (campaign_id, position)
);
-- A drill's report tells of its campaign.
CREATE INDEX campaign_item_of_execution ON campaign_item (execution_id) WHERE execution_id IS NOT NULL;

-- The reports of campaigns: only added to, as those of executions.
CREATE TABLE campaign_report (
    report_id     uuid PRIMARY KEY,
    campaign_id   uuid NOT NULL,
    version       bigint NOT NULL CONSTRAINT campaign_report_version_positive CHECK (version > 0),
    -- Which reports of its drills it was made of, so that each state of them has one report however many replicas see it.
    occasion      text NOT NULL,
    why           text NOT NULL,
    made_at       timestamptz NOT NULL,
    -- RFC 8785 text, byte for byte as it is hashed.
    document      text NOT NULL,
    seal_document text NOT NULL,
    signature     text NOT NULL,
    CONSTRAINT campaign_report_version_once UNIQUE (campaign_id, version),
    CONSTRAINT campaign_report_occasion_once UNIQUE (campaign_id, occasion)
);
