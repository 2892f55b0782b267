package expr

import (
	"fmt"
	"strings"
)

// message is the text of an error. {name} is replaced by an argument, {name|noun} by its name in the reader's language.
type message struct{ ru, en string }

// messages are the texts of errors by key. No text has a number beside a noun, so none needs plural forms.
var messages = map[string]message{
	"expr.empty":                 {"Условие пустое", "The condition is empty"},
	"expr.too_long":              {"Условие слишком длинное, наибольший размер в байтах: {max}", "The condition is too long, most bytes: {max}"},
	"expr.too_deep":              {"Слишком много скобок друг в друге, можно: {max}", "Too many brackets inside each other, allowed: {max}"},
	"expr.too_many_terms":        {"Слишком много сравнений, можно: {max}", "Too many comparisons, allowed: {max}"},
	"expr.list_too_long":         {"Слишком длинный список, значений можно: {max}", "The list is too long, values allowed: {max}"},
	"expr.string_too_long":       {"Слишком длинный текст, знаков можно: {max}", "The text is too long, characters allowed: {max}"},
	"expr.number_too_long":       {"Слишком длинное число, знаков можно: {max}", "The number is too long, characters allowed: {max}"},
	"expr.too_many_hops":         {"Слишком длинный путь, связей подряд можно: {max}", "The path is too long, links in a row allowed: {max}"},
	"expr.bad_char":              {"Знак «{char}» здесь не годится", "The character “{char}” can't stand here"},
	"expr.unclosed_string":       {"Нет закрывающей кавычки \"", "The closing quote \" is missing"},
	"expr.unclosed_name":         {"Нет закрывающего знака `", "The closing ` is missing"},
	"expr.bad_escape":            {"После \\ бывает только \" \\ n r t или u и четыре цифры", "After \\ come only \" \\ n r t or u with four digits"},
	"expr.bad_number":            {"«{text}» не число. Пишите так: 1500.50", "“{text}” isn't a number. Write it like 1500.50"},
	"expr.unfinished":            {"Условие не закончено, дальше ждали: {want|noun}", "The condition isn't finished, next comes: {want|noun}"},
	"expr.expected":              {"Вместо «{got}» здесь ждали: {want|noun}", "Instead of “{got}” here comes: {want|noun}"},
	"expr.unknown_function":      {"Нет функции «{name}». Есть: {names}", "There is no function “{name}”. There are: {names}"},
	"expr.unknown_function_near": {"Нет функции «{name}». Может быть, «{near}»?", "There is no function “{name}”. Did you mean “{near}”?"},
	"expr.unknown_field":         {"Нет поля «{name}»", "There is no field “{name}”"},
	"expr.unknown_field_near":    {"Нет поля «{name}». Может быть, «{near}»?", "There is no field “{name}”. Did you mean “{near}”?"},
	"expr.not_a_link":            {"«{name}» никуда не ведёт, взять из него «{next}» нельзя", "“{name}” leads nowhere, “{next}” can't be taken from it"},
	"expr.many_link":             {"В поле «{name}» несколько записей, по нему нельзя идти дальше. Возьмите поле с одной связью", "“{name}” holds several records and can't be followed. Use a field with a single link"},
	"expr.bad_operator":          {"Поле «{field}» ({kind|noun}) не сравнивают через {op}. Можно: {ops}", "“{field}” ({kind|noun}) doesn't know {op}. It knows: {ops}"},
	"expr.bad_value":             {"С полем «{field}» ({kind|noun}) сравнивают {want|noun}, а стоит {got|noun}. Пример: {example}", "“{field}” ({kind|noun}) is compared with {want|noun}, not {got|noun}. Example: {example}"},
	"expr.unknown_code":          {"В поле «{field}» нет значения «{code}»", "“{field}” has no value “{code}”"},
	"expr.unknown_code_near":     {"В поле «{field}» нет значения «{code}». Может быть, «{near}»?", "“{field}” has no value “{code}”. Did you mean “{near}”?"},
	"expr.no_digits":             {"В «{text}» нет ни одной цифры", "“{text}” has no digits"},
	"expr.bad_date":              {"«{text}» не дата. Пишите так: date(\"2026-11-19\")", "“{text}” isn't a date. Write it like date(\"2026-11-19\")"},
	"expr.bad_instant":           {"«{text}» не дата со временем. Пишите так: date and time(\"2026-11-19T10:00:00+03:00\")", "“{text}” isn't a date and time. Write it like date and time(\"2026-11-19T10:00:00+03:00\")"},
	"expr.bad_duration":          {"«{text}» не отрезок времени. Пишите так: 7 days, 2 hours или duration(\"P1M\")", "“{text}” isn't a duration. Write it like 7 days, 2 hours or duration(\"P1M\")"},
	"expr.shift_only":            {"Прибавлять и отнимать можно только у today() и now()", "Only today() and now() can be added to"},
	"expr.today_hours":           {"У today() нет часов. Возьмите now()", "today() has no hours. Use now()"},
	"expr.shift_too_far":         {"Слишком далеко от сегодня, лет можно: {max}", "Too far from today, years allowed: {max}"},
	"expr.field_to_field":        {"Справа должно стоять значение, а не поле «{name}». Текст пишут в кавычках", "A value is needed here, not the field “{name}”. Texts stand in quotes"},
	"expr.no_field":              {"Одна из сторон сравнения должна быть полем", "One side of a comparison must be a field"},
	"expr.not_in_lists":          {"По полю «{field}» нельзя отбирать списки", "Lists can't be filtered by “{field}”"},
	"expr.bad_tree":              {"Неверное дерево условия: {what}", "The tree of the condition is wrong: {what}"},
	"expr.tree_missing":          {"В узле «{op}» нет члена «{member}»", "The node “{op}” lacks “{member}”"},
	"expr.tree_extra":            {"В узле «{op}» лишний член «{member}»", "The node “{op}” can't have “{member}”"},
}

// nouns name kinds, forms of values and parts of the grammar.
var nouns = map[string]message{
	"text": {"текст", "text"}, "longtext": {"длинный текст", "long text"}, "integer": {"целое число", "whole number"},
	"decimal": {"дробное число", "decimal number"}, "money": {"деньги", "money"}, "bool": {"да или нет", "yes or no"},
	"date": {"дата", "date"}, "datetime": {"дата со временем", "date and time"}, "list": {"список", "list"},
	"multilist": {"несколько из списка", "several of a list"}, "user": {"сотрудник", "person"}, "users": {"сотрудники", "people"},
	"link": {"связь", "link"}, "links": {"связи", "links"}, "phone": {"телефон", "phone"}, "phone.many": {"телефоны", "phones"},
	"email": {"почта", "e-mail"}, "email.many": {"адреса почты", "e-mails"}, "url": {"ссылка", "URL"}, "address": {"адрес", "address"},
	"file": {"файл", "file"}, "file.many": {"файлы", "files"}, "stage": {"стадия", "stage"}, "pipeline": {"воронка", "pipeline"},
	"department": {"отдел", "department"}, "id": {"номер", "number"},

	"value.text": {"текст в кавычках", "a text in quotes"}, "value.number": {"число", "a number"}, "value.bool": {"true или false", "true or false"},
	"value.date": {"дату", "a date"}, "value.instant": {"дату или время", "a date or time"}, "value.code": {"код в кавычках", "a code in quotes"},
	"value.person": {"номер сотрудника или me", "a person's number or me"}, "value.reference": {"номер записи", "a record's number"},
	"value.nothing": {"только null", "null only"},
	"got.null":      {"null", "null"}, "got.bool": {"true или false", "true or false"}, "got.number": {"число", "a number"},
	"got.fraction": {"дробь", "a fraction"},
	"got.text":     {"текст", "a text"}, "got.date": {"дата", "a date"}, "got.instant": {"дата со временем", "a date and time"},
	"got.today": {"дата today()", "the date today()"}, "got.now": {"момент now()", "the moment now()"}, "got.me": {"me", "me"},

	"want.end": {"and, or или конец условия", "and, or or the end"}, "want.operator": {"сравнение (=, !=, <, >, in)", "a comparison (=, !=, <, >, in)"},
	"want.list": {"список в скобках", "a list in brackets"}, "want.field": {"поле", "a field"}, "want.value": {"значение", "a value"},
	"want.number": {"число", "a number"}, "want.text": {"текст в кавычках", "a text in quotes"},
	"want.duration": {"отрезок времени, например 7 days", "a duration such as 7 days"},
}

var wantNoun = map[class]string{
	textual: "value.text", numeric: "value.number", truth: "value.bool", calendar: "value.date", instant: "value.instant",
	coded: "value.code", person: "value.person", reference: "value.reference", blob: "value.nothing",
}

var gotNoun = map[LiteralKind]string{
	NullLiteral: "got.null", BoolLiteral: "got.bool", NumberLiteral: "got.number", StringLiteral: "got.text", DateLiteral: "got.date",
	InstantLiteral: "got.instant", TodayLiteral: "got.today", NowLiteral: "got.now", MeLiteral: "got.me",
}

// kindNoun is the noun of a field's kind.
func kindNoun(f FieldInfo) string {
	if many := string(f.Kind) + ".many"; f.Many && nouns[many].en != "" {
		return many
	}
	return string(f.Kind)
}

// in picks the language; everything but Russian reads English.
func (m message) in(lang string) string {
	if lang == "ru" {
		return m.ru
	}
	return m.en
}

// KindName names a kind of field, for instance in the table of the manual.
func KindName(kind Kind, many bool, lang string) string {
	return nouns[kindNoun(FieldInfo{Kind: kind, Many: many})].in(lang)
}

// In is the error as a sentence in Russian ("ru") or English. The catalogues of texts ask arguments by this name.
func (e *Error) In(lang string) string {
	m, ok := messages[e.Key]
	if !ok {
		return e.Key
	}
	template, out := m.in(lang), strings.Builder{}
	for {
		before, rest, found := strings.Cut(template, "{")
		out.WriteString(before)
		if !found {
			break
		}
		hole, after, _ := strings.Cut(rest, "}")
		name, noun := strings.CutSuffix(hole, "|noun")
		text := fmt.Sprint(e.Args[name])
		if noun {
			n, ok := nouns[text]
			if !ok { // signs and keywords name themselves
				text = strings.TrimPrefix(text, "want.")
				n = message{"«" + text + "»", "“" + text + "”"}
			}
			text = n.in(lang)
		}
		out.WriteString(text)
		template = after
	}
	return out.String()
}
