// Package mail sends letters out: its settings, the queue of letters, the job that hands them to the mail server, and the
// letter a client gets for his request. A letter is written in the transaction of what it is about and named after it, so it
// is written once; it leaves by a job with a lease and growing pauses, under a Message-ID that never changes, until the
// server has taken it:
//
//	Put ──► waiting ──► sent
//	           ├─► failed   the server refused it for good, or has not taken it for three days
//	           └─► dropped  it is not worth sending any more
//
// A server that is down for a while loses nothing. Only if the program dies between the server's yes and our note of it is
// a letter handed over again, with the same Message-ID, by which mail programs show it once. Reading mail is not done here.
package mail
