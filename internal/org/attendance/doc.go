// Package attendance is when people really work: schedules of departments and people, calendars of countries as the portal
// has edited them, absences, and the working day that is started, paused and finished. Whoever needs to know asks Of; what
// runs by the hours of people is told through Listener. How working time is counted is worktime's, whose hours hold is
// directory's.
package attendance
