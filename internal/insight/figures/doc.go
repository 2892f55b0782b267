// Package figures works out what heads and owners look at: who misses and what it costs, how soon requests are taken, what
// stands where with whom, what becomes of requests by source, what happened yesterday. It reads what the other rooms have
// written down and changes nothing but the price of a lead. Everything is under the reader's rights: people he may see, records
// he may see.
package figures
