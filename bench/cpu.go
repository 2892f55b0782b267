package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// meter reads how long a server, and the PostgreSQL behind it, has been running on a CPU.
type meter struct {
	pid  int
	pg   *pgx.Conn // nil for SQLite
	name string    // of the connections that count; "": all
}

func newMeter(ctx context.Context, s *server) (*meter, error) {
	m := &meter{pid: s.cmd.Process.Pid, name: s.named}
	if s.DSN == "" {
		return m, nil
	}
	var err error
	m.pg, err = pgx.Connect(ctx, s.DSN)
	return m, err
}

func (m *meter) close(ctx context.Context) {
	if m.pg != nil {
		_ = m.pg.Close(ctx)
	}
}

// read is the CPU time so far. Processes of a PostgreSQL elsewhere can't be seen and don't count.
func (m *meter) read(ctx context.Context) (time.Duration, error) {
	total, err := cpuOf(m.pid)
	if err != nil || m.pg == nil {
		return total, err
	}
	rows, err := m.pg.Query(ctx, "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND ($1 = '' OR application_name = $1)", m.name)
	if err != nil {
		return 0, err
	}
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int32])
	if err != nil {
		return 0, err
	}
	for _, pid := range pids {
		if d, err := cpuOf(int(pid)); err == nil {
			total += d
		}
	}
	return total, nil
}

// cpuOf adds up the threads of a process, in nanoseconds as the scheduler counts them.
func cpuOf(pid int) (time.Duration, error) {
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(tasks) == 0 {
		return 0, fmt.Errorf("process %d can't be seen: %w", pid, os.ErrNotExist)
	}
	var total time.Duration
	for _, task := range tasks {
		text, err := os.ReadFile(task)
		if err != nil {
			continue // a thread that has just ended
		}
		n, err := strconv.ParseInt(strings.Fields(string(text))[0], 10, 64)
		if err != nil {
			return 0, err
		}
		total += time.Duration(n)
	}
	return total, nil
}

// rss is the memory of a process in megabytes; peak is the most it ever had.
func rss(pid int) (now, peak float64) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		kb, _ := strconv.ParseFloat(fields[1], 64)
		switch fields[0] {
		case "VmRSS:":
			now = kb / 1024
		case "VmHWM:":
			peak = kb / 1024
		}
	}
	return now, peak
}
