-- +goose Up
-- Rules say who a record goes to. The last one, which catches everything, is here only once somebody has changed it.
CREATE TABLE routing_rule (
  id {{pk}},
  code {{key}} NOT NULL,
  title TEXT NOT NULL,
  pos BIGINT NOT NULL,
  fallback BIGINT NOT NULL DEFAULT 0,
  active BIGINT NOT NULL DEFAULT 1,
  tree TEXT NOT NULL DEFAULT '',
  target_kind TEXT NOT NULL,
  target_id BIGINT NOT NULL DEFAULT 0,
  target_way TEXT NOT NULL DEFAULT '',
  turn_id BIGINT NOT NULL DEFAULT 0, -- who of a department got the last record
  removed_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX routing_rule_code ON routing_rule (code);
-- How records stand with the rules: by which one they went where they are, or who has fixed them.
CREATE TABLE routing (
  type_id BIGINT NOT NULL,
  record_id BIGINT NOT NULL,
  rule_id BIGINT NOT NULL DEFAULT 0,
  target_kind TEXT NOT NULL DEFAULT '',
  target_id BIGINT NOT NULL DEFAULT 0,
  target_way TEXT NOT NULL DEFAULT '',
  routed_by TEXT NOT NULL,
  user_id BIGINT NOT NULL DEFAULT 0,
  at BIGINT NOT NULL,
  rounds BIGINT NOT NULL DEFAULT 0,
  round_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (type_id, record_id)
);
