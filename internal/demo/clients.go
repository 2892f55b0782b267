package demo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"voronka/internal/flow/pipeline"
	"voronka/internal/kernel/ref"
)

// client is somebody who asks the dealer for something, and what is known of him in the portal.
type client struct {
	name, phone, mail string
	post              string
	firm              *firm
	branch            bool
	contact           int64 // 0: no card yet
}

// firm is a company or a public body.
type firm struct {
	name, inn, address, domain string
	object                     string // what a public body protects; "": anything
	branch                     bool
	id                         int64 // 0: no card yet
	owner                      int64
}

// crowd makes clients; no two have the same phone, e-mail or company.
type crowd struct {
	r     *rand.Rand
	words *tongue
	n     int
	firms map[string]bool
}

// next is a client nobody has heard of.
func (c *crowd) next(branch bool) *client {
	c.n++
	p := &client{name: fullName(c.r, c.words.lang), branch: branch, phone: c.phone(c.n), post: pick(c.r, c.words.posts)}
	p.firm = c.firm(initials(p.name, c.words.lang), branch)
	box := strings.ReplaceAll(pipeline.Code(p.name, "client", nil), "_", ".")
	if c.r.IntN(5) < 2 {
		p.mail = fmt.Sprintf("%s%d@%s.example", box, c.n, pick(c.r, []string{"post", "mail", "box"}))
	} else {
		p.mail = box + "@" + p.firm.domain
	}
	return p
}

// initials is how a sole trader is called: the surname first in Russian.
func initials(name, lang string) string {
	first, last, _ := strings.Cut(name, " ")
	if lang == "en" {
		return name
	}
	return last + " " + string([]rune(first)[:1]) + "."
}

// phone is a number of the country: in English one of those kept for films, in Russian one of a mobile operator.
func (c *crowd) phone(n int) string {
	if c.words.lang == "en" {
		areas := []string{"20 7946 0", "113 496 0", "114 496 0", "115 496 0", "116 496 0", "117 496 0", "118 496 0", "121 496 0", "131 496 0", "141 496 0", "151 496 0", "161 496 0"}
		return fmt.Sprintf("0%s%03d", areas[n%len(areas)], n/len(areas)%1000)
	}
	digits := fmt.Sprintf("%s%07d", operators[n%len(operators)], 1_000_003*(n/len(operators)+1)%9_000_000+1_000_000)
	return notations[n%6](digits)
}

// firm is a company that isn't there yet, a sole trader of the name, or a school or clinic of some number.
func (c *crowd) firm(who string, branch bool) *firm {
	w := c.words
	f := &firm{branch: branch}
	for f.name == "" || c.firms[f.name] {
		f.object = ""
		switch n := c.r.IntN(10); {
		case n == 0:
			body := pick(c.r, w.bodies)
			f.name, f.object = fmt.Sprintf(body[0], 2+c.r.IntN(400)), body[1]
		case n <= 2 && f.name == "":
			f.name = fmt.Sprintf(w.sole, who)
		default:
			f.name = fmt.Sprintf(pick(c.r, w.firmForms), pick(c.r, w.firmFirst)+pick(c.r, w.firmSecond))
		}
	}
	c.firms[f.name] = true
	place := w.home
	if branch {
		place = w.branch
	}
	f.address = fmt.Sprintf("%s, %s, %d", place.name, pick(c.r, place.streets), 1+c.r.IntN(120))
	if w.lang == "en" {
		f.address = fmt.Sprintf("%d %s, %s", 1+c.r.IntN(120), pick(c.r, place.streets), place.name)
	}
	f.inn = c.taxNumber(branch)
	f.domain = fmt.Sprintf("%s.example", strings.ReplaceAll(pipeline.Code(f.name, "firm", nil), "_", "-"))
	return f
}

// taxNumber is a number with the right control digit where the country has one.
func (c *crowd) taxNumber(branch bool) string {
	if c.words.lang == "en" {
		return fmt.Sprintf("GB%09d", 100_000_000+c.r.IntN(899_999_999))
	}
	region := "78"
	if branch {
		region = "66"
	}
	s := fmt.Sprintf("%s%07d", region, c.r.IntN(10_000_000))
	sum := 0
	for i, weight := range []int{2, 4, 10, 3, 5, 9, 4, 6, 8} {
		sum += int(s[i]-'0') * weight
	}
	return s + fmt.Sprint(sum%11%10)
}

// wish is what a client wants.
type wish struct {
	job    *job
	title  string // of a deal about it
	object string
	site   string
	area   int
	amount int64 // roubles, to the rouble
}

// wish is something a client may want.
func (c *crowd) wish(jobs []job, of *client) wish {
	w := c.words
	place := w.home
	if of.branch {
		place = w.branch
	}
	j := &jobs[c.weighted(len(jobs))]
	object := pick(c.r, w.objects)
	if of.firm.object != "" {
		object = of.firm.object
	}
	x := wish{job: j, object: object, title: j.title + ", " + object + " " + pick(c.r, place.places)}
	x.site = fmt.Sprintf("%s, %s, %d", place.name, pick(c.r, place.streets), 1+c.r.IntN(120))
	if w.lang == "en" {
		x.site = fmt.Sprintf("%d %s, %s", 1+c.r.IntN(120), pick(c.r, place.streets), place.name)
	}
	grown := math.Exp(c.r.NormFloat64() * j.spread)
	x.amount = int64(j.median*grown/10) * 10
	x.area = max(60, int(600*grown*(0.6+c.r.Float64()))/10*10)
	return x
}

// weighted prefers the first of a list.
func (c *crowd) weighted(n int) int { return min(n-1, int(math.Abs(c.r.NormFloat64())*float64(n)/2.2)) }

// rough is a sum as one guesses it before the estimate.
func rough(amount int64) int64 {
	step := int64(1000)
	for step*20 < amount {
		step *= 10
	}
	return max(step, (amount+step/2)/step*step)
}

// about is what a deal and its activities are about.
func about(r ...ref.Ref) []any {
	list := make([]any, len(r))
	for i := range r {
		list[i] = r[i]
	}
	return list
}
