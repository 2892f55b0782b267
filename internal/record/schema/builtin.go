package schema

// Builtin is a type every portal has, with its fields, as code knows it. Numbers are given by the database.
type Builtin struct {
	Type      Type
	Fields    []Field
	Values    map[string][]Value // by code of the field
	Pipelines []Pipeline         // with Stages
	Reasons   []LostReason
}

// Builtins are the types every portal has, in order.
func Builtins() []Builtin {
	return []Builtin{leadType(), dealType(), contactType(), companyType(), activityType()}
}

// AmountField is the money every staged type has, also those customers add: totals and boards stand on it.
func AmountField() Field {
	return Field{Code: "amount", Kind: Money, TitleRU: "Сумма", TitleEN: "Amount", Builtin: true, Indexed: true}
}

func own(code string, kind Kind, ru, en string) Field {
	return Field{Code: code, Kind: kind, TitleRU: ru, TitleEN: en, Builtin: true}
}

func linkTo(code, to, ru, en string) Field {
	f := own(code, Link, ru, en)
	f.LinkType, f.Indexed = to, true
	return f
}

func sources() []Value {
	return []Value{
		{Code: "site", TitleRU: "Сайт", TitleEN: "Website", Color: 1},
		{Code: "call", TitleRU: "Звонок", TitleEN: "Phone call", Color: 2},
		{Code: "email", TitleRU: "Почта", TitleEN: "E-mail", Color: 3},
		{Code: "messenger", TitleRU: "Мессенджер", TitleEN: "Messenger", Color: 4},
		{Code: "social", TitleRU: "Соцсети", TitleEN: "Social network", Color: 5},
		{Code: "ads", TitleRU: "Реклама", TitleEN: "Advertising", Color: 6},
		{Code: "referral", TitleRU: "Рекомендация", TitleEN: "Referral", Color: 7},
		{Code: "partner", TitleRU: "Партнёр", TitleEN: "Partner", Color: 8},
		{Code: "exhibition", TitleRU: "Выставка", TitleEN: "Exhibition", Color: 9},
		{Code: "other", TitleRU: "Другое", TitleEN: "Other", Color: 10},
	}
}

func leadType() Builtin {
	return Builtin{
		Type: Type{Code: "lead", TitleRU: "Лид", TitleEN: "Lead", PluralRU: "Лиды", PluralEN: "Leads", Staged: true, Sort: 10},
		Fields: []Field{
			AmountField(),
			own("company_name", Text, "Название компании", "Company name"),
			own("person_name", Text, "Имя", "Name"),
			own("phones", Phone, "Телефоны", "Phones"),
			own("emails", Email, "Почта", "E-mails"),
			own("comment", LongText, "Комментарий", "Comment"),
			own("source", List, "Источник", "Source"),
			own("utm_source", Text, "UTM source", "UTM source"),
			own("utm_medium", Text, "UTM medium", "UTM medium"),
			own("utm_campaign", Text, "UTM campaign", "UTM campaign"),
			own("referrer", URL, "Откуда пришёл", "Referrer"),
			linkTo("contact", "contact", "Контакт", "Contact"),
			linkTo("company", "company", "Компания", "Company"),
		},
		Values: map[string][]Value{"source": sources()},
		Pipelines: []Pipeline{{Code: "main", TitleRU: "Лиды", TitleEN: "Leads", Stages: []*Stage{
			{Code: "new", TitleRU: "Новый", TitleEN: "New", Kind: Open, Color: 1},
			{Code: "in_work", TitleRU: "В работе", TitleEN: "In work", Kind: Open, Color: 3},
			{Code: "qualified", TitleRU: "Квалифицирован", TitleEN: "Qualified", Kind: Won, Color: 6},
			{Code: "not_ours", TitleRU: "Не наш", TitleEN: "Not ours", Kind: Lost, Color: 10},
		}}},
		Reasons: []LostReason{
			{Code: "spam", TitleRU: "Спам", TitleEN: "Spam"},
			{Code: "wrong_number", TitleRU: "Ошиблись номером", TitleEN: "Wrong number"},
			{Code: "not_our_profile", TitleRU: "Не наш профиль", TitleEN: "Not our business"},
			{Code: "unreachable", TitleRU: "Не удалось связаться", TitleEN: "Could not be reached"},
			{Code: "duplicate", TitleRU: "Повтор", TitleEN: "Duplicate"},
			{Code: "other", TitleRU: "Другое", TitleEN: "Other"},
		},
	}
}

func dealType() Builtin {
	return Builtin{
		Type: Type{Code: "deal", TitleRU: "Сделка", TitleEN: "Deal", PluralRU: "Сделки", PluralEN: "Deals", Staged: true, Sort: 20},
		Fields: []Field{
			AmountField(),
			linkTo("company", "company", "Компания", "Company"),
			linkTo("contact", "contact", "Контакт", "Contact"),
			own("source", List, "Источник", "Source"),
			own("comment", LongText, "Комментарий", "Comment"),
			own("closes_on", Date, "Дата закрытия", "Closing date"),
			own("probability", Integer, "Вероятность, %", "Probability, %"),
		},
		Values: map[string][]Value{"source": sources()},
		Pipelines: []Pipeline{{Code: "main", TitleRU: "Продажи", TitleEN: "Sales", Stages: []*Stage{
			{Code: "new", TitleRU: "Новая", TitleEN: "New", Kind: Open, Color: 1},
			{Code: "need", TitleRU: "Потребность", TitleEN: "Need", Kind: Open, Color: 2},
			{Code: "proposal", TitleRU: "Предложение", TitleEN: "Proposal", Kind: Open, Color: 3},
			{Code: "contract", TitleRU: "Договор", TitleEN: "Contract", Kind: Open, Color: 4},
			{Code: "payment", TitleRU: "Оплата", TitleEN: "Payment", Kind: Open, Color: 5},
			{Code: "postponed", TitleRU: "Отложена", TitleEN: "Postponed", Kind: Waiting, Color: 8},
			{Code: "won", TitleRU: "Успешна", TitleEN: "Won", Kind: Won, Color: 6},
			{Code: "lost", TitleRU: "Проиграна", TitleEN: "Lost", Kind: Lost, Color: 10},
		}}},
		Reasons: []LostReason{
			{Code: "price", TitleRU: "Дорого", TitleEN: "Too expensive"},
			{Code: "competitor", TitleRU: "Выбрали других", TitleEN: "Chose a competitor"},
			{Code: "deadline", TitleRU: "Не устроили сроки", TitleEN: "Terms did not suit"},
			{Code: "no_need", TitleRU: "Потребность отпала", TitleEN: "No longer needed"},
			{Code: "no_budget", TitleRU: "Нет бюджета", TitleEN: "No budget"},
			{Code: "silent", TitleRU: "Перестали отвечать", TitleEN: "Stopped answering"},
			{Code: "other", TitleRU: "Другое", TitleEN: "Other"},
		},
	}
}

func contactType() Builtin {
	birthday := own("birthday", Date, "День рождения", "Birthday")
	birthday.Personal = true
	return Builtin{
		Type: Type{Code: "contact", TitleRU: "Контакт", TitleEN: "Contact", PluralRU: "Контакты", PluralEN: "Contacts", Sort: 30},
		Fields: []Field{
			own("phones", Phone, "Телефоны", "Phones"),
			own("emails", Email, "Почта", "E-mails"),
			linkTo("company", "company", "Компания", "Company"),
			own("position", Text, "Должность", "Position"),
			own("source", List, "Источник", "Source"),
			own("comment", LongText, "Комментарий", "Comment"),
			birthday,
		},
		Values: map[string][]Value{"source": sources()},
	}
}

func companyType() Builtin {
	return Builtin{
		Type: Type{Code: "company", TitleRU: "Компания", TitleEN: "Company", PluralRU: "Компании", PluralEN: "Companies", Sort: 40},
		Fields: []Field{
			own("phones", Phone, "Телефоны", "Phones"),
			own("emails", Email, "Почта", "E-mails"),
			own("inn", Text, "ИНН", "Tax number"),
			own("site", URL, "Сайт", "Website"),
			own("address", Address, "Адрес", "Address"),
			own("comment", LongText, "Комментарий", "Comment"),
			own("source", List, "Источник", "Source"),
		},
		Values: map[string][]Value{"source": sources()},
	}
}

func activityType() Builtin {
	kind := own("kind", List, "Вид", "Kind")
	kind.Required, kind.Default = true, `"todo"`
	about := own("about", Links, "О чём", "About")
	return Builtin{
		Type: Type{Code: "activity", TitleRU: "Дело", TitleEN: "Activity", PluralRU: "Дела", PluralEN: "Activities", Sort: 50},
		Fields: []Field{
			kind, about,
			own("due_at", DateTime, "Срок", "Due"),
			own("done_at", DateTime, "Сделано", "Done"),
			own("text", LongText, "Текст", "Text"),
			own("result", LongText, "Итог", "Result"),
		},
		Values: map[string][]Value{"kind": {
			{Code: "call", TitleRU: "Звонок", TitleEN: "Call", Color: 1},
			{Code: "meeting", TitleRU: "Встреча", TitleEN: "Meeting", Color: 2},
			{Code: "letter", TitleRU: "Письмо", TitleEN: "Letter", Color: 3},
			{Code: "message", TitleRU: "Сообщение", TitleEN: "Message", Color: 4},
			{Code: "todo", TitleRU: "Задача", TitleEN: "To-do", Color: 5},
			{Code: "note", TitleRU: "Заметка", TitleEN: "Note", Color: 8},
		}},
	}
}

// DefaultPipeline is the pipeline a new staged type begins with.
func DefaultPipeline() Pipeline {
	return Pipeline{Code: "main", TitleRU: "Основная", TitleEN: "Main", Sort: 10, Stages: []*Stage{
		{Code: "new", TitleRU: "Новые", TitleEN: "New", Kind: Open, Color: 1},
		{Code: "in_work", TitleRU: "В работе", TitleEN: "In work", Kind: Open, Color: 3},
		{Code: "won", TitleRU: "Успешно", TitleEN: "Done", Kind: Won, Color: 6},
		{Code: "lost", TitleRU: "Отказ", TitleEN: "Lost", Kind: Lost, Color: 10},
	}}
}
