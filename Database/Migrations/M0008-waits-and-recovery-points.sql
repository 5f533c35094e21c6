-- What a queued job waits for, as far as its journal says.
ALTER TABLE execution_job
    ADD COLUMN wait_kind text
        CONSTRAINT execution_job_wait_label CHECK (wait_kind IN ('QUOTA', 'CONFLICT', 'AWS')),
    ADD COLUMN waits_since timestamptz,
    ADD CONSTRAINT execution_job_wait_has_begin CHECK ((wait_kind IS NULL) = (waits_since IS NULL)),
    ADD CONSTRAINT execution_job_only_queued_waits CHECK (wait_kind IS NULL OR state = 'QUEUED');

-- What a person chose to launch the server from instead of what the plan says.
ALTER TABLE execution_server
    ADD COLUMN recovery_point text
        CONSTRAINT execution_server_recovery_point_form
            CHECK (recovery_point = 'LATEST' OR recovery_point ~ '^pit-[0-9a-zA-Z]{17}$');
