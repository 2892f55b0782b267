-- +goose Up
-- What people are told, and the letters that leave the house.

-- One notice to one person. Its words are made when it is read, in the reader's language, from kind and args. held says by
-- which ways (see notify.Ways) it still has to be told once the person works again.
CREATE TABLE notice (
  id {{pk}},
  user_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  source {{key}} NOT NULL, -- what it is about; the same is told to a person once
  type_id BIGINT NOT NULL DEFAULT 0,
  record_id BIGINT NOT NULL DEFAULT 0,
  action TEXT NOT NULL DEFAULT '',
  subject_id BIGINT NOT NULL DEFAULT 0, -- of the action: the offer
  until_at BIGINT NOT NULL DEFAULT 0, -- when the action is over; 0 never
  args TEXT NOT NULL DEFAULT '{}',
  held BIGINT NOT NULL DEFAULT 0,
  read_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX notice_once ON notice (user_id, kind, source);
CREATE INDEX notice_user ON notice (user_id, id);
CREATE INDEX notice_unread ON notice (user_id, id) WHERE read_at = 0;
CREATE INDEX notice_held ON notice (user_id, id) WHERE held <> 0;
CREATE INDEX notice_at ON notice (at);
CREATE TABLE notice_choice (
  user_id BIGINT NOT NULL,
  kind {{key}} NOT NULL,
  ways BIGINT NOT NULL,
  PRIMARY KEY (user_id, kind)
);
CREATE TABLE push_subscription (
  id {{pk}},
  user_id BIGINT NOT NULL,
  session_id BIGINT NOT NULL DEFAULT 0, -- it is pushed to while this session lives; 0 always
  endpoint {{key}} NOT NULL,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  agent TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX push_subscription_endpoint ON push_subscription (endpoint);
CREATE INDEX push_subscription_user ON push_subscription (user_id);
-- Words of action that were redeemed: each works once.
CREATE TABLE push_spent (
  token {{key}} PRIMARY KEY,
  at BIGINT NOT NULL
);

-- Letters on their way out. A letter is written with the change it is about and sent by a job afterwards.
CREATE TABLE mail (
  id {{pk}},
  source {{key}} NOT NULL, -- what it is about; the same is written once
  message_id TEXT NOT NULL,
  to_address {{key}} NOT NULL,
  to_name TEXT NOT NULL DEFAULT '',
  lang TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL DEFAULT 0, -- not worth sending later; 0 always
  sent_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX mail_source ON mail (source);
CREATE INDEX mail_to ON mail (to_address, created_at);
CREATE INDEX mail_state ON mail (state, id);
CREATE INDEX mail_at ON mail (created_at);
-- The letter a client gets who came by a form or key.
CREATE TABLE client_letter (
  intake_key_id BIGINT PRIMARY KEY,
  active BIGINT NOT NULL DEFAULT 0,
  subject_ru TEXT NOT NULL DEFAULT '',
  body_ru TEXT NOT NULL DEFAULT '',
  subject_en TEXT NOT NULL DEFAULT '',
  body_en TEXT NOT NULL DEFAULT ''
);
