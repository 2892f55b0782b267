// Package pipeline is how pipelines come, change and go, with the reasons of losing and the making of codes. Their data
// is part of schema.Catalog; single stages are room stage's. Who may change them is asked here: administrators.
package pipeline
