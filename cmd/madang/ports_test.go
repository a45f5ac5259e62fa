package main

import (
	"strings"
	"testing"

	"madang/sfu"
	"madang/sfu/relay"
)

func TestPortsAreNamedInWords(t *testing.T) {
	for _, c := range []struct {
		ports []int
		want  string
	}{
		{[]int{3480}, "UDP port 3480"},
		{[]int{3480, 3481}, "UDP ports 3480 to 3481"},
		{[]int{3482, 3480, 3481}, "UDP ports 3480 to 3482"},
		{[]int{40000, 50000, 41000}, "UDP ports 40000, 50000 and 41000"},
	} {
		if got := portList(c.ports); got != c.want {
			t.Errorf("%v: %q, want %q", c.ports, got, c.want)
		}
	}
}

func TestConfigurationShowsThePortsOfAllWorkers(t *testing.T) {
	for _, c := range []struct {
		config sfu.ICEConfig
		want   string
	}{
		{sfu.ICEConfig{UDPPort: 3480, Workers: 4}, "# Media: UDP ports 3480 to 3483, one for each worker, or TCP port 3480."},
		{sfu.ICEConfig{UDPPort: 3480, Workers: 2, TCPPort: -1}, "# Media: UDP ports 3480 to 3481, one for each worker."},
		{sfu.ICEConfig{Workers: 2}, "# Media: 2 of the UDP ports that are free, one for each worker."},
	} {
		var out strings.Builder
		showPorts(&out, sfu.Config{ICE: c.config, TURN: relay.Config{Relay: relay.Off, UDPPort: 3478}})
		if got := strings.TrimSpace(out.String()); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestConfigurationShowsThePortsOfTheRelay(t *testing.T) {
	var out strings.Builder
	showPorts(&out, sfu.Config{ICE: sfu.ICEConfig{UDPPort: 3480, Workers: 1}, TURN: relay.Config{Relay: relay.On, UDPPort: 3478, TLSPort: 5349}})
	if got := out.String(); !strings.HasSuffix(got, "or TCP port 3480.\n# Relay: UDP port 3478.\n# Relay: TCP port 5349.\n") {
		t.Errorf("%q", got)
	}
}
