-- +goose Up
-- One text for both databases. {{pk}} is a number never reused, {{key}} a text compared byte by byte, {{blob}} bytes. A
-- {{clustered}} table lies in the order of its primary key where the database can do that.
-- Truth is 0 or 1, moments are milliseconds UTC, 0 in a *_id that is NOT NULL means "nobody" or "nothing".

CREATE TABLE setting (
  key {{key}} PRIMARY KEY,
  value TEXT NOT NULL
);
-- What nodes keep in memory, each with a number that grows when it changes: schema, org, sales.
CREATE TABLE version (
  name {{key}} PRIMARY KEY,
  n BIGINT NOT NULL
);

-- People ---------------------------------------------------------------------------------------------------------
CREATE TABLE department (
  id {{pk}},
  parent_id BIGINT NOT NULL DEFAULT 0,
  title TEXT NOT NULL,
  head_id BIGINT NOT NULL DEFAULT 0,
  pos BIGINT NOT NULL,
  pos_end BIGINT NOT NULL,
  sort BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE department_deputy (
  department_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  PRIMARY KEY (department_id, user_id)
);
CREATE TABLE users (
  id {{pk}},
  email TEXT NOT NULL,
  email_key {{key}} NOT NULL,
  name TEXT NOT NULL,
  name_key {{key}} NOT NULL,
  password_hash TEXT NOT NULL DEFAULT '',
  role TEXT NOT NULL,
  department_id BIGINT NOT NULL DEFAULT 0,
  position TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  lang TEXT NOT NULL,
  zone TEXT NOT NULL,
  prefs TEXT NOT NULL DEFAULT '{}',
  active BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_email ON users (email_key);
CREATE INDEX users_department ON users (department_id);
CREATE TABLE session (
  id {{pk}},
  token_hash {{key}} NOT NULL,
  user_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ip TEXT NOT NULL DEFAULT '',
  agent TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX session_token ON session (token_hash);
CREATE INDEX session_owner ON session (user_id);
CREATE TABLE api_token (
  id {{pk}},
  token_hash {{key}} NOT NULL,
  user_id BIGINT NOT NULL,
  title TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL DEFAULT 0,
  expires_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX api_token_token ON api_token (token_hash);
CREATE INDEX api_token_user ON api_token (user_id);

-- Record types ---------------------------------------------------------------------------------------------------
CREATE TABLE record_type (
  id {{pk}},
  code {{key}} NOT NULL,
  title_ru TEXT NOT NULL,
  title_en TEXT NOT NULL,
  plural_ru TEXT NOT NULL,
  plural_en TEXT NOT NULL,
  builtin BIGINT NOT NULL DEFAULT 0,
  staged BIGINT NOT NULL DEFAULT 0,
  sort BIGINT NOT NULL DEFAULT 0,
  removed_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX record_type_code ON record_type (code);
CREATE TABLE field (
  id {{pk}},
  type_id BIGINT NOT NULL,
  code {{key}} NOT NULL,
  kind TEXT NOT NULL,
  title_ru TEXT NOT NULL,
  title_en TEXT NOT NULL,
  col {{key}} NOT NULL,
  builtin BIGINT NOT NULL DEFAULT 0,
  required BIGINT NOT NULL DEFAULT 0,
  uniq BIGINT NOT NULL DEFAULT 0,
  personal BIGINT NOT NULL DEFAULT 0,
  indexed BIGINT NOT NULL DEFAULT 0,
  scale BIGINT NOT NULL DEFAULT 0,
  link_type TEXT NOT NULL DEFAULT '',
  default_value TEXT NOT NULL DEFAULT '',
  sort BIGINT NOT NULL DEFAULT 0,
  removed_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX field_code ON field (type_id, code);
CREATE TABLE list_value (
  id {{pk}},
  field_id BIGINT NOT NULL,
  code {{key}} NOT NULL,
  title_ru TEXT NOT NULL,
  title_en TEXT NOT NULL,
  color BIGINT NOT NULL DEFAULT 0,
  sort BIGINT NOT NULL DEFAULT 0,
  removed_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX list_value_code ON list_value (field_id, code);

-- Many-valued fields of all types --------------------------------------------------------------------------------
CREATE TABLE link (
  from_type BIGINT NOT NULL,
  from_id BIGINT NOT NULL,
  field_id BIGINT NOT NULL,
  to_type BIGINT NOT NULL,
  to_id BIGINT NOT NULL,
  role TEXT NOT NULL DEFAULT '',
  pos BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (from_type, from_id, field_id, to_type, to_id)
);
CREATE INDEX link_back ON link (to_type, to_id, field_id, from_id);
CREATE TABLE phone (
  type_id BIGINT NOT NULL,
  record_id BIGINT NOT NULL,
  field_id BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  kind TEXT NOT NULL DEFAULT '',
  value TEXT NOT NULL,
  normalised {{key}} NOT NULL,
  tail {{key}} NOT NULL DEFAULT '', -- the last four digits, which is what people remember of a number
  PRIMARY KEY (type_id, record_id, field_id, pos)
);
CREATE INDEX phone_normalised ON phone (normalised, type_id, record_id);
CREATE INDEX phone_tail ON phone (tail, type_id, record_id);
CREATE TABLE email (
  type_id BIGINT NOT NULL,
  record_id BIGINT NOT NULL,
  field_id BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  kind TEXT NOT NULL DEFAULT '',
  value TEXT NOT NULL,
  normalised {{key}} NOT NULL,
  PRIMARY KEY (type_id, record_id, field_id, pos)
);
CREATE INDEX email_normalised ON email (normalised, type_id, record_id);
CREATE TABLE choice (
  type_id BIGINT NOT NULL,
  record_id BIGINT NOT NULL,
  field_id BIGINT NOT NULL,
  value_id BIGINT NOT NULL,
  PRIMARY KEY (type_id, record_id, field_id, value_id)
);
CREATE INDEX choice_value ON choice (field_id, value_id, record_id);
CREATE TABLE attachment (
  type_id BIGINT NOT NULL,
  record_id BIGINT NOT NULL,
  field_id BIGINT NOT NULL,
  file_id BIGINT NOT NULL,
  pos BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (type_id, record_id, field_id, file_id)
);
CREATE INDEX attachment_file ON attachment (file_id);
CREATE TABLE observer (
  type_id BIGINT NOT NULL,
  record_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  PRIMARY KEY (type_id, record_id, user_id)
);
CREATE INDEX observer_user ON observer (user_id, type_id, record_id);
CREATE TABLE file (
  id {{pk}},
  hash {{key}} NOT NULL,
  size BIGINT NOT NULL,
  name TEXT NOT NULL,
  mime TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX file_hash ON file (hash);
CREATE TABLE external_ref (
  system {{key}} NOT NULL,
  type_id BIGINT NOT NULL,
  external_id {{key}} NOT NULL,
  record_id BIGINT NOT NULL,
  PRIMARY KEY (system, type_id, external_id)
);
CREATE INDEX external_ref_record ON external_ref (type_id, record_id);

-- History --------------------------------------------------------------------------------------------------------
CREATE TABLE journal (
  id {{pk}},
  at BIGINT NOT NULL,
  type_id BIGINT NOT NULL,
  record_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  actor_id BIGINT NOT NULL DEFAULT 0,
  cause TEXT NOT NULL,
  diff TEXT NOT NULL,
  version BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX journal_record ON journal (type_id, record_id, id);
CREATE TABLE journal_personal (
  journal_id BIGINT NOT NULL,
  field {{key}} NOT NULL,
  diff TEXT NOT NULL,
  PRIMARY KEY (journal_id, field)
);
CREATE TABLE visit (
  id {{pk}},
  type_id BIGINT NOT NULL,
  record_id BIGINT NOT NULL,
  pipeline_id BIGINT NOT NULL,
  stage_id BIGINT NOT NULL,
  responsible_id BIGINT NOT NULL,
  entered_at BIGINT NOT NULL,
  left_at BIGINT NOT NULL DEFAULT 0,
  wall_seconds BIGINT NOT NULL DEFAULT 0,
  work_seconds BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX visit_record ON visit (type_id, record_id, id);
CREATE INDEX visit_stage ON visit (stage_id, entered_at);
CREATE TABLE bin (
  id {{pk}},
  type_id BIGINT NOT NULL,
  record_id BIGINT NOT NULL,
  title TEXT NOT NULL,
  deleted_at BIGINT NOT NULL,
  deleted_by BIGINT NOT NULL,
  responsible_id BIGINT NOT NULL,
  department_id BIGINT NOT NULL,
  dept_pos BIGINT NOT NULL,
  pipeline_id BIGINT NOT NULL,
  stage_id BIGINT NOT NULL,
  doc TEXT NOT NULL
);
CREATE UNIQUE INDEX bin_record ON bin (type_id, record_id);
CREATE INDEX bin_deleted ON bin (deleted_at);

-- Totals of what lies on the stages, kept in the same transaction. The order of the keys is that of the sums of a board.
CREATE TABLE total_dept (
  type_id BIGINT NOT NULL,
  pipeline_id BIGINT NOT NULL,
  stage_id BIGINT NOT NULL,
  department_id BIGINT NOT NULL,
  currency {{key}} NOT NULL,
  n BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  base BIGINT NOT NULL,
  PRIMARY KEY (pipeline_id, stage_id, currency, department_id, type_id)
){{clustered}};
CREATE TABLE total_user (
  type_id BIGINT NOT NULL,
  pipeline_id BIGINT NOT NULL,
  responsible_id BIGINT NOT NULL,
  stage_id BIGINT NOT NULL,
  department_id BIGINT NOT NULL,
  currency {{key}} NOT NULL,
  n BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  base BIGINT NOT NULL,
  PRIMARY KEY (pipeline_id, responsible_id, stage_id, department_id, currency, type_id)
){{clustered}};
CREATE TABLE currency_rate (
  currency {{key}} NOT NULL,
  day {{key}} NOT NULL,
  rate BIGINT NOT NULL,
  PRIMARY KEY (currency, day)
);

-- Pipelines ------------------------------------------------------------------------------------------------------
CREATE TABLE pipeline (
  id {{pk}},
  type_id BIGINT NOT NULL,
  code {{key}} NOT NULL,
  title_ru TEXT NOT NULL,
  title_en TEXT NOT NULL,
  sort BIGINT NOT NULL DEFAULT 0,
  removed_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX pipeline_code ON pipeline (type_id, code);
CREATE TABLE stage (
  id {{pk}},
  pipeline_id BIGINT NOT NULL,
  code {{key}} NOT NULL,
  title_ru TEXT NOT NULL,
  title_en TEXT NOT NULL,
  kind TEXT NOT NULL,
  color BIGINT NOT NULL DEFAULT 0,
  sort BIGINT NOT NULL DEFAULT 0,
  limit_seconds BIGINT NOT NULL DEFAULT 0,
  goal TEXT NOT NULL DEFAULT '',
  business_role TEXT NOT NULL DEFAULT '',
  task TEXT NOT NULL DEFAULT '',
  product TEXT NOT NULL DEFAULT '',
  instruction TEXT NOT NULL DEFAULT '',
  removed_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX stage_code ON stage (pipeline_id, code);
CREATE TABLE lost_reason (
  id {{pk}},
  type_id BIGINT NOT NULL,
  code {{key}} NOT NULL,
  title_ru TEXT NOT NULL,
  title_en TEXT NOT NULL,
  sort BIGINT NOT NULL DEFAULT 0,
  removed_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX lost_reason_code ON lost_reason (type_id, code);

-- Deadlines and incidents ----------------------------------------------------------------------------------------
CREATE TABLE deadline (
  id {{pk}},
  kind TEXT NOT NULL,
  type_id BIGINT NOT NULL,
  record_id BIGINT NOT NULL,
  subject_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  warn_at BIGINT NOT NULL DEFAULT 0,
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX deadline_record ON deadline (type_id, record_id, state);
CREATE INDEX deadline_subject ON deadline (kind, subject_id);
CREATE TABLE incident (
  id {{pk}},
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  department_id BIGINT NOT NULL,
  dept_pos BIGINT NOT NULL,
  drum_id BIGINT NOT NULL DEFAULT 0,
  type_id BIGINT NOT NULL,
  record_id BIGINT NOT NULL,
  subject_id BIGINT NOT NULL DEFAULT 0,
  due_at BIGINT NOT NULL,
  data TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX incident_user ON incident (user_id, at);
CREATE INDEX incident_dept ON incident (dept_pos, at);
CREATE INDEX incident_record ON incident (type_id, record_id);
CREATE INDEX incident_at ON incident (at);

-- Requests, forms, drums -----------------------------------------------------------------------------------------
CREATE TABLE intake_key (
  id {{pk}},
  code {{key}} NOT NULL,
  key {{key}} NOT NULL,
  title TEXT NOT NULL,
  channel TEXT NOT NULL,
  source TEXT NOT NULL DEFAULT '',
  pipeline_id BIGINT NOT NULL DEFAULT 0,
  drum_id BIGINT NOT NULL DEFAULT 0,
  responsible_id BIGINT NOT NULL DEFAULT 0,
  lang TEXT NOT NULL DEFAULT 'ru',
  options TEXT NOT NULL DEFAULT '{}',
  active BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX intake_key_code ON intake_key (code);
CREATE UNIQUE INDEX intake_key_key ON intake_key (key);
CREATE TABLE request (
  id {{pk}},
  at BIGINT NOT NULL,
  intake_key_id BIGINT NOT NULL,
  channel TEXT NOT NULL,
  source TEXT NOT NULL,
  dedupe {{key}} NOT NULL DEFAULT '',
  payload TEXT NOT NULL,
  type_id BIGINT NOT NULL DEFAULT 0,
  record_id BIGINT NOT NULL DEFAULT 0,
  repeat_of BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX request_record ON request (type_id, record_id);
CREATE UNIQUE INDEX request_dedupe ON request (dedupe) WHERE dedupe <> '';
CREATE INDEX request_key ON request (intake_key_id, id);
CREATE TABLE client_key (
  key {{key}} PRIMARY KEY,
  type_id BIGINT NOT NULL,
  record_id BIGINT NOT NULL
);
CREATE INDEX client_key_record ON client_key (type_id, record_id);
CREATE TABLE drum (
  id {{pk}},
  code {{key}} NOT NULL,
  title TEXT NOT NULL,
  take_seconds BIGINT NOT NULL,
  misses_to_head BIGINT NOT NULL DEFAULT 4,
  head_id BIGINT NOT NULL DEFAULT 0,
  take_stage_id BIGINT NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT '{}',
  active BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX drum_code ON drum (code);
CREATE TABLE drum_member (
  drum_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  pos BIGINT NOT NULL,
  weight BIGINT NOT NULL DEFAULT 1,
  active BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (drum_id, user_id)
);
CREATE INDEX drum_member_user ON drum_member (user_id);
CREATE TABLE offer (
  id {{pk}},
  drum_id BIGINT NOT NULL,
  type_id BIGINT NOT NULL,
  record_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  round BIGINT NOT NULL,
  state TEXT NOT NULL,
  offered_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  decided_at BIGINT NOT NULL DEFAULT 0,
  decided_by BIGINT NOT NULL DEFAULT 0,
  reasons TEXT NOT NULL DEFAULT '[]'
);
-- Open is what isn't decided yet: offered, escalated to the head, or waiting for somebody who can take it.
CREATE UNIQUE INDEX offer_open ON offer (type_id, record_id) WHERE decided_at = 0;
CREATE INDEX offer_record ON offer (type_id, record_id, id);
CREATE INDEX offer_user ON offer (user_id, state, due_at);
CREATE INDEX offer_drum ON offer (drum_id, state, id);

-- Later and elsewhere --------------------------------------------------------------------------------------------
CREATE TABLE outbox (
  id {{pk}},
  seq BIGINT,
  type TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX outbox_seq ON outbox (seq);
CREATE TABLE subscription (
  name {{key}} PRIMARY KEY,
  seq BIGINT NOT NULL
);
CREATE TABLE job (
  id {{pk}},
  kind {{key}} NOT NULL,
  key {{key}},
  due_at BIGINT NOT NULL,
  payload TEXT NOT NULL DEFAULT '{}',
  attempt BIGINT NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'waiting',
  lease_until BIGINT NOT NULL DEFAULT 0,
  fence BIGINT NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX job_key ON job (kind, key);
CREATE INDEX job_due ON job (state, due_at, id);
CREATE TABLE idempotency (
  key {{key}} NOT NULL,
  user_id BIGINT NOT NULL,
  hash {{key}} NOT NULL,
  at BIGINT NOT NULL,
  status BIGINT NOT NULL DEFAULT 0,
  answer {{blob}},
  PRIMARY KEY (key, user_id)
);
CREATE INDEX idempotency_at ON idempotency (at);

INSERT INTO version (name, n) VALUES ('schema', 1), ('org', 1), ('sales', 1);
