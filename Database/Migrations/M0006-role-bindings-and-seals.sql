-- Who has which role in which accounts, and the seals under which the audit cannot be rewritten unseen.

CREATE TABLE role_binding (
    binding_id   uuid PRIMARY KEY,
    kind         text NOT NULL CONSTRAINT role_binding_kind_label CHECK (kind IN ('GROUP', 'SUBJECT', 'CLIENT_SCOPE')),
    name         text NOT NULL,
    role         text NOT NULL CONSTRAINT role_binding_role_label CHECK (role IN
        ('DRSOrchestrationAdmin', 'DRSRecoveryManager', 'DRSPlanManager', 'DRSOperator', 'DRSReadOnly')),
    -- NULL: all accounts, those to come too. Never empty: nobody is bound to nothing.
    account_ids  text[] CONSTRAINT role_binding_accounts CHECK (cardinality(account_ids) > 0),
    description  text NOT NULL,
    created_at   timestamptz NOT NULL,
    modified_at  timestamptz NOT NULL,
    created_by   text NOT NULL,
    revision     bigint NOT NULL DEFAULT 1,
    CONSTRAINT role_binding_unique UNIQUE (kind, name, role)
);
CREATE INDEX role_binding_by_name ON role_binding (name, binding_id);

-- The event as RFC 8785 text, byte for byte as it is hashed; the other columns repeat it for searching.
ALTER TABLE audit_event ADD COLUMN event text;
UPDATE audit_event SET event = '{"accountIds":' || array_to_json(account_ids)::text
    || ',"action":' || to_json(action)::text
    || ',"at":"' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '"'
    || coalesce(',"detail":' || to_json(detail)::text, '')
    || ',"eventId":"' || event_id || '"'
    || coalesce(',"newRevision":' || new_revision, '')
    || coalesce(',"oldRevision":' || old_revision, '')
    || ',"outcome":' || to_json(outcome)::text
    || ',"principal":' || to_json(principal)::text
    || coalesce(',"requestId":' || to_json(request_id)::text, '')
    || coalesce(',"sourceAddress":' || to_json(source_address)::text, '')
    || coalesce(',"subjectId":' || to_json(subject_id)::text, '')
    || coalesce(',"subjectKind":' || to_json(subject_kind)::text, '') || '}';
ALTER TABLE audit_event ALTER COLUMN event SET NOT NULL;
ALTER TABLE audit_event ADD CONSTRAINT audit_event_outcome_label CHECK (outcome IN ('DONE', 'REFUSED'));
CREATE INDEX audit_event_by_principal ON audit_event (principal, at DESC, event_id DESC);
CREATE INDEX audit_event_by_action ON audit_event (action, at DESC, event_id DESC);
CREATE INDEX audit_event_by_subject ON audit_event (subject_id, at DESC, event_id DESC);

-- Events that wait for their seal; a trigger puts them here, so that none is missed whoever writes it.
CREATE TABLE audit_pending (
    event_id uuid PRIMARY KEY
);
CREATE FUNCTION audit_event_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_pending (event_id) SELECT event_id FROM added;
    RETURN NULL;
END
$$;
CREATE TRIGGER audit_event_waits AFTER INSERT ON audit_event
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION audit_event_waits();
INSERT INTO audit_pending (event_id) SELECT event_id FROM audit_event;

-- The chain: each hash covers the event's text and the hash before. Inserted only, by whoever holds the sealer's lock.
CREATE TABLE audit_seal (
    sequence bigint PRIMARY KEY,
    event_id uuid NOT NULL CONSTRAINT audit_seal_once UNIQUE,
    hash     text NOT NULL
);

-- Signed heads: where the chain, and the journals that grew meanwhile, had come to. Inserted only.
CREATE TABLE audit_head (
    number    bigint PRIMARY KEY,
    sequence  bigint NOT NULL,
    -- RFC 8785 text, byte for byte as it is signed.
    document  text NOT NULL,
    key_id    text NOT NULL,
    signature text NOT NULL
);

-- Up to where each execution's journal stands in a signed head: a note of the sealer's, of which nothing is proved.
CREATE TABLE journal_mark (
    execution_id uuid PRIMARY KEY,
    sequence     bigint NOT NULL
);
