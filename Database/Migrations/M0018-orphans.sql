-- Drill instances that no execution owns: since when they are there, and what they cost.

-- When this hub was first shown it; an instance that was there before is younger here than it is. The default stays for
-- hubs of the release before, which go on beside this one during an upgrade.
ALTER TABLE recovery_instance ADD COLUMN first_seen_at timestamptz NOT NULL DEFAULT now();
-- What EC2 says, where it may be asked.
ALTER TABLE recovery_instance ADD COLUMN launched_at timestamptz;
ALTER TABLE recovery_instance ADD COLUMN instance_type text;

-- By its job an instance belongs to an execution.
CREATE INDEX execution_job_of_job ON execution_job (job_id) WHERE job_id IS NOT NULL;

-- The key of the last command to terminate it, because a person said so.
ALTER TABLE recovery_instance ADD COLUMN termination_key text;
