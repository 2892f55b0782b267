package httpapi

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// metrics are the figures of the program for Prometheus. Other parts add theirs through Router.Metrics.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	panics   prometheus.Counter
	other    prometheus.Counter
}

func newMetrics(r *Router) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "voronka_http_requests_total", Help: "Answered requests."}, []string{"method", "route", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "voronka_http_request_seconds", Help: "Time from the request to the end of its answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"method", "route"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{Name: "voronka_http_panics_total", Help: "Handlers that panicked."}),
		other:  prometheus.NewCounter(prometheus.CounterOpts{Name: "voronka_http_unrouted_total", Help: "Requests that no route takes."}),
	}
	gauge := func(name, help string, f func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, f)
	}
	m.registry.MustRegister(m.requests, m.took, m.panics, m.other,
		gauge("voronka_http_in_flight", "Requests worked on.", func() float64 { return float64(len(r.places.places)) }),
		gauge("voronka_http_waiting", "Requests waiting for a place.", func() float64 { return float64(r.places.waiting.Load()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "voronka_http_rejected_total", Help: "Requests refused because of overload."},
			func() float64 { return float64(r.places.rejected.Load()) }),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

// Metrics is where other parts register their figures.
func (r *Router) Metrics() prometheus.Registerer { return r.metrics.registry }

// routeMetrics are the figures of one route.
type routeMetrics struct {
	requests *prometheus.CounterVec
	took     prometheus.Observer
}

func (m *metrics) route(op Op) *routeMetrics {
	labels := prometheus.Labels{"method": op.Method, "route": op.Path}
	return &routeMetrics{requests: m.requests.MustCurryWith(labels), took: m.took.With(labels)}
}

func (m *routeMetrics) note(status int, took time.Duration) {
	m.requests.WithLabelValues(strconv.Itoa(status)).Inc()
	m.took.Observe(took.Seconds())
}
