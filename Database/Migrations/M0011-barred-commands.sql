-- A launch that people paused or cancelled while a spoke had it: whoever gets it next may find its job, not start one.
ALTER TABLE command ADD COLUMN is_barred boolean NOT NULL DEFAULT false;
