CREATE FUNCTION public.audit_event_waits() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO audit_pending (event_id) SELECT event_id FROM added;
    RETURN NULL;
END
$$;

CREATE TABLE public.access_finding (
    account_id text NOT NULL,
    region text NOT NULL,
    checks jsonb NOT NULL,
    checked_at timestamp with time zone NOT NULL
);

CREATE TABLE public.account (
    account_id text NOT NULL,
    account_name text NOT NULL,
    regions text[] NOT NULL,
    spoke_principals text[] NOT NULL,
    owner text,
    tags jsonb DEFAULT '{}'::jsonb NOT NULL,
    external_id text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    modified_at timestamp with time zone NOT NULL,
    revision bigint DEFAULT 1 NOT NULL,
    CONSTRAINT account_id_is_12_digits CHECK ((account_id ~ '^[0-9]{12}$'::text)),
    CONSTRAINT account_name_length CHECK (((char_length(account_name) >= 1) AND (char_length(account_name) <= 128)))
);

CREATE TABLE public.agent_challenge (
    nonce_hash bytea NOT NULL,
    region text NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE public.agent_session (
    session_id uuid NOT NULL,
    spoke_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    stream_closed_at timestamp with time zone
);

CREATE TABLE public.agent_session_account (
    session_id uuid NOT NULL,
    account_id text NOT NULL,
    regions text[] NOT NULL
);

CREATE TABLE public.audit_event (
    event_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    principal text NOT NULL,
    action text NOT NULL,
    subject_kind text,
    subject_id text,
    account_ids text[] DEFAULT '{}'::text[] NOT NULL,
    source_address text,
    request_id text,
    outcome text NOT NULL,
    old_revision bigint,
    new_revision bigint,
    detail text,
    event text NOT NULL,
    CONSTRAINT audit_event_outcome_label CHECK ((outcome = ANY (ARRAY['DONE'::text, 'REFUSED'::text])))
);

CREATE TABLE public.audit_head (
    number bigint NOT NULL,
    sequence bigint NOT NULL,
    document text NOT NULL,
    key_id text NOT NULL,
    signature text NOT NULL
);

CREATE TABLE public.audit_pending (
    event_id uuid NOT NULL
);

CREATE TABLE public.audit_seal (
    sequence bigint NOT NULL,
    event_id uuid NOT NULL,
    hash text NOT NULL
);

CREATE TABLE public.break_glass_code (
    code_hash bytea NOT NULL,
    name text NOT NULL,
    reason text NOT NULL,
    role text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.browser_session (
    session_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    previous_hash bytea,
    previous_until timestamp with time zone,
    must_rotate boolean DEFAULT false NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    client_id text NOT NULL,
    name text NOT NULL,
    display_name text,
    email text,
    groups text[] NOT NULL,
    refresh_token bytea,
    fresh_until timestamp with time zone NOT NULL,
    refresh_claimed_until timestamp with time zone,
    refresh_after timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    source_address text NOT NULL,
    user_agent text
);

CREATE TABLE public.campaign (
    campaign_id uuid NOT NULL,
    campaign_name text NOT NULL,
    reason text NOT NULL,
    most_at_once integer NOT NULL,
    most_per_account integer,
    stop_after_failures integer,
    patience_minutes integer NOT NULL,
    clean_up_after_hours integer,
    status text NOT NULL,
    started_by text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT campaign_ended CHECK (((status = ANY (ARRAY['COMPLETED'::text, 'PARTIAL'::text, 'FAILED'::text, 'CANCELLED'::text])) = (ended_at IS NOT NULL))),
    CONSTRAINT campaign_status_label CHECK ((status = ANY (ARRAY['RUNNING'::text, 'STOPPING'::text, 'CANCELLING'::text, 'COMPLETED'::text, 'PARTIAL'::text, 'FAILED'::text, 'CANCELLED'::text])))
);

CREATE TABLE public.campaign_item (
    campaign_id uuid NOT NULL,
    "position" integer NOT NULL,
    plan_id uuid NOT NULL,
    plan_name text NOT NULL,
    account_ids text[] NOT NULL,
    state text NOT NULL,
    execution_id uuid,
    look_at timestamp with time zone,
    detail text,
    begun_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT campaign_item_state_label CHECK ((state = ANY (ARRAY['WAITING'::text, 'RUNNING'::text, 'PASSED'::text, 'FAILED'::text, 'SKIPPED'::text])))
);

CREATE TABLE public.campaign_report (
    report_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    version bigint NOT NULL,
    occasion text NOT NULL,
    why text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    document text NOT NULL,
    seal_document text NOT NULL,
    signature text NOT NULL,
    CONSTRAINT campaign_report_version_positive CHECK ((version > 0))
);

CREATE TABLE public.command (
    command_id uuid NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    account_id text NOT NULL,
    region text NOT NULL,
    execution_id uuid,
    state text NOT NULL,
    is_recovery boolean NOT NULL,
    server_count bigint NOT NULL,
    body text NOT NULL,
    attempt bigint DEFAULT 0 NOT NULL,
    term bigint DEFAULT 0 NOT NULL,
    session_id uuid,
    spoke_id uuid,
    lease_until timestamp with time zone,
    not_before timestamp with time zone NOT NULL,
    is_unclear boolean DEFAULT false NOT NULL,
    sequence bigint DEFAULT 0 NOT NULL,
    problem_code text,
    problem_text text,
    result jsonb,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    is_barred boolean DEFAULT false NOT NULL,
    trace text,
    CONSTRAINT command_ended_iff_terminal CHECK (((ended_at IS NOT NULL) = (state = ANY (ARRAY['DONE'::text, 'FAILED'::text, 'WITHDRAWN'::text])))),
    CONSTRAINT command_kind_label CHECK ((kind = ANY (ARRAY['SYNC_INVENTORY'::text, 'LAUNCH'::text, 'TERMINATE_INSTANCES'::text, 'VALIDATE_ACCESS'::text, 'CHECK_SERVERS'::text, 'PUBLISH'::text]))),
    CONSTRAINT command_lease_iff_leased CHECK (((lease_until IS NOT NULL) = (state = 'LEASED'::text))),
    CONSTRAINT command_state_label CHECK ((state = ANY (ARRAY['QUEUED'::text, 'HELD'::text, 'READY'::text, 'LEASED'::text, 'DONE'::text, 'FAILED'::text, 'WITHDRAWN'::text])))
);

CREATE TABLE public.execution (
    execution_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    plan_name text NOT NULL,
    plan_revision bigint NOT NULL,
    execution_type text NOT NULL,
    status text NOT NULL,
    reason text,
    started_by text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    declared_at timestamp with time zone,
    ended_at timestamp with time zone,
    version bigint NOT NULL,
    recovery_time_objective_minutes bigint,
    control jsonb NOT NULL,
    verdict jsonb,
    journal_sequence bigint NOT NULL,
    journal_head text NOT NULL,
    hidden_at timestamp with time zone,
    trace text,
    CONSTRAINT execution_ended_iff_terminal CHECK (((ended_at IS NOT NULL) = (status = ANY (ARRAY['COMPLETED'::text, 'PARTIAL'::text, 'FAILED'::text, 'CANCELLED'::text])))),
    CONSTRAINT execution_status_label CHECK ((status = ANY (ARRAY['PENDING'::text, 'INITIATED'::text, 'RUNNING'::text, 'PAUSED'::text, 'CANCELLING'::text, 'COMPLETED'::text, 'PARTIAL'::text, 'FAILED'::text, 'CANCELLED'::text]))),
    CONSTRAINT execution_type_label CHECK ((execution_type = ANY (ARRAY['DRILL'::text, 'RECOVERY'::text])))
);

CREATE TABLE public.execution_baseline (
    execution_id uuid NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    readiness jsonb,
    checked_at timestamp with time zone,
    servers jsonb NOT NULL
);

CREATE TABLE public.execution_job (
    execution_id uuid NOT NULL,
    key text NOT NULL,
    wave_number bigint NOT NULL,
    account_id text NOT NULL,
    region text NOT NULL,
    source_server_ids text[] NOT NULL,
    state text NOT NULL,
    job_id text,
    accepted_at timestamp with time zone,
    ended_at timestamp with time zone,
    wait_kind text,
    waits_since timestamp with time zone,
    CONSTRAINT execution_job_only_queued_waits CHECK (((wait_kind IS NULL) OR (state = 'QUEUED'::text))),
    CONSTRAINT execution_job_state_label CHECK ((state = ANY (ARRAY['QUEUED'::text, 'ACCEPTED'::text, 'ENDED'::text, 'WITHDRAWN'::text, 'REFUSED'::text]))),
    CONSTRAINT execution_job_wait_has_begin CHECK (((wait_kind IS NULL) = (waits_since IS NULL))),
    CONSTRAINT execution_job_wait_label CHECK ((wait_kind = ANY (ARRAY['QUOTA'::text, 'CONFLICT'::text, 'AWS'::text])))
);

CREATE TABLE public.execution_place (
    execution_id uuid NOT NULL,
    account_id text NOT NULL,
    region text NOT NULL
);

CREATE TABLE public.execution_plan (
    execution_id uuid NOT NULL,
    frozen_plan jsonb NOT NULL
);

CREATE TABLE public.execution_server (
    execution_id uuid NOT NULL,
    source_server_id text NOT NULL,
    wave_number bigint NOT NULL,
    status text NOT NULL,
    launch_status text,
    job_id text,
    recovery_instance_id text,
    instance_state text,
    attempts bigint NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    error text,
    note text,
    recovery_point text,
    CONSTRAINT execution_server_ended_iff_settled CHECK (((ended_at IS NOT NULL) = (status = ANY (ARRAY['LAUNCHED'::text, 'FAILED'::text, 'SKIPPED'::text, 'CANCELLED'::text])))),
    CONSTRAINT execution_server_instance_label CHECK ((instance_state = ANY (ARRAY['RUNNING'::text, 'TERMINATING'::text, 'TERMINATED'::text, 'TERMINATION_FAILED'::text]))),
    CONSTRAINT execution_server_recovery_point_form CHECK (((recovery_point = 'LATEST'::text) OR (recovery_point ~ '^pit-[0-9a-zA-Z]{17}$'::text))),
    CONSTRAINT execution_server_status_label CHECK ((status = ANY (ARRAY['PENDING'::text, 'QUEUED'::text, 'IN_PROGRESS'::text, 'LAUNCHED'::text, 'FAILED'::text, 'SKIPPED'::text, 'CANCELLED'::text])))
);

CREATE TABLE public.execution_wave (
    execution_id uuid NOT NULL,
    wave_number bigint NOT NULL,
    status text NOT NULL,
    waiting_for text,
    gate jsonb NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT execution_wave_ended_iff_settled CHECK (((ended_at IS NOT NULL) = (status = ANY (ARRAY['COMPLETED'::text, 'PARTIAL'::text, 'FAILED'::text, 'CANCELLED'::text, 'SKIPPED'::text])))),
    CONSTRAINT execution_wave_status_label CHECK ((status = ANY (ARRAY['PENDING'::text, 'PAUSED'::text, 'STARTED'::text, 'LAUNCHING'::text, 'POLLING'::text, 'COMPLETED'::text, 'PARTIAL'::text, 'FAILED'::text, 'CANCELLED'::text, 'SKIPPED'::text]))),
    CONSTRAINT execution_wave_waiting_label CHECK ((waiting_for = ANY (ARRAY['PAUSE'::text, 'APPROVAL'::text])))
);

CREATE TABLE public.finding (
    finding_id uuid NOT NULL,
    revision bigint NOT NULL,
    execution_id uuid NOT NULL,
    title text NOT NULL,
    detail text,
    severity text NOT NULL,
    cause text,
    owner text,
    due_on date,
    ticket text,
    risk_acceptance text,
    retest_execution_id uuid,
    state text NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT finding_severity_label CHECK ((severity = ANY (ARRAY['CRITICAL'::text, 'HIGH'::text, 'MEDIUM'::text, 'LOW'::text]))),
    CONSTRAINT finding_state_label CHECK ((state = ANY (ARRAY['OPEN'::text, 'ACCEPTED'::text, 'CLOSED'::text])))
);

CREATE TABLE public.group_conflict (
    group_id uuid NOT NULL,
    source_server_id text NOT NULL,
    holder_group_id uuid NOT NULL
);

CREATE TABLE public.group_member (
    source_server_id text NOT NULL,
    group_id uuid NOT NULL,
    added_at timestamp with time zone NOT NULL,
    CONSTRAINT group_member_server_form CHECK ((source_server_id ~ '^s-[0-9a-z]{17}$'::text))
);

CREATE TABLE public.idempotency_key (
    principal text NOT NULL,
    path text NOT NULL,
    key text NOT NULL,
    body_hash bytea NOT NULL,
    status bigint NOT NULL,
    headers jsonb NOT NULL,
    body text,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.inventory_page (
    account_id text NOT NULL,
    region text NOT NULL,
    sync_token text NOT NULL,
    page bigint NOT NULL,
    body text NOT NULL,
    received_at timestamp with time zone NOT NULL
);

CREATE TABLE public.inventory_sync (
    account_id text NOT NULL,
    region text NOT NULL,
    is_initialized boolean DEFAULT true NOT NULL,
    synced_at timestamp with time zone,
    sync_token text,
    problem_code text,
    problem_text text,
    quotas jsonb,
    is_served boolean DEFAULT false NOT NULL,
    is_old boolean DEFAULT true NOT NULL
);

CREATE TABLE public.job_log_item (
    item_id bigint NOT NULL,
    execution_id uuid NOT NULL,
    wave_number bigint NOT NULL,
    account_id text NOT NULL,
    region text NOT NULL,
    job_id text NOT NULL,
    at timestamp with time zone NOT NULL,
    event text NOT NULL,
    source_server_id text DEFAULT ''::text NOT NULL,
    detail text
);

ALTER TABLE public.job_log_item ALTER COLUMN item_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.job_log_item_item_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.journal_event (
    execution_id uuid NOT NULL,
    sequence bigint NOT NULL,
    event text NOT NULL,
    hash text NOT NULL
);

CREATE TABLE public.journal_mark (
    execution_id uuid NOT NULL,
    sequence bigint NOT NULL
);

CREATE TABLE public.jwks (
    issuer text NOT NULL,
    document text NOT NULL,
    fetched_at timestamp with time zone NOT NULL
);

CREATE TABLE public.native_execution (
    execution_arn text NOT NULL,
    account_id text NOT NULL,
    region text NOT NULL,
    plan_arn text,
    plan_name text,
    status text NOT NULL,
    started_at timestamp with time zone,
    source_server_ids text[] NOT NULL,
    seen_at timestamp with time zone NOT NULL
);

CREATE TABLE public.notification (
    notice_id uuid NOT NULL,
    target_id uuid NOT NULL,
    delivery_id uuid,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    account_ids text[] NOT NULL,
    plan_id uuid,
    execution_id uuid,
    title text NOT NULL,
    text text NOT NULL
);

CREATE TABLE public.notification_delivery (
    delivery_id uuid NOT NULL,
    target_id uuid NOT NULL,
    state text NOT NULL,
    notices integer NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    document text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    attempts_allowed integer NOT NULL,
    next_at timestamp with time zone,
    problem text,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT notification_delivery_ended CHECK ((((state = ANY (ARRAY['DELIVERED'::text, 'DEAD'::text])) = (ended_at IS NOT NULL)) AND ((next_at IS NULL) = (ended_at IS NOT NULL)))),
    CONSTRAINT notification_delivery_state_label CHECK ((state = ANY (ARRAY['WAITING'::text, 'SENDING'::text, 'WITH_SPOKE'::text, 'DELIVERED'::text, 'DEAD'::text])))
);

CREATE TABLE public.notification_target (
    target_id uuid NOT NULL,
    target_name text NOT NULL,
    description text NOT NULL,
    kind text NOT NULL,
    address jsonb NOT NULL,
    secret bytea,
    event_kinds text[] NOT NULL,
    account_ids text[],
    plan_ids uuid[],
    is_enabled boolean NOT NULL,
    rest_seconds integer DEFAULT 0 NOT NULL,
    rests_until timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    modified_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    revision bigint DEFAULT 1 NOT NULL,
    CONSTRAINT notification_target_kind_label CHECK ((kind = ANY (ARRAY['WEBHOOK'::text, 'SNS'::text, 'EMAIL'::text])))
);

CREATE TABLE public.observed_job (
    job_id text NOT NULL,
    account_id text NOT NULL,
    region text NOT NULL,
    type text NOT NULL,
    status text NOT NULL,
    started_at timestamp with time zone,
    source_server_ids text[] NOT NULL,
    command_key text
);

CREATE TABLE public.plan_group (
    plan_id uuid NOT NULL,
    group_id uuid NOT NULL
);

CREATE TABLE public.plan_readiness (
    plan_id uuid NOT NULL,
    state text NOT NULL,
    reasons jsonb NOT NULL,
    checked_at timestamp with time zone,
    doubts bigint DEFAULT 1 NOT NULL,
    due_at timestamp with time zone NOT NULL,
    CONSTRAINT plan_readiness_state_label CHECK ((state = ANY (ARRAY['VERIFIED'::text, 'NEEDS_CHECK'::text, 'NOT_READY'::text])))
);

CREATE TABLE public.protection_group (
    group_id uuid NOT NULL,
    group_name text NOT NULL,
    description text NOT NULL,
    account_id text NOT NULL,
    region text NOT NULL,
    selection_tags jsonb,
    created_at timestamp with time zone NOT NULL,
    modified_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    revision bigint DEFAULT 1 NOT NULL,
    CONSTRAINT protection_group_name_length CHECK (((char_length(group_name) >= 1) AND (char_length(group_name) <= 128)))
);

CREATE TABLE public.recovery_instance (
    recovery_instance_id text NOT NULL,
    account_id text NOT NULL,
    region text NOT NULL,
    source_server_id text,
    job_id text,
    is_drill boolean NOT NULL,
    state text NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    launched_at timestamp with time zone,
    instance_type text,
    termination_key text
);

CREATE TABLE public.recovery_plan (
    plan_id uuid NOT NULL,
    plan_name text NOT NULL,
    description text NOT NULL,
    ordering text NOT NULL,
    recovery_time_objective_minutes bigint,
    recovery_point_objective_seconds bigint,
    owner text,
    application text,
    waves jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    modified_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    revision bigint DEFAULT 1 NOT NULL,
    CONSTRAINT recovery_plan_name_length CHECK (((char_length(plan_name) >= 1) AND (char_length(plan_name) <= 128))),
    CONSTRAINT recovery_plan_ordering CHECK ((ordering = ANY (ARRAY['SEQUENTIAL'::text, 'DEPENDENCIES'::text])))
);

CREATE TABLE public.recovery_plan_version (
    plan_id uuid NOT NULL,
    revision bigint NOT NULL,
    body text NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    saved_by text NOT NULL
);

CREATE TABLE public.report (
    report_id uuid NOT NULL,
    execution_id uuid NOT NULL,
    version bigint NOT NULL,
    occasion text NOT NULL,
    why text NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    document text NOT NULL,
    seal_document text NOT NULL,
    signature text NOT NULL,
    CONSTRAINT report_version_positive CHECK ((version > 0))
);

CREATE TABLE public.report_entry (
    entry_id uuid NOT NULL,
    execution_id uuid NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    name text,
    role text,
    entered_by text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    CONSTRAINT report_entry_kind_label CHECK ((kind = ANY (ARRAY['PURPOSE'::text, 'SCENARIO'::text, 'RISK_REFERENCE'::text, 'ASSUMPTION'::text, 'SUCCESS_CRITERION'::text, 'EXPECTED_OUTCOME'::text, 'REGULATION'::text, 'THIRD_PARTY'::text, 'PLANNED_PARTICIPANT'::text, 'PARTICIPANT'::text, 'ABSENCE'::text, 'LAUNCH_SETTING'::text, 'PLAN_APPROVAL'::text, 'WAIVER'::text, 'SERVER_EVIDENCE'::text, 'VALIDATION'::text, 'MANUAL_STEP'::text, 'LESSON'::text, 'ISOLATION'::text, 'COST'::text, 'FAILBACK'::text, 'DISTRIBUTION'::text, 'SIGN_OFF'::text])))
);

CREATE TABLE public.report_entry_withdrawal (
    entry_id uuid NOT NULL,
    withdrawn_by text NOT NULL,
    withdrawn_at timestamp with time zone NOT NULL
);

CREATE TABLE public.report_print (
    report_id uuid NOT NULL,
    pdf bytea NOT NULL,
    made_at timestamp with time zone NOT NULL
);

CREATE TABLE public.role_binding (
    binding_id uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    account_ids text[],
    description text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    modified_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    revision bigint DEFAULT 1 NOT NULL,
    CONSTRAINT role_binding_accounts CHECK ((cardinality(account_ids) > 0)),
    CONSTRAINT role_binding_kind_label CHECK ((kind = ANY (ARRAY['GROUP'::text, 'SUBJECT'::text, 'CLIENT_SCOPE'::text]))),
    CONSTRAINT role_binding_role_label CHECK ((role = ANY (ARRAY['DRSOrchestrationAdmin'::text, 'DRSRecoveryManager'::text, 'DRSPlanManager'::text, 'DRSOperator'::text, 'DRSReadOnly'::text])))
);

CREATE TABLE public.schedule (
    schedule_id uuid NOT NULL,
    schedule_name text NOT NULL,
    plan_id uuid NOT NULL,
    description text NOT NULL,
    cron text NOT NULL,
    time_zone text NOT NULL,
    is_enabled boolean NOT NULL,
    blackouts jsonb NOT NULL,
    when_busy text NOT NULL,
    when_missed text NOT NULL,
    patience_minutes integer NOT NULL,
    clean_up_after_hours integer,
    due_at timestamp with time zone,
    look_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    modified_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    revision bigint DEFAULT 1 NOT NULL,
    notice_minutes integer DEFAULT 60 NOT NULL,
    noticed_at timestamp with time zone,
    CONSTRAINT schedule_when_busy_label CHECK ((when_busy = ANY (ARRAY['SKIP'::text, 'WAIT'::text]))),
    CONSTRAINT schedule_when_missed_label CHECK ((when_missed = ANY (ARRAY['SKIP'::text, 'START'::text])))
);

CREATE TABLE public.schedule_run (
    schedule_id uuid NOT NULL,
    due_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    execution_id uuid,
    detail text,
    CONSTRAINT schedule_run_outcome_label CHECK ((outcome = ANY (ARRAY['STARTED'::text, 'WAITING'::text, 'SKIPPED_BLACKOUT'::text, 'SKIPPED_BUSY'::text, 'MISSED'::text, 'REFUSED'::text])))
);

CREATE TABLE public.schema_migration (
    name text NOT NULL,
    "position" bigint NOT NULL,
    checksum bytea NOT NULL,
    applied_at timestamp with time zone NOT NULL
);

CREATE TABLE public.server_claim (
    source_server_id text NOT NULL,
    execution_id uuid NOT NULL
);

CREATE TABLE public.server_finding (
    source_server_id text NOT NULL,
    looked_at timestamp with time zone NOT NULL,
    has_launch_configuration boolean NOT NULL,
    has_recovery_point boolean NOT NULL,
    found_snapshot_ids text[] NOT NULL,
    gone_snapshot_ids text[] NOT NULL
);

CREATE TABLE public.sign_in (
    cookie_hash bytea NOT NULL,
    issuer text NOT NULL,
    state_hash bytea NOT NULL,
    secrets bytea NOT NULL,
    return_path text NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE public.source_server (
    source_server_id text NOT NULL,
    account_id text NOT NULL,
    region text NOT NULL,
    hostname text NOT NULL,
    tags jsonb NOT NULL,
    replication_state text NOT NULL,
    lag_seconds bigint,
    recovery_instance_id text,
    last_launch_type text,
    last_launch_at timestamp with time zone,
    last_launch_status text,
    CONSTRAINT source_server_id_form CHECK ((source_server_id ~ '^s-[0-9a-z]{17}$'::text))
);

CREATE TABLE public.spoke (
    spoke_id uuid NOT NULL,
    name text NOT NULL,
    principal text NOT NULL,
    version text NOT NULL,
    is_draining boolean DEFAULT false NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    lost_at timestamp with time zone
);

CREATE TABLE public.timer (
    key text NOT NULL,
    execution_id uuid NOT NULL,
    fires_at timestamp with time zone NOT NULL,
    event text NOT NULL
);

CREATE TABLE public.wall_link (
    link_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    execution_id uuid NOT NULL,
    label text,
    created_by text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.access_finding
    ADD CONSTRAINT access_finding_pkey PRIMARY KEY (account_id, region);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.agent_challenge
    ADD CONSTRAINT agent_challenge_pkey PRIMARY KEY (nonce_hash);

ALTER TABLE ONLY public.agent_session_account
    ADD CONSTRAINT agent_session_account_pkey PRIMARY KEY (session_id, account_id);

ALTER TABLE ONLY public.agent_session
    ADD CONSTRAINT agent_session_pkey PRIMARY KEY (session_id);

ALTER TABLE ONLY public.agent_session
    ADD CONSTRAINT agent_session_token_unique UNIQUE (token_hash);

ALTER TABLE ONLY public.audit_event
    ADD CONSTRAINT audit_event_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.audit_pending
    ADD CONSTRAINT audit_pending_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT audit_seal_once UNIQUE (event_id);

ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT audit_seal_pkey PRIMARY KEY (sequence);

ALTER TABLE ONLY public.break_glass_code
    ADD CONSTRAINT break_glass_code_pkey PRIMARY KEY (code_hash);

ALTER TABLE ONLY public.browser_session
    ADD CONSTRAINT browser_session_pkey PRIMARY KEY (session_id);

ALTER TABLE ONLY public.browser_session
    ADD CONSTRAINT browser_session_token_unique UNIQUE (token_hash);

ALTER TABLE ONLY public.campaign_item
    ADD CONSTRAINT campaign_item_pkey PRIMARY KEY (campaign_id, "position");

ALTER TABLE ONLY public.campaign
    ADD CONSTRAINT campaign_pkey PRIMARY KEY (campaign_id);

ALTER TABLE ONLY public.campaign_report
    ADD CONSTRAINT campaign_report_occasion_once UNIQUE (campaign_id, occasion);

ALTER TABLE ONLY public.campaign_report
    ADD CONSTRAINT campaign_report_pkey PRIMARY KEY (report_id);

ALTER TABLE ONLY public.campaign_report
    ADD CONSTRAINT campaign_report_version_once UNIQUE (campaign_id, version);

ALTER TABLE ONLY public.command
    ADD CONSTRAINT command_key_unique UNIQUE (key);

ALTER TABLE ONLY public.command
    ADD CONSTRAINT command_pkey PRIMARY KEY (command_id);

ALTER TABLE ONLY public.execution_baseline
    ADD CONSTRAINT execution_baseline_pkey PRIMARY KEY (execution_id);

ALTER TABLE ONLY public.execution_job
    ADD CONSTRAINT execution_job_pkey PRIMARY KEY (execution_id, key);

ALTER TABLE ONLY public.execution
    ADD CONSTRAINT execution_pkey PRIMARY KEY (execution_id);

ALTER TABLE ONLY public.execution_place
    ADD CONSTRAINT execution_place_pkey PRIMARY KEY (execution_id, account_id, region);

ALTER TABLE ONLY public.execution_plan
    ADD CONSTRAINT execution_plan_pkey PRIMARY KEY (execution_id);

ALTER TABLE ONLY public.execution_server
    ADD CONSTRAINT execution_server_pkey PRIMARY KEY (execution_id, source_server_id);

ALTER TABLE ONLY public.execution_wave
    ADD CONSTRAINT execution_wave_pkey PRIMARY KEY (execution_id, wave_number);

ALTER TABLE ONLY public.finding
    ADD CONSTRAINT finding_revision_once PRIMARY KEY (finding_id, revision);

ALTER TABLE ONLY public.group_conflict
    ADD CONSTRAINT group_conflict_pkey PRIMARY KEY (group_id, source_server_id);

ALTER TABLE ONLY public.group_member
    ADD CONSTRAINT group_member_server_unique PRIMARY KEY (source_server_id);

ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT idempotency_key_pkey PRIMARY KEY (principal, path, key);

ALTER TABLE ONLY public.inventory_page
    ADD CONSTRAINT inventory_page_pkey PRIMARY KEY (account_id, region, sync_token, page);

ALTER TABLE ONLY public.inventory_sync
    ADD CONSTRAINT inventory_sync_pkey PRIMARY KEY (account_id, region);

ALTER TABLE ONLY public.job_log_item
    ADD CONSTRAINT job_log_item_once UNIQUE (execution_id, job_id, at, event, source_server_id);

ALTER TABLE ONLY public.job_log_item
    ADD CONSTRAINT job_log_item_pkey PRIMARY KEY (item_id);

ALTER TABLE ONLY public.journal_event
    ADD CONSTRAINT journal_event_pkey PRIMARY KEY (execution_id, sequence);

ALTER TABLE ONLY public.journal_mark
    ADD CONSTRAINT journal_mark_pkey PRIMARY KEY (execution_id);

ALTER TABLE ONLY public.jwks
    ADD CONSTRAINT jwks_pkey PRIMARY KEY (issuer);

ALTER TABLE ONLY public.native_execution
    ADD CONSTRAINT native_execution_pkey PRIMARY KEY (account_id, region, execution_arn);

ALTER TABLE ONLY public.notification_delivery
    ADD CONSTRAINT notification_delivery_pkey PRIMARY KEY (delivery_id);

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT notification_pkey PRIMARY KEY (target_id, notice_id);

ALTER TABLE ONLY public.notification_target
    ADD CONSTRAINT notification_target_pkey PRIMARY KEY (target_id);

ALTER TABLE ONLY public.observed_job
    ADD CONSTRAINT observed_job_pkey PRIMARY KEY (account_id, region, job_id);

ALTER TABLE ONLY public.plan_group
    ADD CONSTRAINT plan_group_pkey PRIMARY KEY (plan_id, group_id);

ALTER TABLE ONLY public.plan_readiness
    ADD CONSTRAINT plan_readiness_pkey PRIMARY KEY (plan_id);

ALTER TABLE ONLY public.protection_group
    ADD CONSTRAINT protection_group_pkey PRIMARY KEY (group_id);

ALTER TABLE ONLY public.recovery_instance
    ADD CONSTRAINT recovery_instance_pkey PRIMARY KEY (recovery_instance_id);

ALTER TABLE ONLY public.recovery_plan
    ADD CONSTRAINT recovery_plan_pkey PRIMARY KEY (plan_id);

ALTER TABLE ONLY public.recovery_plan_version
    ADD CONSTRAINT recovery_plan_version_pkey PRIMARY KEY (plan_id, revision);

ALTER TABLE ONLY public.report_entry
    ADD CONSTRAINT report_entry_pkey PRIMARY KEY (entry_id);

ALTER TABLE ONLY public.report_entry_withdrawal
    ADD CONSTRAINT report_entry_withdrawal_pkey PRIMARY KEY (entry_id);

ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_occasion_once UNIQUE (execution_id, occasion);

ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_pkey PRIMARY KEY (report_id);

ALTER TABLE ONLY public.report_print
    ADD CONSTRAINT report_print_pkey PRIMARY KEY (report_id);

ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_version_once UNIQUE (execution_id, version);

ALTER TABLE ONLY public.role_binding
    ADD CONSTRAINT role_binding_pkey PRIMARY KEY (binding_id);

ALTER TABLE ONLY public.role_binding
    ADD CONSTRAINT role_binding_unique UNIQUE (kind, name, role);

ALTER TABLE ONLY public.schedule
    ADD CONSTRAINT schedule_pkey PRIMARY KEY (schedule_id);

ALTER TABLE ONLY public.schedule_run
    ADD CONSTRAINT schedule_run_pkey PRIMARY KEY (schedule_id, due_at);

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_name PRIMARY KEY (name);

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_position UNIQUE ("position");

ALTER TABLE ONLY public.server_claim
    ADD CONSTRAINT server_claim_unique PRIMARY KEY (source_server_id);

ALTER TABLE ONLY public.server_finding
    ADD CONSTRAINT server_finding_pkey PRIMARY KEY (source_server_id);

ALTER TABLE ONLY public.sign_in
    ADD CONSTRAINT sign_in_pkey PRIMARY KEY (cookie_hash);

ALTER TABLE ONLY public.source_server
    ADD CONSTRAINT source_server_pkey PRIMARY KEY (source_server_id);

ALTER TABLE ONLY public.spoke
    ADD CONSTRAINT spoke_pkey PRIMARY KEY (spoke_id);

ALTER TABLE ONLY public.spoke
    ADD CONSTRAINT spoke_principal_and_name_unique UNIQUE (principal, name);

ALTER TABLE ONLY public.timer
    ADD CONSTRAINT timer_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.wall_link
    ADD CONSTRAINT wall_link_pkey PRIMARY KEY (link_id);

ALTER TABLE ONLY public.wall_link
    ADD CONSTRAINT wall_link_token_unique UNIQUE (token_hash);

CREATE UNIQUE INDEX account_name_unique ON public.account USING btree (lower(account_name));

CREATE INDEX agent_challenge_expiry ON public.agent_challenge USING btree (expires_at);

CREATE INDEX agent_session_account_of_account ON public.agent_session_account USING btree (account_id);

CREATE INDEX agent_session_expiry ON public.agent_session USING btree (expires_at);

CREATE INDEX agent_session_of_spoke ON public.agent_session USING btree (spoke_id);

CREATE INDEX audit_event_by_action ON public.audit_event USING btree (action, at DESC, event_id DESC);

CREATE INDEX audit_event_by_principal ON public.audit_event USING btree (principal, at DESC, event_id DESC);

CREATE INDEX audit_event_by_subject ON public.audit_event USING btree (subject_id, at DESC, event_id DESC);

CREATE INDEX audit_event_newest ON public.audit_event USING btree (at DESC, event_id DESC);

CREATE INDEX break_glass_code_expiry ON public.break_glass_code USING btree (expires_at);

CREATE INDEX browser_session_end ON public.browser_session USING btree (ends_at);

CREATE INDEX browser_session_idle ON public.browser_session USING btree (last_seen_at);

CREATE INDEX browser_session_newest ON public.browser_session USING btree (created_at DESC, session_id DESC);

CREATE INDEX browser_session_of_person ON public.browser_session USING btree (issuer, subject, created_at DESC, session_id DESC);

CREATE INDEX browser_session_previous ON public.browser_session USING btree (previous_hash);

CREATE INDEX campaign_by_start ON public.campaign USING btree (started_at, campaign_id);

CREATE INDEX campaign_item_of_execution ON public.campaign_item USING btree (execution_id) WHERE (execution_id IS NOT NULL);

CREATE UNIQUE INDEX campaign_name_unique ON public.campaign USING btree (lower(campaign_name));

CREATE INDEX campaign_of_running ON public.campaign USING btree (started_at) WHERE (ended_at IS NULL);

CREATE INDEX command_ended ON public.command USING btree (ended_at) WHERE (execution_id IS NULL);

CREATE INDEX command_lease_expiry ON public.command USING btree (lease_until) WHERE (state = 'LEASED'::text);

CREATE INDEX command_look ON public.command USING btree (account_id, region, created_at) WHERE (kind = ANY (ARRAY['VALIDATE_ACCESS'::text, 'CHECK_SERVERS'::text]));

CREATE INDEX command_of_execution ON public.command USING btree (execution_id);

CREATE INDEX command_of_session ON public.command USING btree (session_id) WHERE (state = 'LEASED'::text);

CREATE INDEX command_queued ON public.command USING btree (account_id, region) WHERE (state = ANY (ARRAY['QUEUED'::text, 'READY'::text, 'LEASED'::text]));

CREATE INDEX command_ready ON public.command USING btree (account_id, is_recovery DESC, created_at) WHERE (state = 'READY'::text);

CREATE INDEX command_sync ON public.command USING btree (account_id, region, created_at) WHERE (kind = 'SYNC_INVENTORY'::text);

CREATE INDEX execution_active ON public.execution USING btree (execution_id) WHERE (ended_at IS NULL);

CREATE INDEX execution_cleaning ON public.execution USING btree (execution_id) WHERE (((control -> 'cleanUp'::text) ->> 'state'::text) = 'RUNNING'::text);

CREATE INDEX execution_ended ON public.execution USING btree (ended_at) WHERE (ended_at IS NOT NULL);

CREATE INDEX execution_job_of_job ON public.execution_job USING btree (job_id) WHERE (job_id IS NOT NULL);

CREATE INDEX execution_job_of_key ON public.execution_job USING btree (key);

CREATE INDEX execution_newest ON public.execution USING btree (started_at DESC, execution_id DESC);

CREATE INDEX execution_of_plan ON public.execution USING btree (plan_id, started_at DESC);

CREATE INDEX execution_place_of_account ON public.execution_place USING btree (account_id, execution_id DESC);

CREATE INDEX finding_of_execution ON public.finding USING btree (execution_id, finding_id, revision DESC);

CREATE INDEX group_conflict_of_holder ON public.group_conflict USING btree (holder_group_id);

CREATE INDEX group_member_of_group ON public.group_member USING btree (group_id);

CREATE INDEX idempotency_key_age ON public.idempotency_key USING btree (created_at);

CREATE INDEX inventory_page_age ON public.inventory_page USING btree (received_at);

CREATE INDEX job_log_item_oldest ON public.job_log_item USING btree (execution_id, at, item_id);

CREATE INDEX notification_by_time ON public.notification USING btree (at);

CREATE INDEX notification_delivery_by_end ON public.notification_delivery USING btree (ended_at) WHERE (ended_at IS NOT NULL);

CREATE INDEX notification_delivery_by_target ON public.notification_delivery USING btree (target_id, delivery_id);

CREATE INDEX notification_delivery_by_time ON public.notification_delivery USING btree (next_at) WHERE (next_at IS NOT NULL);

CREATE UNIQUE INDEX notification_target_name_unique ON public.notification_target USING btree (lower(target_name));

CREATE INDEX notification_waiting ON public.notification USING btree (target_id, notice_id) WHERE (delivery_id IS NULL);

CREATE INDEX plan_group_of_group ON public.plan_group USING btree (group_id);

CREATE INDEX plan_readiness_due ON public.plan_readiness USING btree (due_at);

CREATE INDEX plan_readiness_state ON public.plan_readiness USING btree (state, plan_id);

CREATE UNIQUE INDEX protection_group_name_unique ON public.protection_group USING btree (lower(group_name));

CREATE INDEX protection_group_of_place ON public.protection_group USING btree (account_id, region);

CREATE INDEX recovery_instance_of_place ON public.recovery_instance USING btree (account_id, region);

CREATE UNIQUE INDEX recovery_plan_name_unique ON public.recovery_plan USING btree (lower(plan_name));

CREATE INDEX report_entry_of_execution ON public.report_entry USING btree (execution_id, entered_at, entry_id);

CREATE INDEX report_made ON public.report USING btree (made_at);

CREATE INDEX role_binding_by_name ON public.role_binding USING btree (name, binding_id);

CREATE INDEX schedule_by_due ON public.schedule USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX schedule_by_look ON public.schedule USING btree (look_at) WHERE (look_at IS NOT NULL);

CREATE INDEX schedule_by_name ON public.schedule USING btree (schedule_name, schedule_id);

CREATE INDEX schedule_by_plan ON public.schedule USING btree (plan_id);

CREATE UNIQUE INDEX schedule_name_unique ON public.schedule USING btree (lower(schedule_name));

CREATE INDEX server_claim_of_execution ON public.server_claim USING btree (execution_id);

CREATE INDEX sign_in_expiry ON public.sign_in USING btree (expires_at);

CREATE INDEX source_server_by_hostname ON public.source_server USING btree (hostname, source_server_id);

CREATE INDEX source_server_of_place ON public.source_server USING btree (account_id, region, source_server_id);

CREATE INDEX source_server_tags ON public.source_server USING gin (tags jsonb_path_ops);

CREATE INDEX timer_due ON public.timer USING btree (fires_at);

CREATE INDEX timer_of_execution ON public.timer USING btree (execution_id);

CREATE INDEX wall_link_expiry ON public.wall_link USING btree (expires_at);

CREATE INDEX wall_link_of_execution ON public.wall_link USING btree (execution_id, created_at DESC, link_id DESC);

CREATE TRIGGER audit_event_waits AFTER INSERT ON public.audit_event REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.audit_event_waits();

ALTER TABLE ONLY public.access_finding
    ADD CONSTRAINT access_finding_account FOREIGN KEY (account_id) REFERENCES public.account(account_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.agent_session_account
    ADD CONSTRAINT agent_session_account_account FOREIGN KEY (account_id) REFERENCES public.account(account_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.agent_session_account
    ADD CONSTRAINT agent_session_account_session FOREIGN KEY (session_id) REFERENCES public.agent_session(session_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.agent_session
    ADD CONSTRAINT agent_session_spoke FOREIGN KEY (spoke_id) REFERENCES public.spoke(spoke_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.campaign_item
    ADD CONSTRAINT campaign_item_campaign FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.command
    ADD CONSTRAINT command_execution FOREIGN KEY (execution_id) REFERENCES public.execution(execution_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.execution_job
    ADD CONSTRAINT execution_job_execution FOREIGN KEY (execution_id) REFERENCES public.execution(execution_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.execution_place
    ADD CONSTRAINT execution_place_execution FOREIGN KEY (execution_id) REFERENCES public.execution(execution_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.execution_plan
    ADD CONSTRAINT execution_plan_execution FOREIGN KEY (execution_id) REFERENCES public.execution(execution_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.execution_server
    ADD CONSTRAINT execution_server_execution FOREIGN KEY (execution_id) REFERENCES public.execution(execution_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.execution_wave
    ADD CONSTRAINT execution_wave_execution FOREIGN KEY (execution_id) REFERENCES public.execution(execution_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.group_conflict
    ADD CONSTRAINT group_conflict_group FOREIGN KEY (group_id) REFERENCES public.protection_group(group_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.group_conflict
    ADD CONSTRAINT group_conflict_holder FOREIGN KEY (holder_group_id) REFERENCES public.protection_group(group_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.group_member
    ADD CONSTRAINT group_member_group FOREIGN KEY (group_id) REFERENCES public.protection_group(group_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.inventory_sync
    ADD CONSTRAINT inventory_sync_account FOREIGN KEY (account_id) REFERENCES public.account(account_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.job_log_item
    ADD CONSTRAINT job_log_item_execution FOREIGN KEY (execution_id) REFERENCES public.execution(execution_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.journal_event
    ADD CONSTRAINT journal_event_execution FOREIGN KEY (execution_id) REFERENCES public.execution(execution_id);

ALTER TABLE ONLY public.native_execution
    ADD CONSTRAINT native_execution_account FOREIGN KEY (account_id) REFERENCES public.account(account_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notification_delivery
    ADD CONSTRAINT notification_delivery_target FOREIGN KEY (target_id) REFERENCES public.notification_target(target_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.observed_job
    ADD CONSTRAINT observed_job_account FOREIGN KEY (account_id) REFERENCES public.account(account_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.plan_group
    ADD CONSTRAINT plan_group_group FOREIGN KEY (group_id) REFERENCES public.protection_group(group_id);

ALTER TABLE ONLY public.plan_group
    ADD CONSTRAINT plan_group_plan FOREIGN KEY (plan_id) REFERENCES public.recovery_plan(plan_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.plan_readiness
    ADD CONSTRAINT plan_readiness_plan FOREIGN KEY (plan_id) REFERENCES public.recovery_plan(plan_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.protection_group
    ADD CONSTRAINT protection_group_account FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.recovery_instance
    ADD CONSTRAINT recovery_instance_account FOREIGN KEY (account_id) REFERENCES public.account(account_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.report_entry_withdrawal
    ADD CONSTRAINT report_entry_withdrawal_entry FOREIGN KEY (entry_id) REFERENCES public.report_entry(entry_id);

ALTER TABLE ONLY public.report_print
    ADD CONSTRAINT report_print_report FOREIGN KEY (report_id) REFERENCES public.report(report_id);

ALTER TABLE ONLY public.schedule
    ADD CONSTRAINT schedule_plan FOREIGN KEY (plan_id) REFERENCES public.recovery_plan(plan_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.schedule_run
    ADD CONSTRAINT schedule_run_schedule FOREIGN KEY (schedule_id) REFERENCES public.schedule(schedule_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.server_claim
    ADD CONSTRAINT server_claim_execution FOREIGN KEY (execution_id) REFERENCES public.execution(execution_id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.server_finding
    ADD CONSTRAINT server_finding_server FOREIGN KEY (source_server_id) REFERENCES public.source_server(source_server_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.source_server
    ADD CONSTRAINT source_server_account FOREIGN KEY (account_id) REFERENCES public.account(account_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.timer
    ADD CONSTRAINT timer_execution FOREIGN KEY (execution_id) REFERENCES public.execution(execution_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.wall_link
    ADD CONSTRAINT wall_link_execution_id_fkey FOREIGN KEY (execution_id) REFERENCES public.execution(execution_id) ON DELETE CASCADE;
