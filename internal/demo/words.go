package demo

import (
	"time"

	"voronka/internal/flow/pipeline"
	"voronka/internal/flow/stage"
	"voronka/internal/org/access"
	"voronka/internal/org/portal"
	"voronka/internal/org/setup"
	"voronka/internal/record/schema"
)

// words are everything the demo portal says, in one language.
type words struct {
	company                      string
	departments                  [5]string // sales, estimating, design, installation, service
	names                        map[string]string
	positions                    map[string]string
	drum, form                   string
	works, objects, firms, needs []string
	firm                         string // "ООО «%s»"
	jobs                         []string
	tasks, results               []string
	stages                       map[string][5]string // goal, role, task, product, instruction by type and code of a stage
	estimating                   string
	estimatingStages             []pipeline.StageDraft
}

var russian = words{
	company:     "Щит-Сервис",
	departments: [5]string{"Продажи", "Сметный отдел", "Проектный отдел", "Монтаж", "Сервис"},
	names: map[string]string{
		"oleg": "Олег Щербаков", "pavel": "Павел Орлов", "anna": "Анна Белова", "boris": "Борис Громов", "vera": "Вера Исаева", "gleb": "Глеб Котов",
		"dina": "Дина Ларина", "egor": "Егор Мишин", "zhanna": "Жанна Носова", "igor": "Игорь Павлов", "kira": "Кира Рыбина", "lev": "Лев Степанов",
	},
	positions: map[string]string{
		"oleg": "Директор", "pavel": "Руководитель продаж", "anna": "Менеджер", "boris": "Менеджер", "vera": "Менеджер", "gleb": "Менеджер",
		"dina": "Главный сметчик", "egor": "Сметчик", "zhanna": "Главный инженер проекта", "igor": "Начальник монтажа", "kira": "Инженер", "lev": "Руководитель сервиса",
	},
	drum: "Новые заявки", form: "Форма на сайте",
	works:   []string{"АПС и СОУЭ", "Пожаротушение", "Огнезащита металла", "Противопожарные двери", "Огнетушители", "Обслуживание АПС", "Проект АПС", "Пожарный водопровод", "Дымоудаление", "Замена извещателей"},
	objects: []string{"бизнес-центр", "склад", "школа", "клиника", "торговый центр", "гостиница", "завод", "детский сад", "кафе", "паркинг", "офис", "автосалон"},
	firms:   []string{"Северный дом", "Альфа-Логистик", "Вектор", "Гранит", "Дельта Плюс", "Евростиль", "Заря", "Импульс", "Каскад", "Ладья", "Меридиан", "Новый век", "Орион", "Парус", "Радуга", "Сфера", "Титан", "Уралпром", "Форум", "Центр-С", "Энергия", "Юпитер", "Ясень", "Балтика-Строй", "Волна", "Горизонт", "Даль", "Континент", "Лидер", "Маяк", "Невский берег", "Охта", "Прибой", "Рубин", "Славянка", "Тандем", "Универсал", "Феникс", "Хозяин", "Восход"},
	needs:   []string{"Нужна смета на сигнализацию", "Пришло предписание, срочно", "Интересует обслуживание", "Сколько стоит проект?", "Перезвоните после обеда", "Нужны двери EI-60, восемь штук", "Хотим заменить старую систему", "Открываемся через месяц"},
	firm:    "ООО «%s»",
	jobs:    []string{"Директор", "Главный инженер", "Снабжение", "Завхоз", "Управляющий", "Инженер по охране труда"},
	tasks:   []string{"Перезвонить", "Отправить смету", "Выезд на объект", "Согласовать договор", "Напомнить про оплату", "Уточнить площадь", "Прислать реквизиты"},
	results: []string{"Договорились на выезд", "Просит скидку", "Думает, перезвонить", "Всё получил", "Не дозвонился"},
	stages: map[string][5]string{
		"lead/new":      {"Ответить первыми", "Менеджер", "Взять и позвонить в течение получаса", "Состоявшийся разговор", "Представьтесь и назовите компанию.\nСпросите, откуда о нас узнали.\nНе дозвонились: повторите через час и напишите."},
		"lead/in_work":  {"Понять, наш ли это клиент", "Менеджер", "Узнать объект, срок и кто решает", "Решение: сделка или отказ с причиной", "Что за объект и где он?\nК какому сроку?\nЕсть ли проект или предписание?\nКто принимает решение и когда?"},
		"deal/new":      {"Понять, что это за объект", "Менеджер", "Позвонить и записать адрес и площадь", "Заполненная карточка", "Что защищаем и какая площадь?\nЕсть ли предписание и к какому сроку?\nКто принимает решение?"},
		"deal/need":     {"Собрать исходные данные для сметы", "Менеджер", "Съездить на объект или получить планы", "Планы и фото", "Что хранится и на какой высоте?\nЕсть ли планы помещений?\nКто согласует бюджет?\nБез плана смету не считаем."},
		"deal/proposal": {"Назвать цену", "Сметчик", "Посчитать смету и отправить предложение", "Смета", "Смета уходит в день готовности, не позже.\n«У других дешевле»: спросите, вошла ли перезарядка, сравните стоимость владения за 5 лет."},
		"deal/contract": {"Подписать договор", "Менеджер", "Согласовать условия и сроки", "Подписанный договор", "Возражения по договору передавайте юристу в тот же день.\nСрок монтажа называйте только после ответа отдела монтажа."},
		"deal/payment":  {"Получить аванс", "Менеджер", "Выставить счёт, напомнить", "Оплата", "Счёт живёт пять дней.\nНапомните на третий день, на пятый позвоните."},
	},
	estimating: "Крупные объекты",
	estimatingStages: []pipeline.StageDraft{
		{Code: "survey", Titles: pipeline.Titles{RU: "Обследование", EN: "Survey"}, Kind: schema.Open},
		{Code: "tender", Titles: pipeline.Titles{RU: "Тендер", EN: "Tender"}, Kind: schema.Open},
		{Code: "waiting", Titles: pipeline.Titles{RU: "Ждём решения", EN: "Awaiting decision"}, Kind: schema.Waiting},
		{Code: "won", Titles: pipeline.Titles{RU: "Выиграли", EN: "Won"}, Kind: schema.Won},
		{Code: "lost", Titles: pipeline.Titles{RU: "Проиграли", EN: "Lost"}, Kind: schema.Lost},
	},
}

var english = words{
	company:     "Shield Fire Safety",
	departments: [5]string{"Sales", "Estimating", "Design", "Installation", "Service"},
	names: map[string]string{
		"oleg": "Oliver Shaw", "pavel": "Paul Foster", "anna": "Anna Bell", "boris": "Ben Grant", "vera": "Vera Hughes", "gleb": "Greg Cole",
		"dina": "Dina Lane", "egor": "Edward Miller", "zhanna": "Jane Nash", "igor": "Ian Palmer", "kira": "Kira Reed", "lev": "Leo Stone",
	},
	positions: map[string]string{
		"oleg": "Director", "pavel": "Head of sales", "anna": "Sales manager", "boris": "Sales manager", "vera": "Sales manager", "gleb": "Sales manager",
		"dina": "Chief estimator", "egor": "Estimator", "zhanna": "Chief designer", "igor": "Head of installation", "kira": "Engineer", "lev": "Head of service",
	},
	drum: "New requests", form: "Website form",
	works:   []string{"Fire alarm", "Sprinklers", "Steel fireproofing", "Fire doors", "Extinguishers", "Alarm service", "Alarm design", "Hydrant line", "Smoke control", "Detector replacement"},
	objects: []string{"business centre", "warehouse", "school", "clinic", "shopping centre", "hotel", "plant", "nursery", "café", "car park", "office", "car showroom"},
	firms:   []string{"Northern House", "Alpha Logistics", "Vector", "Granite", "Delta Plus", "Eurostyle", "Dawn", "Impulse", "Cascade", "Rook", "Meridian", "New Age", "Orion", "Sail", "Rainbow", "Sphere", "Titan", "Hillside", "Forum", "Centre One", "Energy", "Jupiter", "Ash Tree", "Baltic Build", "Wave", "Horizon", "Distance", "Continent", "Leader", "Lighthouse", "Riverside", "Harbour", "Surf", "Ruby", "Brook", "Tandem", "Universal", "Phoenix", "Landlord", "Sunrise"},
	needs:   []string{"We need an estimate for an alarm", "The inspector came, it is urgent", "Interested in maintenance", "What does a design cost?", "Call back after lunch", "Eight EI-60 doors, please quote", "We want to replace the old system", "We open in a month"},
	firm:    "%s Ltd",
	jobs:    []string{"Director", "Chief engineer", "Purchasing", "Facility manager", "General manager", "Safety engineer"},
	tasks:   []string{"Call back", "Send the estimate", "Visit the site", "Agree the contract", "Remind of the payment", "Ask for the floor area", "Send bank details"},
	results: []string{"Agreed on a visit", "Asks for a discount", "Thinking, call again", "Got everything", "No answer"},
	stages: map[string][5]string{
		"lead/new":      {"Be the first to answer", "Sales manager", "Take it and call within half an hour", "A talk that took place", "Give your name and the company's.\nAsk how they found us.\nNo answer: try again in an hour and write."},
		"lead/in_work":  {"Find out whether this is a client of ours", "Sales manager", "Learn the site, the date and who decides", "A decision: deal, or refusal with its reason", "What site is it, and where?\nBy when?\nIs there a design or an order of the inspector?\nWho decides, and when?"},
		"deal/new":      {"Understand the site", "Sales manager", "Call, note the address and the area", "A complete card", "What do we protect and how large is it?\nIs there an order of the inspector, and by when?\nWho decides?"},
		"deal/need":     {"Gather data for the estimate", "Sales manager", "Visit the site or get the plans", "Plans and photos", "What is stored, and how high?\nAre there floor plans?\nWho approves the budget?\nWithout a plan we do not estimate."},
		"deal/proposal": {"Name a price", "Estimator", "Estimate and send a proposal", "Estimate", "The estimate leaves on the day it is ready.\n\"Others are cheaper\": ask whether recharging is included, compare the cost of five years."},
		"deal/contract": {"Sign the contract", "Sales manager", "Agree terms and dates", "A signed contract", "Pass objections to the lawyer on the same day.\nName a date of installation only after the installers have answered."},
		"deal/payment":  {"Get the advance", "Sales manager", "Invoice, remind", "Payment", "The invoice lives for five days.\nRemind on the third, call on the fifth."},
	},
	estimating: "Large sites",
}

func init() { english.estimatingStages = russian.estimatingStages }

// limits are the time limits of stages.
var limits = map[string]time.Duration{
	"deal/new": 8 * time.Hour, "deal/need": 24 * time.Hour, "deal/proposal": 32 * time.Hour, "deal/contract": 48 * time.Hour, "deal/payment": 64 * time.Hour,
}

// patch is the goal and the rest of a stage of a type.
func (w *words) patch(recordType, code string) (stage.Patch, bool) {
	name := recordType + "/" + code
	t, ok := w.stages[name]
	limit := int64(limits[name] / time.Second)
	return stage.Patch{Goal: &t[0], BusinessRole: &t[1], Task: &t[2], Product: &t[3], Instruction: &t[4], LimitSeconds: &limit}, ok
}

func wordsOf(lang string) *words {
	if lang == "en" {
		return &english
	}
	return &russian
}

// dealer is the company of the demo.
func (w *words) dealer(lang string) company {
	p := portal.Default()
	p.Company, p.Lang = w.company, lang
	sells := func(share float64, typical time.Duration) manager {
		return manager{diligence: share, typical: typical}
	}
	c := company{portal: p}
	for i, box := range []string{"pavel", "dina", "zhanna", "igor", "lev"} {
		c.departments = append(c.departments, setup.Department{Title: w.departments[i], Head: box + "@demo.local"})
	}
	for _, one := range []struct {
		box        string
		role       access.Role
		department int
		manager    manager
	}{
		{"oleg", access.Admin, -1, manager{}},
		{"pavel", access.Head, 0, manager{head: true, typical: 20 * time.Minute}},
		{"anna", access.Manager, 0, sells(0.97, 3*time.Minute)},
		{"boris", access.Manager, 0, sells(0.9, 6*time.Minute)},
		{"vera", access.Manager, 0, sells(0.93, 5*time.Minute)},
		{"gleb", access.Manager, 0, sells(0.7, 11*time.Minute)},
		{"dina", access.Head, 1, manager{}},
		{"egor", access.Manager, 1, manager{}},
		{"zhanna", access.Head, 2, manager{}},
		{"igor", access.Head, 3, manager{}},
		{"kira", access.Manager, 3, manager{}},
		{"lev", access.Head, 4, manager{}},
	} {
		department := ""
		if one.department >= 0 {
			department = w.departments[one.department]
		}
		c.people = append(c.people, colleague{name: w.names[one.box], box: one.box, position: w.positions[one.box], department: department, role: one.role, manager: one.manager})
	}
	return c
}
