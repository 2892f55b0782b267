-- +goose Up
-- Access roles: what each says (body, '' for a fixed role that is as the program has it), who holds them, what was changed.
CREATE TABLE access_role (
  id {{pk}},
  code {{key}} NOT NULL,
  title TEXT NOT NULL DEFAULT '',
  fixed BIGINT NOT NULL DEFAULT 0,
  body TEXT NOT NULL DEFAULT '',
  version BIGINT NOT NULL DEFAULT 1,
  changed_at BIGINT NOT NULL DEFAULT 0,
  changed_by BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX access_role_code ON access_role (code);
INSERT INTO access_role (code, fixed) VALUES ('admin', 1);
INSERT INTO access_role (code, fixed) VALUES ('head', 1);
INSERT INTO access_role (code, fixed) VALUES ('manager', 1);
INSERT INTO access_role (code, fixed) VALUES ('employee', 1);
INSERT INTO access_role (code, fixed) VALUES ('guest', 1);
CREATE TABLE access_role_holder (
  role_id BIGINT NOT NULL,
  kind {{key}} NOT NULL,
  holder_id BIGINT NOT NULL,
  text_key {{key}} NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (role_id, kind, holder_id, text_key)
);
CREATE TABLE access_role_change (
  id {{pk}},
  role_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  was TEXT NOT NULL,
  becomes TEXT NOT NULL
);
CREATE INDEX access_role_change_role ON access_role_change (role_id, id);
CREATE TABLE user_group (
  id {{pk}},
  title TEXT NOT NULL
);
CREATE TABLE user_group_member (
  group_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  PRIMARY KEY (group_id, user_id)
);
CREATE TABLE stand_in (
  id {{pk}},
  user_id BIGINT NOT NULL,
  for_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  from_at BIGINT NOT NULL DEFAULT 0,
  until_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX stand_in_for ON stand_in (for_id);
-- An administrator looks with another's eyes in this session.
ALTER TABLE session ADD COLUMN look_as BIGINT NOT NULL DEFAULT 0;
