-- The step of a trace that began an execution or ordered a command, as W3C Trace Context writes it; old rows have none.
ALTER TABLE execution ADD COLUMN trace text;
ALTER TABLE command ADD COLUMN trace text;
