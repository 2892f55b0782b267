package expr

// Limits keep hostile input cheap and every condition within what both databases take in one statement.
const (
	MaxLength = 64 << 10 // bytes of text or JSON
	MaxDepth  = 40       // nesting of and, or, not and brackets
	MaxTerms  = 200      // comparisons in one condition
	MaxList   = 1000     // values of one list
	MaxString = 1000     // characters of one string
	MaxHops   = 2        // links on one path
	MaxDigits = 30       // digits of one number
	MaxShift  = 100      // years a relative date may be away
)
