-- Executions of DRS's own recovery plans that DRS works on now: their servers are in use.
CREATE TABLE native_execution (
    execution_arn     text NOT NULL,
    account_id        text NOT NULL CONSTRAINT native_execution_account REFERENCES account ON DELETE CASCADE,
    region            text NOT NULL,
    plan_arn          text,
    plan_name         text,
    status            text NOT NULL,
    started_at        timestamptz,
    source_server_ids text[] NOT NULL,
    -- When DRS last showed it: what nobody could ask about for long does not stand in the way any more.
    seen_at           timestamptz NOT NULL,
    PRIMARY KEY (account_id, region, execution_arn)
);
