-- +goose Up
-- Drums that were there before policies go on dealing round the clock.
ALTER TABLE drum ADD COLUMN policy TEXT NOT NULL DEFAULT '{"hours":"always"}';
-- Weights are hundredths from now on.
UPDATE drum_member SET weight = weight * 100;
ALTER TABLE drum_member ADD COLUMN cap BIGINT NOT NULL DEFAULT 0;
-- How much working time an offer gives and when its clock stands still until it is due; the source it is dealt in portions
-- of; who had the record first.
ALTER TABLE offer ADD COLUMN work_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE offer ADD COLUMN pauses TEXT NOT NULL DEFAULT '[]';
ALTER TABLE offer ADD COLUMN portion {{key}} NOT NULL DEFAULT '';
ALTER TABLE offer ADD COLUMN first_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX offer_waiting ON offer (drum_id, portion, id) WHERE state = 'waiting';
CREATE INDEX offer_running ON offer (drum_id, user_id) WHERE state = 'offered';
CREATE INDEX offer_dealt ON offer (drum_id, id);
CREATE INDEX offer_day ON offer (drum_id, state, decided_at);
