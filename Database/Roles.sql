-- What the hub's role may do: everything but DDL, and of the past only to add and to read.
-- Run by the owner after every migration; harmless when run again.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'muster_hub') THEN
        -- Before PostgreSQL 15 everybody may make tables there unless told otherwise.
        REVOKE CREATE ON SCHEMA public FROM PUBLIC;
        GRANT USAGE ON SCHEMA public TO muster_hub;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO muster_hub;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO muster_hub;
        REVOKE UPDATE, DELETE, TRUNCATE ON journal_event, audit_event, audit_seal, audit_head FROM muster_hub;
        REVOKE UPDATE, DELETE, TRUNCATE ON execution_baseline, report, report_print, report_entry,
            report_entry_withdrawal, finding, campaign_report FROM muster_hub;
        REVOKE INSERT, UPDATE, DELETE ON schema_migration FROM muster_hub;
        -- Everybody may make temporary tables unless told otherwise, and with them hide tables of ours from a statement.
        -- Only who owns the database can tell: where that is somebody else, they must (Docs/Operating.md).
        IF pg_has_role((SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE') THEN
            EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC, muster_hub', current_database());
        END IF;
    END IF;
END
$$;
