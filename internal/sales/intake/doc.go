// Package intake turns a request that came from outside into a record, in one transaction: the request is written down as
// it came, phones and e-mails are normalised, a known client is recognised, his open lead or deal reused, otherwise a new
// one made and offered by the drum of the intake key. Whatever was understood or not, nothing a client wrote is lost.
// How requests travel (HTTP, forms) is the adapters' business.
package intake
