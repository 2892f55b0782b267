-- +goose Up
-- How people get in: invitations, the second factor, recovery, known devices; programs with an account of their own.
-- Of every secret that is told to somebody only the SHA-256 is here. The secret of a second factor can't be: codes are made
-- of it.

-- A service account is a program that holds roles: nobody signs in as it, and it is no person anywhere.
ALTER TABLE users ADD COLUMN service BIGINT NOT NULL DEFAULT 0;
-- How the session began: password, oidc, invitation, recovery, setup; '' before this was kept.
ALTER TABLE session ADD COLUMN way TEXT NOT NULL DEFAULT '';
-- What a token may be used for, and with which record types: words apart by spaces; no types are all.
ALTER TABLE api_token ADD COLUMN uses TEXT NOT NULL DEFAULT 'all';
ALTER TABLE api_token ADD COLUMN types TEXT NOT NULL DEFAULT '';
-- The letter holds a secret: its text goes when it is sent or given up.
ALTER TABLE mail ADD COLUMN secret BIGINT NOT NULL DEFAULT 0;

CREATE TABLE second_factor (
  user_id BIGINT PRIMARY KEY,
  secret {{blob}} NOT NULL,
  on_at BIGINT NOT NULL DEFAULT 0, -- 0: a first code is waited for
  step BIGINT NOT NULL DEFAULT 0 -- of the last code that was used; it and those before are good no more
);
CREATE TABLE recovery_code (
  code_hash {{key}} PRIMARY KEY,
  user_id BIGINT NOT NULL,
  used_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX recovery_code_user ON recovery_code (user_id);
-- Between the password and the second factor.
CREATE TABLE login_ticket (
  ticket_hash {{key}} PRIMARY KEY,
  user_id BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  way TEXT NOT NULL,
  tries BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX login_ticket_user ON login_ticket (user_id);
-- Browsers a person has signed in with. The cookie keeps the guesses of others from locking him out.
CREATE TABLE known_device (
  id {{pk}},
  user_id BIGINT NOT NULL,
  device_hash {{key}} NOT NULL,
  agent {{key}} NOT NULL, -- family: "Firefox/Linux"
  network {{key}} NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX known_device_secret ON known_device (device_hash, user_id);
CREATE INDEX known_device_user ON known_device (user_id, seen_at);
CREATE TABLE invitation (
  id {{pk}},
  link_hash {{key}} NOT NULL,
  email TEXT NOT NULL,
  email_key {{key}} NOT NULL,
  role TEXT NOT NULL,
  department_id BIGINT NOT NULL DEFAULT 0,
  position TEXT NOT NULL DEFAULT '',
  lang TEXT NOT NULL,
  invited_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  sent_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  times BIGINT NOT NULL DEFAULT 1, -- links made, the present one included
  roles TEXT NOT NULL DEFAULT '[]' -- access roles the person shall hold besides
);
CREATE UNIQUE INDEX invitation_link ON invitation (link_hash);
CREATE UNIQUE INDEX invitation_email ON invitation (email_key);
-- Links to a new password.
CREATE TABLE password_link (
  link_hash {{key}} PRIMARY KEY,
  user_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX password_link_user ON password_link (user_id);
