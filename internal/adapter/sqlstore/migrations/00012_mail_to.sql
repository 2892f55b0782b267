-- +goose Up
-- Letters to an address are counted by the mailbox behind it, however it was written: lower case, without "+tag". Letters
-- from before aren't counted: that matters for a day.
ALTER TABLE mail ADD COLUMN to_key {{key}} NOT NULL DEFAULT '';
DROP INDEX mail_to;
CREATE INDEX mail_to ON mail (to_key, created_at);
