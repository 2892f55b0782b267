package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// person is somebody who asks: always the same phone and e-mail, never written twice alike.
type person struct {
	name   string
	digits string // of the phone, ten after +7
	email  string // "" when he gives none
}

var (
	menFirst   = strings.Fields("Александр Алексей Андрей Антон Артём Борис Вадим Василий Виктор Владимир Глеб Григорий Даниил Денис Дмитрий Евгений Егор Иван Игорь Илья Кирилл Константин Максим Михаил Никита Николай Олег Павел Пётр Роман Семён Сергей Степан Тимур Фёдор Юрий Ярослав")
	womenFirst = strings.Fields("Алина Алла Анастасия Анна Валентина Валерия Вера Виктория Галина Дарья Диана Евгения Екатерина Елена Жанна Зоя Инна Ирина Кира Ксения Лариса Лидия Любовь Людмила Маргарита Марина Мария Надежда Наталья Нина Оксана Ольга Полина Светлана София Татьяна Юлия")
	lasts      = strings.Fields("Абрамов Агафонов Алёхин Антонов Баранов Беляев Богданов Борисов Быков Васильев Виноградов Волков Воробьёв Гаврилов Герасимов Голубев Григорьев Громов Давыдов Данилов Егоров Ершов Ефимов Жуков Зайцев Захаров Игнатов Ильин Исаев Калинин Карпов Киселёв Ковалёв Козлов Комаров Королёв Кравцов Крылов Кузнецов Лазарев Лебедев Макаров Максимов Мартынов Медведев Мельников Миронов Морозов Назаров Некрасов Никитин Новиков Орлов Осипов Павлов Петров Поляков Пономарёв Попов Романов Рябов Савельев Семёнов Сергеев Сидоров Смирнов Соболев Соколов Соловьёв Степанов Тарасов Тимофеев Титов Ткачёв Третьяков Фёдоров Филиппов Фролов Харитонов Цветков Чернов Широков Шубин Щербаков Юдин Яковлев")
	enFirst    = strings.Fields("Adam Alice Amelia Arthur Beatrice Ben Charles Charlotte Daniel Edith Edward Eleanor Emma Ethan Eve Florence Frank Fred George Grace Hannah Harry Henry Isaac Jack James Jane Leo Louise Lucy Martin Mary Max Nora Oliver Oscar Peter Ruth Sam Sophie Thomas Victor Will")
	enLast     = strings.Fields("Abbott Adams Archer Bailey Baker Barker Bell Bennett Booth Brooks Burton Carter Chapman Clarke Cole Cooper Cox Dawson Dixon Ellis Evans Fisher Fletcher Foster Fox Gibson Graham Grant Gray Green Hall Harris Hart Hill Holmes Howard Hughes Hunt Jackson Kelly King Knight Lane Lewis Marsh Mason Miller Moore Murray Palmer Parker Payne Pearson Perry Porter Price Reed Rose Russell Scott Shaw Spencer Stone Taylor Turner Walker Ward Watson Webb West White Wood Wright Young")
	domains    = []string{"mail.ru", "yandex.ru", "gmail.com", "bk.ru", "inbox.ru", "rambler.ru"}
	// operators are codes of Russian mobile numbers.
	operators = []string{"903", "905", "906", "909", "910", "911", "912", "913", "915", "916", "917", "919", "921", "922", "925", "926", "927", "929", "950", "951", "961", "962", "963", "964", "965", "977", "980", "981", "982", "985"}
)

// newPerson makes the n-th person; no two have the same phone or e-mail.
func newPerson(r *rand.Rand, n int, lang string) person {
	p := person{name: fullName(r, lang)}
	p.digits = fmt.Sprintf("%s%07d", operators[n%len(operators)], 1_000_003*(n/len(operators)+1)%9_000_000+1_000_000)
	if r.Float64() < 0.6 {
		p.email = fmt.Sprintf("client%d@%s", n+1000, domains[n%len(domains)])
	}
	return p
}

func fullName(r *rand.Rand, lang string) string {
	if lang == "en" {
		return pick(r, enFirst) + " " + pick(r, enLast)
	}
	if r.IntN(2) == 0 {
		return pick(r, menFirst) + " " + pick(r, lasts)
	}
	return pick(r, womenFirst) + " " + pick(r, lasts) + "а"
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// notations are the ways people write one phone.
var notations = []func(d string) string{
	func(d string) string { return "+7" + d },
	func(d string) string { return "8" + d },
	func(d string) string { return d },
	func(d string) string { return fmt.Sprintf("8 (%s) %s-%s-%s", d[:3], d[3:6], d[6:8], d[8:]) },
	func(d string) string { return fmt.Sprintf("+7 %s %s %s %s", d[:3], d[3:6], d[6:8], d[8:]) },
	func(d string) string { return fmt.Sprintf("8-%s-%s-%s-%s", d[:3], d[3:6], d[6:8], d[8:]) },
	func(d string) string { return d + " доб. 5" },
	func(d string) string { return fmt.Sprintf("7(%s)%s%s", d[:3], d[3:6], d[6:]) },
}

// spellings are the ways people write one e-mail.
var spellings = []func(box, domain string) string{
	func(box, domain string) string { return box + "@" + domain },
	func(box, domain string) string {
		return strings.ToUpper(box[:1]) + box[1:] + "@" + strings.ToUpper(domain[:1]) + domain[1:]
	},
	func(box, domain string) string { return box + "+ad@" + domain },
	func(box, domain string) string { return strings.ToUpper(box + "@" + domain) },
	func(box, domain string) string {
		return strings.ToUpper(box[:1]) + box[1:] + "+ad@" + strings.ToUpper(domain[:1]) + domain[1:]
	},
}

// phone is the number in the n-th notation.
func (p person) phone(n int) string { return notations[n%len(notations)](p.digits) }

// mail is the e-mail in the n-th spelling, "" when there is none.
func (p person) mail(n int) string {
	box, domain, ok := strings.Cut(p.email, "@")
	if !ok {
		return ""
	}
	return spellings[n%len(spellings)](box, domain)
}

// newRand is a source of chance that is the same every time.
func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }
