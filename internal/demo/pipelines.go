package demo

import (
	"time"

	"voronka/internal/flow/pipeline"
	"voronka/internal/record/schema"
)

// bay is a stage of the dealer: what it is called, its limit of working time, and goal, role, task, product and instruction
// in the two languages.
type bay struct {
	code, kind string
	ru, en     string
	limit      time.Duration
	toldRU     [5]string
	toldEN     [5]string
}

// lane is a pipeline of the dealer. Those named main are there already and are brought into this shape.
type lane struct {
	recordType, code string
	ru, en           string
	bays             []bay
}

// told is what a stage tells its people, in one language.
func (b bay) told(lang string) [5]string {
	if lang == "en" {
		return b.toldEN
	}
	return b.toldRU
}

// draft is a stage to be made.
func (b bay) draft(lang string) pipeline.StageDraft {
	told := b.told(lang)
	return pipeline.StageDraft{
		Code: b.code, Titles: pipeline.Titles{RU: b.ru, EN: b.en}, Kind: b.kind, LimitSeconds: int64(b.limit / time.Second),
		Goal: told[0], BusinessRole: told[1], Task: told[2], Product: told[3], Instruction: told[4],
	}
}

// Codes of the pipelines of deals, in the order a job goes through them.
const (
	laneSales      = "main"
	laneEstimating = "estimating"
	laneProduction = "production"
	lanePapers     = "papers"
	laneService    = "service"
)

// lanes are the six pipelines of the dealer: the way from a request to a building under contract for maintenance.
var lanes = []lane{
	{"lead", "main", "Лиды", "Leads", []bay{
		{
			code: "new", kind: schema.Open, ru: "Новый", en: "New", limit: 2 * time.Hour, toldRU: [5]string{
				"Ответить первыми", "Менеджер", "Взять обращение и позвонить в течение получаса", "Состоявшийся разговор",
				"Представьтесь и назовите компанию.\nСпросите, откуда о нас узнали.\nНе дозвонились: повторите через час и напишите.",
			},
			toldEN: [5]string{
				"Be the first to answer", "Sales manager", "Take it and call within half an hour", "A talk that took place",
				"Give your name and the company's.\nAsk how they found us.\nNo answer: try again in an hour and write.",
			},
		},
		{
			code: "in_work", kind: schema.Open, ru: "В работе", en: "In work", limit: 24 * time.Hour, toldRU: [5]string{
				"Понять, наш ли это клиент", "Менеджер", "Узнать объект, срок и кто решает", "Решение: сделка или отказ с причиной",
				"Что за объект и где он?\nК какому сроку?\nЕсть ли проект или предписание?\nКто принимает решение и когда?",
			},
			toldEN: [5]string{
				"Find out whether this is a client of ours", "Sales manager", "Learn the site, the date and who decides", "A decision: deal, or refusal with its reason",
				"What site is it, and where?\nBy when?\nIs there a design or an order of the inspector?\nWho decides, and when?",
			},
		},
		{
			code: "later", kind: schema.Waiting, ru: "Ждём клиента", en: "Waiting for the client", toldRU: [5]string{
				"Не потерять того, кто думает", "Менеджер", "Вернуться в назначенный день", "Следующий шаг с датой",
				"Без даты следующего звонка сюда не переводим.\nНовое обращение клиента само вернёт лид в работу.",
			},
			toldEN: [5]string{
				"Lose nobody who is still thinking", "Sales manager", "Come back on the day agreed", "A next step with a date",
				"Nothing comes here without the date of the next call.\nA new request of the client brings the lead back by itself.",
			},
		},
		{code: "qualified", kind: schema.Won, ru: "Квалифицирован", en: "Qualified"},
		{code: "not_ours", kind: schema.Lost, ru: "Не наш", en: "Not ours"},
	}},
	{"deal", laneSales, "Продажи", "Sales", []bay{
		{
			code: "new", kind: schema.Open, ru: "Новая", en: "New", limit: 8 * time.Hour, toldRU: [5]string{
				"Понять, что за объект", "Менеджер", "Позвонить, записать адрес и площадь, назначить выезд", "Заполненная карточка и дата выезда",
				"Что защищаем и какая площадь?\nЕсть ли предписание и к какому сроку?\nКто принимает решение?",
			},
			toldEN: [5]string{
				"Understand the site", "Sales manager", "Call, note the address and the area, agree a visit", "A complete card and the date of the visit",
				"What do we protect and how large is it?\nIs there an order of the inspector, and by when?\nWho decides?",
			},
		},
		{
			code: "need", kind: schema.Open, ru: "Обследование", en: "Survey", limit: 40 * time.Hour, toldRU: [5]string{
				"Собрать исходные данные для сметы", "Менеджер", "Съездить на объект или получить планы", "Планы помещений и фото",
				"Что хранится и на какой высоте?\nЕсть ли планы помещений?\nКто согласует бюджет?\nБез плана смету не считаем.",
			},
			toldEN: [5]string{
				"Gather data for the estimate", "Sales manager", "Visit the site or get the plans", "Floor plans and photos",
				"What is stored, and how high?\nAre there floor plans?\nWho approves the budget?\nWithout a plan we do not estimate.",
			},
		},
		{
			code: "proposal", kind: schema.Open, ru: "Предложение", en: "Proposal", limit: 40 * time.Hour, toldRU: [5]string{
				"Защитить цену", "Менеджер", "Отправить предложение и обсудить его голосом", "Согласованная сумма",
				"Предложение уходит в день готовности сметы.\n«У других дешевле»: спросите, вошли ли пусконаладка и документы, сравните стоимость владения за пять лет.",
			},
			toldEN: [5]string{
				"Defend the price", "Sales manager", "Send the proposal and talk it through", "An agreed sum",
				"The proposal leaves on the day the estimate is ready.\n“Others are cheaper”: ask whether commissioning and papers are included, compare the cost of five years.",
			},
		},
		{
			code: "contract", kind: schema.Open, ru: "Договор", en: "Contract", limit: 48 * time.Hour, toldRU: [5]string{
				"Подписать договор", "Менеджер", "Согласовать условия и сроки", "Подписанный договор",
				"Возражения по договору передавайте юристу в тот же день.\nСрок монтажа называйте только после ответа отдела монтажа.",
			},
			toldEN: [5]string{
				"Sign the contract", "Sales manager", "Agree terms and dates", "A signed contract",
				"Pass objections to the lawyer on the same day.\nName a date of installation only after the installers have answered.",
			},
		},
		{
			code: "payment", kind: schema.Open, ru: "Аванс", en: "Advance", limit: 56 * time.Hour, toldRU: [5]string{
				"Получить аванс", "Менеджер", "Выставить счёт, напомнить", "Деньги на счёте",
				"Счёт живёт пять дней.\nНапомните на третий день, на пятый позвоните.",
			},
			toldEN: [5]string{
				"Get the advance", "Sales manager", "Invoice, remind", "Money in the account",
				"The invoice lives for five days.\nRemind on the third, call on the fifth.",
			},
		},
		{
			code: "postponed", kind: schema.Waiting, ru: "Отложена", en: "Postponed", toldRU: [5]string{"Вернуться вовремя", "Менеджер", "Позвонить в назначенный день", "Решение клиента", "Запишите, чего ждёт клиент и когда ему напомнить."},
			toldEN: [5]string{"Come back in time", "Sales manager", "Call on the day agreed", "The client's decision", "Note what the client waits for and when to remind him."},
		},
		{code: "won", kind: schema.Won, ru: "Успешна", en: "Won"},
		{code: "lost", kind: schema.Lost, ru: "Проиграна", en: "Lost"},
	}},
	{"deal", laneEstimating, "Сметы", "Estimating", []bay{
		{
			code: "queue", kind: schema.Open, ru: "В очереди", en: "Queue", limit: 8 * time.Hour, toldRU: [5]string{
				"Не задержать продажу", "Главный сметчик", "Проверить исходные данные, назначить сметчика", "Назначенный сметчик",
				"Нет плана или высоты хранения: верните менеджеру с вопросом.\nСрочные по предписанию берём первыми.",
			},
			toldEN: [5]string{
				"Hold up no sale", "Chief estimator", "Check the data, name an estimator", "A named estimator",
				"No plan or storage height: back to the manager with the question.\nUrgent ones with an order of the inspector go first.",
			},
		},
		{
			code: "counting", kind: schema.Open, ru: "Считаем", en: "Counting", limit: 24 * time.Hour, toldRU: [5]string{
				"Посчитать без ошибок", "Сметчик", "Подобрать оборудование и работы", "Смета в файле",
				"Оборудование только из действующего прайса.\nОтдельной строкой: кабельные трассы, пусконаладка, исполнительная документация.",
			},
			toldEN: [5]string{
				"Count without mistakes", "Estimator", "Choose equipment and works", "The estimate as a file",
				"Equipment from the present price list only.\nOn lines of their own: cable routes, commissioning, as-built papers.",
			},
		},
		{
			code: "check", kind: schema.Open, ru: "Проверка", en: "Check", limit: 8 * time.Hour, toldRU: [5]string{"Не продать в убыток", "Главный сметчик", "Проверить наценку и объёмы", "Утверждённая смета", "Наценка ниже 18 %: только с директором."},
			toldEN: [5]string{"Sell nothing at a loss", "Chief estimator", "Check margin and quantities", "An approved estimate", "A margin under 18%: only with the director."},
		},
		{
			code: "question", kind: schema.Waiting, ru: "Ждём данные", en: "Waiting for data", toldRU: [5]string{"Получить то, чего не хватает", "Сметчик", "Спросить менеджера и клиента", "Планы помещений", "Напоминаем раз в два дня."},
			toldEN: [5]string{"Get what is missing", "Estimator", "Ask the manager and the client", "Floor plans", "Remind every second day."},
		},
		{code: "won", kind: schema.Won, ru: "Сдана", en: "Delivered"},
		{code: "lost", kind: schema.Lost, ru: "Отменена", en: "Cancelled"},
	}},
	{"deal", laneProduction, "Производство и монтаж", "Production and installation", []bay{
		{
			code: "order", kind: schema.Open, ru: "Заказ материалов", en: "Materials ordered", limit: 16 * time.Hour, toldRU: [5]string{"Успеть к сроку договора", "Снабжение", "Заказать оборудование и кабель", "Подтверждённые заказы", "Заказываем в день аванса.\nСрок поставки сразу пишем менеджеру."},
			toldEN: [5]string{"Be in time for the contract", "Purchasing", "Order equipment and cable", "Confirmed orders", "Order on the day of the advance.\nTell the manager the delivery date at once."},
		},
		{
			code: "supply", kind: schema.Open, ru: "Комплектация", en: "Kitting", limit: 80 * time.Hour, toldRU: [5]string{"Выехать один раз", "Снабжение", "Собрать и проверить комплект", "Комплект на складе", "Сверьте со сметой построчно: докупать с объекта дороже втрое."},
			toldEN: [5]string{"Drive there once", "Purchasing", "Gather and check the kit", "The kit in the store", "Compare with the estimate line by line: buying from the site costs three times as much."},
		},
		{
			code: "install", kind: schema.Open, ru: "Монтаж", en: "Installation", limit: 120 * time.Hour, toldRU: [5]string{"Сделать по проекту", "Бригадир", "Смонтировать и снять фото скрытых работ", "Готовая система и фото", "Допуск на объект заказываем за три дня.\nСкрытые работы без фото не закрываем."},
			toldEN: [5]string{"Build it to the design", "Foreman", "Install and photograph what will be hidden", "A finished system and photos", "Ask for access three days ahead.\nNothing hidden is closed without photos."},
		},
		{
			code: "tests", kind: schema.Open, ru: "Пусконаладка", en: "Commissioning", limit: 32 * time.Hour, toldRU: [5]string{"Сдать с первого раза", "Инженер", "Испытать в присутствии заказчика", "Акт испытаний", "Проверьте каждый шлейф и оповещение в самой дальней комнате."},
			toldEN: [5]string{"Pass at the first attempt", "Engineer", "Test in the client's presence", "Test report", "Check every loop, and the alarm in the furthest room."},
		},
		{
			code: "pause", kind: schema.Waiting, ru: "Ждём объект", en: "Waiting for the site", toldRU: [5]string{"Не простаивать бригаде", "Начальник монтажа", "Узнать дату готовности", "Новая дата", "Звоним прорабу каждую неделю."},
			toldEN: [5]string{"Keep the crew busy", "Head of installation", "Learn when the site is ready", "A new date", "Call the site manager every week."},
		},
		{code: "won", kind: schema.Won, ru: "Сдано", en: "Done"},
		{code: "lost", kind: schema.Lost, ru: "Расторгнуто", en: "Terminated"},
	}},
	{"deal", lanePapers, "Закрывающие документы", "Closing papers", []bay{
		{
			code: "acts", kind: schema.Open, ru: "Готовим акты", en: "Drawing up", limit: 16 * time.Hour, toldRU: [5]string{"Закрыть месяц вовремя", "Делопроизводитель", "Собрать КС-2, КС-3, акт и счёт-фактуру", "Пакет документов", "Реквизиты сверяем с договором, не с прошлым актом."},
			toldEN: [5]string{"Close the month in time", "Records clerk", "Gather the acts and the invoice", "The set of papers", "Compare bank details with the contract, not with the last act."},
		},
		{
			code: "signing", kind: schema.Open, ru: "На подписи", en: "Being signed", limit: 56 * time.Hour, toldRU: [5]string{"Вернуть подписанное", "Делопроизводитель", "Отправить и напомнить", "Подписанный пакет", "Через пять рабочих дней звоним бухгалтеру клиента."},
			toldEN: [5]string{"Get it back signed", "Records clerk", "Send and remind", "The signed set", "After five working days call the client's accountant."},
		},
		{
			code: "balance", kind: schema.Waiting, ru: "Ждём остаток", en: "Awaiting the balance", toldRU: [5]string{"Получить остаток", "Делопроизводитель", "Следить за сроком оплаты", "Оплата", "Просрочка больше недели: менеджеру и директору."},
			toldEN: [5]string{"Get the balance", "Records clerk", "Watch the date of payment", "Payment", "More than a week late: tell the manager and the director."},
		},
		{code: "won", kind: schema.Won, ru: "Закрыта", en: "Closed"},
		{code: "lost", kind: schema.Lost, ru: "Спор", en: "Disputed"},
	}},
	{"deal", laneService, "Сервис и обслуживание", "Service and maintenance", []bay{
		{
			code: "request", kind: schema.Open, ru: "Заявка", en: "Request", limit: 4 * time.Hour, toldRU: [5]string{"Ответить по договору", "Диспетчер", "Понять неисправность, назначить инженера", "Назначенный выезд", "Система не работает: выезд в тот же день."},
			toldEN: [5]string{"Answer as the contract says", "Dispatcher", "Understand the fault, name an engineer", "An agreed visit", "The system is down: a visit on the same day."},
		},
		{
			code: "visit", kind: schema.Open, ru: "Выезд назначен", en: "Visit agreed", limit: 24 * time.Hour, toldRU: [5]string{"Приехать вовремя", "Инженер", "Осмотреть и назвать цену", "Дефектная ведомость", "Возьмите журнал объекта и ключи от щита."},
			toldEN: [5]string{"Come in time", "Engineer", "Inspect and name a price", "List of defects", "Take the site's log and the keys of the panel."},
		},
		{
			code: "works", kind: schema.Open, ru: "Работы", en: "Works", limit: 24 * time.Hour, toldRU: [5]string{"Починить с одного раза", "Инженер", "Заменить, перезарядить, проверить", "Работающая система", "После замены проверьте весь шлейф."},
			toldEN: [5]string{"Mend it at once", "Engineer", "Replace, recharge, test", "A working system", "After a replacement test the whole loop."},
		},
		{
			code: "parts", kind: schema.Waiting, ru: "Ждём запчасти", en: "Waiting for parts", toldRU: [5]string{"Не забыть объект", "Диспетчер", "Следить за поставкой", "Запчасти", "На время ремонта ставим подменный прибор."},
			toldEN: [5]string{"Forget no site", "Dispatcher", "Watch the delivery", "Parts", "Lend a panel while ours is being mended."},
		},
		{
			code: "report", kind: schema.Open, ru: "Акт", en: "Report", limit: 24 * time.Hour, toldRU: [5]string{"Закрыть заявку", "Диспетчер", "Оформить акт и запись в журнале", "Подписанный акт", "Фото щита прикладываем всегда."},
			toldEN: [5]string{"Close the request", "Dispatcher", "Write the report and the log", "A signed report", "Always attach a photo of the panel."},
		},
		{code: "won", kind: schema.Won, ru: "Выполнено", en: "Done"},
		{code: "lost", kind: schema.Lost, ru: "Отказ", en: "Refused"},
	}},
}
