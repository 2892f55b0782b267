// Package deadline is the one mechanism of being late (decision 6): a row says of what, for whom and until when; a job
// finds it by its due time; what happens then is said once per kind. Rows fire once and are caught up after a restart.
// Nothing waits in memory. What a miss means is not known here.
package deadline
