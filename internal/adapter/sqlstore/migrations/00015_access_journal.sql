-- +goose Up
-- Who entered, whom he looked at, what he carried out, which rights and settings he changed. type is the code of a record
-- type, '' for lines about no record; data is JSON. Nothing points here: lines outlive people and records.
CREATE TABLE access_entry (
  id {{pk}},
  at BIGINT NOT NULL,
  user_id BIGINT NOT NULL DEFAULT 0,
  kind {{key}} NOT NULL,
  ip {{key}} NOT NULL DEFAULT '',
  agent TEXT NOT NULL DEFAULT '',
  token_id BIGINT NOT NULL DEFAULT 0,
  type {{key}} NOT NULL DEFAULT '',
  record_id BIGINT NOT NULL DEFAULT 0,
  data TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX access_entry_at ON access_entry (at, id);
CREATE INDEX access_entry_user ON access_entry (user_id, at, id);
CREATE INDEX access_entry_kind ON access_entry (kind, at, id);
CREATE INDEX access_entry_ip ON access_entry (ip, at, id);
CREATE INDEX access_entry_record ON access_entry (type, record_id, at, id) WHERE record_id > 0;
