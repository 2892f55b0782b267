package record

import (
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// EnterStage implements record.Store.
func (s *Store) EnterStage(t tx.Tx, typ *schema.Type, r *record.State) error {
	return db.Later(db.Of(t), "INSERT INTO visit (type_id, record_id, pipeline_id, stage_id, responsible_id, entered_at) VALUES (?, ?, ?, ?, ?, ?)",
		typ.ID, r.ID, r.PipelineID, r.StageID, r.ResponsibleID, r.StageEnteredAt)
}

// LeaveStage implements record.Store. The visit is counted for whoever was responsible at its end. Where the clock was put
// back meanwhile it took no time.
func (s *Store) LeaveStage(t tx.Tx, typ *schema.Type, r *record.State, at clock.Instant, work int64) error {
	return db.Later(db.Of(t), `UPDATE visit SET left_at = ?, wall_seconds = ?, work_seconds = ?, responsible_id = ?
		WHERE type_id = ? AND record_id = ? AND left_at = 0`,
		at, max(0, int64(at.Sub(r.StageEnteredAt)/time.Second)), work, r.ResponsibleID, typ.ID, r.ID)
}
