package demo

// tongue is everything the dealer says and is called, in one language. What has a place for something holds %s or %d.
type tongue struct {
	lang, company string
	home, branch  city
	departments   [5]string // sales, estimating, production, papers, service
	people        map[string][2]string
	drums         [3]string    // of the head office, the branch and the service
	rules         [2][2]string // of routing: title and condition of what goes to the branch and to the service
	doors         map[string]string
	kinds         []job // what the company sells
	services      []job // what its service does
	objects       []string
	firmForms     []string
	firmFirst     []string
	firmSecond    []string
	bodies        [][2]string // public clients, schools and clinics: name with a number, and what is to be protected there
	sole          string      // a sole trader
	posts         []string    // positions of clients
	needs         []string    // what people ask for: %s is the work, then the object
	short         []string    // requests of few words
	repeat        []string    // what they say when they ask again
	answers       []string    // what comes of answering them
	spam          []string
	hot           string   // the drum of the game
	pleas         []string // requests of the game
	talks         map[string]talk
	fields        map[string]string
}

// city is where clients of an office are.
type city struct {
	name, zone string
	places     []string // as a deal's title names them
	streets    []string // as an address names them
}

// job is a kind of work: what it is called, what one of it costs in roubles, and how it goes.
type job struct {
	title  string
	system string // value of the list of systems
	median float64
	spread float64
	supply bool // goods without installation
	rows   []string
}

// talk is what people plan and note on a stage: steps to come, what came of them, and letters.
type talk struct {
	steps   []step
	letters [][2]string // title and text; %s is the client, then the work
}

// step is something planned and what comes of it.
type step struct {
	kind, title string
	results     []string
}

func tongueOf(lang string) *tongue {
	if lang == "en" {
		return &english
	}
	return &russian
}
