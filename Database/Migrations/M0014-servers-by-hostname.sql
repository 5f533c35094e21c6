-- The list of servers by hostname, a page at a time, however many there are.
CREATE INDEX source_server_by_hostname ON source_server (hostname, source_server_id);
