-- +goose Up
-- As whom people are known to providers of OpenID Connect: a subject is one person for ever, an e-mail address may get
-- another owner.
CREATE TABLE user_identity (
  id {{pk}},
  issuer {{key}} NOT NULL,
  subject {{key}} NOT NULL,
  user_id BIGINT NOT NULL,
  email TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX user_identity_subject ON user_identity (issuer, subject);
CREATE UNIQUE INDEX user_identity_user ON user_identity (user_id, issuer);
