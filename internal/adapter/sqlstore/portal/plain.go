package portal

import (
	"regexp"
	"strings"

	"voronka/internal/adapter/sqlstore/migrations"
)

// kind is a column's type in the words of both databases.
func kind(typ, collation string) string {
	switch typ = strings.ToUpper(typ); {
	case typ == migrations.KeyType, typ == "TEXT" && collation == "C":
		return "key"
	case typ == "INTEGER", typ == "BIGINT":
		return "integer"
	case typ == "TEXT":
		return "text"
	case typ == "BLOB", typ == "BYTEA":
		return "blob"
	}
	return strings.ToLower(typ)
}

var cast = regexp.MustCompile(`::[a-z ]+`)

// plainDefault strips what PostgreSQL writes around a default: 'new'::text, '0'::bigint.
func plainDefault(s string) string {
	s = cast.ReplaceAllString(s, "")
	if bare := strings.Trim(s, "'"); bare != "" && strings.Trim(bare, "-0123456789") == "" {
		return bare
	}
	return s
}

// plainPredicate strips casts, brackets and spaces, so that both spellings of a predicate are one.
func plainPredicate(s string) string {
	s = cast.ReplaceAllString(s, "")
	return strings.Join(strings.Fields(strings.NewReplacer("(", "", ")", "").Replace(s)), " ")
}

func part(column string, falling bool) string {
	column = strings.Trim(column, `"`)
	if falling {
		return column + " DESC"
	}
	return column
}
