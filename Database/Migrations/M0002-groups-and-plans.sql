-- Protection groups and recovery plans.

CREATE TABLE protection_group (
    group_id       uuid PRIMARY KEY,
    group_name     text NOT NULL
        CONSTRAINT protection_group_name_length CHECK (char_length(group_name) BETWEEN 1 AND 128),
    description    text NOT NULL,
    account_id     text NOT NULL CONSTRAINT protection_group_account REFERENCES account,
    region         text NOT NULL,
    -- Null for a group of listed servers.
    selection_tags jsonb,
    created_at     timestamptz NOT NULL,
    modified_at    timestamptz NOT NULL,
    created_by     text NOT NULL,
    revision       bigint NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX protection_group_name_unique ON protection_group (lower(group_name));
CREATE INDEX protection_group_of_place ON protection_group (account_id, region);

-- A server belongs to at most one group, over all users and accounts: this key is the rule.
CREATE TABLE group_member (
    source_server_id text CONSTRAINT group_member_server_unique PRIMARY KEY
        CONSTRAINT group_member_server_form CHECK (source_server_id ~ '^s-[0-9a-z]{17}$'),
    group_id         uuid NOT NULL CONSTRAINT group_member_group REFERENCES protection_group ON DELETE CASCADE,
    added_at         timestamptz NOT NULL
);
CREATE INDEX group_member_of_group ON group_member (group_id);

-- Servers that a group's tags pick but another group holds.
CREATE TABLE group_conflict (
    group_id         uuid NOT NULL CONSTRAINT group_conflict_group REFERENCES protection_group ON DELETE CASCADE,
    source_server_id text NOT NULL,
    holder_group_id  uuid NOT NULL CONSTRAINT group_conflict_holder REFERENCES protection_group ON DELETE CASCADE,
    PRIMARY KEY (group_id, source_server_id)
);
CREATE INDEX group_conflict_of_holder ON group_conflict (holder_group_id);

CREATE TABLE recovery_plan (
    plan_id                          uuid PRIMARY KEY,
    plan_name                        text NOT NULL
        CONSTRAINT recovery_plan_name_length CHECK (char_length(plan_name) BETWEEN 1 AND 128),
    description                      text NOT NULL,
    ordering                         text NOT NULL
        CONSTRAINT recovery_plan_ordering CHECK (ordering IN ('SEQUENTIAL', 'DEPENDENCIES')),
    recovery_time_objective_minutes  bigint,
    recovery_point_objective_seconds bigint,
    owner                            text,
    application                      text,
    waves                            jsonb NOT NULL,
    created_at                       timestamptz NOT NULL,
    modified_at                      timestamptz NOT NULL,
    created_by                       text NOT NULL,
    revision                         bigint NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX recovery_plan_name_unique ON recovery_plan (lower(plan_name));

-- Every revision a plan ever had, as it was saved.
CREATE TABLE recovery_plan_version (
    plan_id  uuid NOT NULL,
    revision bigint NOT NULL,
    body     text NOT NULL,
    saved_at timestamptz NOT NULL,
    saved_by text NOT NULL,
    PRIMARY KEY (plan_id, revision)
);

-- Which groups a plan's waves name, so that the database refuses to delete a group in use.
CREATE TABLE plan_group (
    plan_id  uuid NOT NULL CONSTRAINT plan_group_plan REFERENCES recovery_plan ON DELETE CASCADE,
    group_id uuid NOT NULL CONSTRAINT plan_group_group REFERENCES protection_group,
    PRIMARY KEY (plan_id, group_id)
);
CREATE INDEX plan_group_of_group ON plan_group (group_id);
