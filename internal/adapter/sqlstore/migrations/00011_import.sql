-- +goose Up
-- Files of rows that come in as requests, and how far each is. columns and heads are JSON.
CREATE TABLE import (
  id {{pk}},
  created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL,
  file_id BIGINT NOT NULL,
  file_hash TEXT NOT NULL,
  file_name TEXT NOT NULL,
  size BIGINT NOT NULL,
  encoding TEXT NOT NULL,
  separator TEXT NOT NULL,
  header BIGINT NOT NULL,
  columns TEXT NOT NULL,
  heads TEXT NOT NULL,
  intake_key_id BIGINT NOT NULL DEFAULT 0,
  source TEXT NOT NULL DEFAULT '',
  state {{key}} NOT NULL,
  total BIGINT NOT NULL,
  row_no BIGINT NOT NULL DEFAULT 0,
  byte_no BIGINT NOT NULL DEFAULT 0,
  added BIGINT NOT NULL DEFAULT 0,
  repeated BIGINT NOT NULL DEFAULT 0,
  broken BIGINT NOT NULL DEFAULT 0,
  started_at BIGINT NOT NULL DEFAULT 0,
  finished_at BIGINT NOT NULL DEFAULT 0
);

-- Rows that didn't come in, as they were, with the message why.
CREATE TABLE import_row (
  import_id BIGINT NOT NULL,
  row_no BIGINT NOT NULL,
  message TEXT NOT NULL,
  args TEXT NOT NULL,
  cells TEXT NOT NULL,
  PRIMARY KEY (import_id, row_no)
){{clustered}};
