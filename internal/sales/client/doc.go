// Package client recognises people and companies by their phones and e-mails. Each normalised phone and e-mail is a key
// that leads to one record: a contact before a company before a lead. Keys follow the records by a hook, so what a
// person types in a card is recognised as well as what came with a request. Only exact matches count here; likeness is
// another matter.
package client
