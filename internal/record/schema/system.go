package schema

// systemFields are the fields every record of a type has, in the order they are shown.
func systemFields(t *Type) []*Field {
	all := []*Field{
		{Code: "id", Kind: ID, Col: "id", TitleRU: "Номер", TitleEN: "Number", ReadOnly: true},
		{Code: "title", Kind: Text, Col: "title", TitleRU: "Название", TitleEN: "Title", Required: true, Indexed: true},
		{Code: "responsible", Kind: User, Col: "responsible_id", TitleRU: "Ответственный", TitleEN: "Responsible", Indexed: true},
		{Code: "department", Kind: DepartmentKind, Col: "department_id", TitleRU: "Отдел", TitleEN: "Department", ReadOnly: true, Indexed: true},
		{Code: "observers", Kind: Users, TitleRU: "Наблюдатели", TitleEN: "Observers"},
		{Code: "created_at", Kind: DateTime, Col: "created_at", TitleRU: "Создан", TitleEN: "Created", ReadOnly: true},
		{Code: "created_by", Kind: User, Col: "created_by", TitleRU: "Кем создан", TitleEN: "Created by", ReadOnly: true},
		{Code: "updated_at", Kind: DateTime, Col: "updated_at", TitleRU: "Изменён", TitleEN: "Changed", ReadOnly: true},
		{Code: "version", Kind: Integer, Col: "version", TitleRU: "Версия", TitleEN: "Version", ReadOnly: true},
		{Code: "next_at", Kind: DateTime, Col: "next_at", TitleRU: "Срок следующего шага", TitleEN: "Next step due", ReadOnly: true},
		{Code: "next_id", Kind: Integer, Col: "next_id", TitleRU: "Следующий шаг: дело", TitleEN: "Next step: activity", ReadOnly: true},
		{Code: "next_title", Kind: LongText, Col: "next_title", TitleRU: "Следующий шаг", TitleEN: "Next step", ReadOnly: true},
	}
	if t.Staged {
		all = append(all,
			&Field{Code: "pipeline", Kind: PipelineKind, Col: "pipeline_id", TitleRU: "Воронка", TitleEN: "Pipeline", Indexed: true},
			&Field{Code: "stage", Kind: StageKind, Col: "stage_id", TitleRU: "Стадия", TitleEN: "Stage", Indexed: true},
			&Field{Code: "stage_entered_at", Kind: DateTime, Col: "stage_entered_at", TitleRU: "На стадии с", TitleEN: "On the stage since", ReadOnly: true, Indexed: true},
			&Field{Code: "closed_at", Kind: DateTime, Col: "closed_at", TitleRU: "Закрыт", TitleEN: "Closed", ReadOnly: true},
			&Field{Code: "lost_reason", Kind: LostReasonKind, Col: "lost_reason_id", TitleRU: "Причина отказа", TitleEN: "Lost reason"},
		)
	}
	for _, f := range all {
		f.System, f.Builtin, f.TypeID = true, true, t.ID
	}
	return all
}
