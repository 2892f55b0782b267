-- +goose Up
-- What tells a company beside its phones and e-mails: tax number, domain, name. Several companies may share a sign.
CREATE TABLE company_sign (
  sign {{key}} NOT NULL,
  company_id BIGINT NOT NULL,
  field {{key}} NOT NULL,
  PRIMARY KEY (sign, company_id, field)
){{clustered}};
CREATE INDEX company_sign_company ON company_sign (company_id, field);
