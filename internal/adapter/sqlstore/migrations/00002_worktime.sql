-- +goose Up
-- What departments (owner "department") and people ("person") say of their working time; that of the portal is a setting.
CREATE TABLE schedule (
  owner {{key}} NOT NULL,
  owner_id BIGINT NOT NULL,
  doc TEXT NOT NULL,
  PRIMARY KEY (owner, owner_id)
);
-- Days of a country's calendar as the portal has edited them, over those the program brings.
CREATE TABLE calendar_day (
  country {{key}} NOT NULL,
  day {{key}} NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL DEFAULT '',
  moved_from {{key}} NOT NULL DEFAULT '',
  PRIMARY KEY (country, day)
);
CREATE TABLE absence (
  id {{pk}},
  user_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  first_day {{key}} NOT NULL,
  last_day {{key}} NOT NULL,
  from_minute BIGINT NOT NULL DEFAULT 0,
  to_minute BIGINT NOT NULL DEFAULT 0,
  substitute_id BIGINT NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX absence_user ON absence (user_id, last_day);
CREATE INDEX absence_last ON absence (last_day, id);
-- A working day is its intervals: of work and of pauses between them; the one that goes on has to_at 0.
CREATE TABLE day_span (
  id {{pk}},
  user_id BIGINT NOT NULL,
  day {{key}} NOT NULL,
  kind TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  to_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX day_span_open ON day_span (user_id) WHERE to_at = 0;
CREATE INDEX day_span_user ON day_span (user_id, day);
CREATE TABLE day_correction (
  id {{pk}},
  user_id BIGINT NOT NULL,
  day {{key}} NOT NULL,
  at BIGINT NOT NULL,
  by_id BIGINT NOT NULL,
  reason TEXT NOT NULL,
  old_spans TEXT NOT NULL,
  new_spans TEXT NOT NULL
);
CREATE INDEX day_correction_user ON day_correction (user_id, day);

-- A deadline in working time can be counted anew: from when, how much work. 0 work: by the clock on the wall.
ALTER TABLE deadline ADD COLUMN from_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deadline ADD COLUMN work_ms BIGINT NOT NULL DEFAULT 0;
CREATE INDEX deadline_user ON deadline (user_id, id) WHERE state = 'open';
