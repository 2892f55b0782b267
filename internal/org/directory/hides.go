package directory

import "voronka/internal/org/access"

// Hides tells whether some role hides a field. What everybody sees, a title above all, isn't made of such a field.
func (d *Directory) Hides(recordType, field string) bool {
	for _, r := range d.book.Roles {
		for _, f := range r.Body.Fields {
			if f.Type == recordType && f.Field == field && f.Access == access.Hidden {
				return true
			}
		}
	}
	return false
}
