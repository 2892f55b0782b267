-- +goose Up
-- An incident with a good reason stays in the journal and leaves the figures.
ALTER TABLE incident ADD COLUMN excused_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN excused_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN excuse TEXT NOT NULL DEFAULT '';
-- What was decided in a time, for shares and distributions.
CREATE INDEX offer_decided ON offer (decided_at) WHERE decided_at > 0;
CREATE INDEX request_at ON request (at);
