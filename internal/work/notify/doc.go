// Package notify tells people what concerns them: an offer was made to them, they missed one, a client has asked again. What
// happened is heard as an event and becomes a notice, one row for each person, event and kind, however often the event is
// heard. The row is the bell; by the person's choice the same notice is also shown on open pages, pushed to his devices and
// sent as a letter. Outside his working time what disturbs is held back and told in one piece when he works again, except
// for kinds he wants at once.
//
// A pushed offer carries a word of action: signed, for this offer and person only, good once and until the deadline. With it
// the offer is taken without opening the page. Rooms don't call this one; they emit events. Letters are sent by mail.
package notify
