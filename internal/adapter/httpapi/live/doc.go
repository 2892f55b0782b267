// Package live tells browsers what happens, as it happens: one stream of server-sent events per browser at GET /api/live.
//
// Each reader hears only what his access plan lets him see; attributes before and after a change decide, so a record that
// left his sight is told as gone and nothing else about it. What is addressed to people (offers, incidents) reaches these
// people only. Every message has the number of its event as id: a browser that comes back says the last it had
// (Last-Event-ID) and gets what it missed, from any node and over restarts; when that is too old it gets "reset" and asks
// for everything anew. A reader who is too slow is cut off and resumes the same way.
//
// Messages: record {seq, type, id, event, stage, before_stage, fields, gone, actor, cause} · offer, incident, request
// {seq, event, …the event's data} · config {seq, name, …} · reset · and every 15 s a comment with an id.
package live
