-- People who signed in by a browser, and how they do.

-- A sign-in that has begun: the browser is at the issuer, and has ten minutes to come back. Taken out when it does.
CREATE TABLE sign_in (
    cookie_hash bytea PRIMARY KEY,
    issuer      text NOT NULL,
    state_hash  bytea NOT NULL,
    -- Sealed (AES-256-GCM): the nonce and PKCE's verifier.
    secrets     bytea NOT NULL,
    return_path text NOT NULL,
    expires_at  timestamptz NOT NULL
);
CREATE INDEX sign_in_expiry ON sign_in (expires_at);

-- The cookie's value is never stored, only its hash.
CREATE TABLE browser_session (
    session_id            uuid PRIMARY KEY,
    token_hash            bytea NOT NULL CONSTRAINT browser_session_token_unique UNIQUE,
    -- The cookie before it was changed, which requests under way may still bring for some seconds.
    previous_hash         bytea,
    previous_until        timestamptz,
    must_rotate           boolean NOT NULL DEFAULT false,
    issuer                text NOT NULL,
    subject               text NOT NULL,
    client_id             text NOT NULL,
    name                  text NOT NULL,
    display_name          text,
    email                 text,
    groups                text[] NOT NULL,
    -- The refresh token, sealed (AES-256-GCM); NULL for a session that is never refreshed.
    refresh_token         bytea,
    -- Until when the groups are known to be right without asking the issuer.
    fresh_until           timestamptz NOT NULL,
    -- Whoever refreshes has until then; the others wait, or go on with what is known.
    refresh_claimed_until timestamptz,
    -- The issuer was away: it is not asked again before.
    refresh_after         timestamptz,
    created_at            timestamptz NOT NULL,
    last_seen_at          timestamptz NOT NULL,
    ends_at               timestamptz NOT NULL,
    source_address        text NOT NULL,
    user_agent            text
);
CREATE INDEX browser_session_previous ON browser_session (previous_hash);
CREATE INDEX browser_session_newest ON browser_session (created_at DESC, session_id DESC);
CREATE INDEX browser_session_of_person ON browser_session (issuer, subject, created_at DESC, session_id DESC);
CREATE INDEX browser_session_end ON browser_session (ends_at);
CREATE INDEX browser_session_idle ON browser_session (last_seen_at);

-- A way in when no issuer can be reached, made on the hub's own machine; good once.
CREATE TABLE break_glass_code (
    code_hash  bytea PRIMARY KEY,
    name       text NOT NULL,
    reason     text NOT NULL,
    role       text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX break_glass_code_expiry ON break_glass_code (expires_at);
