package record

import (
	"context"
	"net/http"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/currency"
)

// Rate is how much one unit of a currency costs in the portal's currency.
type Rate struct {
	Currency string `json:"currency" minLength:"3" maxLength:"3"`
	Day      string `json:"day" format:"date" doc:"the rate holds from this day until the next one"`
	Rate     string `json:"rate" maxLength:"30" doc:"decimal number with up to nine digits after the point"`
}

// Rates are the rates of a day.
type Rates struct {
	Base  string `json:"base"`
	Items []Rate `json:"items"`
}

type ratesInput struct {
	Day string `query:"day" format:"date" doc:"today by default"`
}

type ratesBody struct {
	Body struct {
		Items []Rate `json:"items" minItems:"1" maxItems:"1000"`
	}
}

func (h *Handlers) rateRoutes(r *httpapi.Router) {
	tags := []string{"currency"}
	httpapi.Handle(r, httpapi.Op{Method: http.MethodGet, Path: "/api/currency-rates", Summary: "Rates that hold on a day", Access: httpapi.Member, Tags: tags}, h.rates)
	httpapi.Handle(r, httpapi.Op{Method: http.MethodPut, Path: "/api/currency-rates", Summary: "Save rates", Access: httpapi.Area(access.Portal), Tags: tags}, h.putRates)
}

func (h *Handlers) rates(ctx context.Context, in *ratesInput) (*httpapi.Body[Rates], error) {
	day, err := h.day(ctx, in.Day)
	if err != nil {
		return nil, err
	}
	rates, base, err := h.RatesOn(ctx, day)
	if err != nil {
		return nil, err
	}
	out := Rates{Base: base, Items: []Rate{}}
	for _, r := range rates {
		out.Items = append(out.Items, Rate{Currency: r.Currency, Day: r.Day, Rate: r.Text()})
	}
	return httpapi.OK(out), nil
}

// day is the given day, or the present one where the portal is, as writes see it.
func (h *Handlers) day(ctx context.Context, given string) (string, error) {
	if given != "" {
		return given, nil
	}
	cat, err := h.Catalog(ctx)
	if err != nil {
		return "", err
	}
	zone, err := time.LoadLocation(cat.Portal.Zone)
	if err != nil {
		zone = time.UTC
	}
	return h.Clock.Now().Date(zone), nil
}

func (h *Handlers) putRates(ctx context.Context, in *ratesBody) (*httpapi.Body[Rates], error) {
	var given []currency.Given
	for _, r := range in.Body.Items {
		given = append(given, currency.Given{Currency: r.Currency, Day: r.Day, Rate: r.Rate})
	}
	if len(given) == 0 {
		return nil, fault.In("items", "required")
	}
	if err := h.write(ctx, func(t tx.Tx, who access.Who) error { return h.Rates.Put(t, who, given) }); err != nil {
		return nil, err
	}
	return h.rates(ctx, &ratesInput{})
}
