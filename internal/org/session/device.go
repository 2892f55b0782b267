package session

import (
	"context"
	"encoding/json"
	"fmt"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/tx"
)

// EventNewDevice says that somebody signed in with a browser he was never seen with. Its data is a Sighting, it is addressed
// to the person.
const EventNewDevice = "session.new_device"

// Sighting is where somebody was seen.
type Sighting struct {
	Browser string        `json:"browser"`
	OS      string        `json:"os"`
	IP      string        `json:"ip"`
	At      clock.Instant `json:"at"`
}

// Device is a browser a person has signed in with.
type Device struct {
	UserID  int64
	Family  string // see Agent
	Network string
}

// maxDevices is how many devices are remembered of a person.
const maxDevices = 50

// Devices keeps known devices under the hash of their secret.
type Devices interface {
	// IsDevice tells whether the person with this key of an e-mail address has signed in with the device.
	IsDevice(ctx context.Context, emailKey, hash string) (bool, error)
	// SeeDevice notes that the person was seen with the device; false when he never was before.
	SeeDevice(t tx.Tx, d Device, hash string) (bool, error)
	// AnyDevice tells whether anybody has signed in with it.
	AnyDevice(t tx.Tx, hash string) (bool, error)
	InsertDevice(t tx.Tx, d Device, hash string) error
	// DevicesOf are those of a person; of more than limit the oldest are forgotten.
	DevicesOf(t tx.Tx, userID int64, limit int) ([]Device, error)
	// AgentsOf are the addresses and User-Agents of a person's sessions.
	AgentsOf(t tx.Tx, userID int64) ([]From, error)
}

// deviceOf gives the device back if the account was signed in to with it, "" otherwise: then it is no reason to trust anybody.
func (s *Service) deviceOf(ctx context.Context, emailKey, device string) (string, error) {
	if device == "" || len(device) > maxSecret || emailKey == "" {
		return "", nil
	}
	known, err := s.store.IsDevice(ctx, emailKey, hashOf(device))
	if err != nil || !known {
		return "", err
	}
	return device, nil
}

// meet remembers the device somebody signs in with. It gives a secret for its cookie when it has none, and tells the person
// when he was never seen with this browser from this network. The first device ever is no news.
func (s *Service) meet(t tx.Tx, userID int64, from From) (fresh string, err error) {
	agent := AgentOf(from.Agent)
	d := Device{UserID: userID, Family: agent.Family(), Network: short(Network(from.IP), 64)}
	if len(from.Device) > maxSecret {
		from.Device = ""
	}
	if from.Device != "" {
		if known, err := s.store.SeeDevice(t, d, hashOf(from.Device)); err != nil || known {
			return "", err
		}
		if any, err := s.store.AnyDevice(t, hashOf(from.Device)); err != nil {
			return "", err
		} else if !any { // we never gave it out
			from.Device = ""
		}
	}
	before, err := s.store.DevicesOf(t, userID, maxDevices)
	if err != nil {
		return "", err
	}
	sessions, err := s.store.AgentsOf(t, userID)
	if err != nil {
		return "", err
	}
	for _, x := range sessions {
		before = append(before, Device{UserID: userID, Family: AgentOf(x.Agent).Family(), Network: Network(x.IP)})
	}
	device := from.Device
	if device == "" {
		device = secret()
		fresh = device
	}
	if err := s.store.InsertDevice(t, d, hashOf(device)); err != nil {
		return "", err
	}
	for _, b := range before {
		if b == d {
			return fresh, nil
		}
	}
	if len(before) == 0 || from.Way == "" {
		return fresh, nil
	}
	data, err := json.Marshal(Sighting{Browser: agent.Browser, OS: agent.OS, IP: short(from.IP, 64), At: t.Now()})
	if err != nil {
		return "", fmt.Errorf("session: %w", err)
	}
	return fresh, t.Emit(event.Event{Type: EventNewDevice, Users: []int64{userID}, Data: data})
}
