-- +goose Up
-- A removed form stays as a row: what people opened before is still to come, and requests keep naming it.
ALTER TABLE intake_key ADD COLUMN removed_at BIGINT NOT NULL DEFAULT 0;

-- What a visitor agreed to, word for word, once for all requests that saw these words. The hash is over language and text.
CREATE TABLE consent (
  id {{pk}},
  hash {{key}} NOT NULL,
  lang TEXT NOT NULL,
  text TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE UNIQUE INDEX consent_hash ON consent (hash);

-- The visits that led to a request, as JSON; the consent given with it, 0 when none was asked for.
ALTER TABLE request ADD COLUMN attribution TEXT NOT NULL DEFAULT '';
ALTER TABLE request ADD COLUMN consent_id BIGINT NOT NULL DEFAULT 0;

-- Requests a person looks at before they are let in.
CREATE TABLE held_request (
  id {{pk}},
  at BIGINT NOT NULL,
  intake_key_id BIGINT NOT NULL,
  reason TEXT NOT NULL,
  dedupe {{key}} NOT NULL DEFAULT '',
  payload TEXT NOT NULL,
  attribution TEXT NOT NULL DEFAULT '',
  consent TEXT NOT NULL DEFAULT '',
  state {{key}} NOT NULL,
  decided_at BIGINT NOT NULL DEFAULT 0,
  decided_by BIGINT NOT NULL DEFAULT 0,
  request_id BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX held_request_dedupe ON held_request (dedupe) WHERE dedupe <> '';
CREATE INDEX held_request_state ON held_request (state, id);
CREATE INDEX held_request_key ON held_request (intake_key_id, state, id);
CREATE INDEX held_request_decided ON held_request (state, decided_at);
