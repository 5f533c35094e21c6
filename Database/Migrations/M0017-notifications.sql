-- Who is told of what happens, what is to be told, and what became of each message.

CREATE TABLE notification_target (
    target_id    uuid PRIMARY KEY,
    target_name  text NOT NULL,
    description  text NOT NULL,
    kind         text NOT NULL CONSTRAINT notification_target_kind_label CHECK (kind IN ('WEBHOOK', 'SNS', 'EMAIL')),
    address      jsonb NOT NULL,
    -- What signs a webhook's messages or opens the mail server, sealed by the hub's keys.
    secret       bytea,
    event_kinds  text[] NOT NULL,
    account_ids  text[],
    plan_ids     uuid[],
    is_enabled   boolean NOT NULL,
    -- The pace of its messages: how long it was left alone last, and until when it is.
    rest_seconds int NOT NULL DEFAULT 0,
    rests_until  timestamptz NOT NULL,
    created_at   timestamptz NOT NULL,
    modified_at  timestamptz NOT NULL,
    created_by   text NOT NULL,
    revision     bigint NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX notification_target_name_unique ON notification_target (lower(target_name));

CREATE TABLE notification_delivery (
    delivery_id      uuid PRIMARY KEY,
    target_id        uuid NOT NULL
        CONSTRAINT notification_delivery_target REFERENCES notification_target ON DELETE CASCADE,
    state            text NOT NULL CONSTRAINT notification_delivery_state_label CHECK (state IN
        ('WAITING', 'SENDING', 'WITH_SPOKE', 'DELIVERED', 'DEAD')),
    notices          int NOT NULL,
    subject          text NOT NULL,
    -- The message for people, and the same for programs: as text, for a signature covers its bytes.
    body             text NOT NULL,
    document         text NOT NULL,
    attempts         int NOT NULL DEFAULT 0,
    attempts_allowed int NOT NULL,
    -- When it is tried next, or counts as given up by whoever tries it; NULL: it has ended.
    next_at          timestamptz,
    problem          text,
    created_at       timestamptz NOT NULL,
    ended_at         timestamptz,
    CONSTRAINT notification_delivery_ended
        CHECK ((state IN ('DELIVERED', 'DEAD')) = (ended_at IS NOT NULL) AND (next_at IS NULL) = (ended_at IS NOT NULL))
);
CREATE INDEX notification_delivery_by_target ON notification_delivery (target_id, delivery_id);
CREATE INDEX notification_delivery_by_time ON notification_delivery (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX notification_delivery_by_end ON notification_delivery (ended_at) WHERE ended_at IS NOT NULL;

-- The outbox. Without foreign keys: what writes it down is the transaction of an event, which must neither wait for
-- somebody who changes a target nor fail because one is deleted.
CREATE TABLE notification (
    notice_id    uuid NOT NULL,
    target_id    uuid NOT NULL,
    delivery_id  uuid,
    at           timestamptz NOT NULL,
    kind         text NOT NULL,
    account_ids  text[] NOT NULL,
    plan_id      uuid,
    execution_id uuid,
    title        text NOT NULL,
    text         text NOT NULL,
    PRIMARY KEY (target_id, notice_id)
);
CREATE INDEX notification_waiting ON notification (target_id, notice_id) WHERE delivery_id IS NULL;
CREATE INDEX notification_by_time ON notification (at);

ALTER TABLE schedule ADD COLUMN notice_minutes int NOT NULL DEFAULT 60;
-- The time that people were told of last.
ALTER TABLE schedule ADD COLUMN noticed_at timestamptz;
CREATE INDEX schedule_by_due ON schedule (due_at) WHERE due_at IS NOT NULL;
