-- What the audit must look for by itself: spokes that fell silent, and journals that grew after their executions' ends.

-- Since when nothing is heard of a spoke, as far as the audit has been told.
ALTER TABLE spoke ADD COLUMN lost_at timestamptz;

CREATE INDEX execution_ended ON execution (ended_at) WHERE ended_at IS NOT NULL;
