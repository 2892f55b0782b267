// Package stage is how the stages of a pipeline come, change, take another order and go. A stage that holds records, or
// records in the bin, doesn't vanish without saying where they go; they are moved by a job, slice by slice, through the
// same use case a person's move takes. Time limits are counted elsewhere (incident).
package stage
