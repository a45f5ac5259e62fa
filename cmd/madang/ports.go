package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"madang/sfu"
	"madang/sfu/relay"
)

// portList names UDP ports in words: a run of them by its ends.
func portList(ports []int) string {
	last := len(ports) - 1
	switch {
	case last == 0:
		return fmt.Sprintf("UDP port %d", ports[0])
	case slices.Max(ports)-slices.Min(ports) == last:
		return fmt.Sprintf("UDP ports %d to %d", slices.Min(ports), slices.Max(ports))
	}
	var words []string
	for _, p := range ports {
		words = append(words, strconv.Itoa(p))
	}
	return fmt.Sprintf("UDP ports %s and %s", strings.Join(words[:last], ", "), words[last])
}

// besides names the TCP port behind the UDP ports, if there is one.
func besides(tcp int) string {
	if tcp == 0 {
		return ""
	}
	return fmt.Sprintf(", or TCP port %d", tcp)
}

// showPorts says as a comment on a configuration what follows from it: which
// ports a firewall is to leave open.
func showPorts(w io.Writer, config sfu.Config) {
	showMediaPorts(w, config.ICE)
	if config.TURN.Relay != relay.On {
		return
	}
	for _, p := range []struct {
		way  string
		port int
	}{{"UDP", config.TURN.UDPPort}, {"TCP", config.TURN.TCPPort}, {"TCP", config.TURN.TLSPort}} {
		if p.port > 0 {
			fmt.Fprintf(w, "# Relay: %s port %d.\n", p.way, p.port)
		}
	}
}

func showMediaPorts(w io.Writer, config sfu.ICEConfig) {
	count := config.WorkerCount()
	if config.UDPPort == 0 {
		fmt.Fprintf(w, "\n# Media: %d of the UDP ports that are free, one for each worker%s.\n", count, besides(max(0, config.TCPPort)))
		return
	}
	var ports []int
	for i := range count {
		ports = append(ports, config.UDPPort+i)
	}
	tcp := 0
	if port, on := config.ListenTCP(); on {
		tcp = port
	}
	fmt.Fprintf(w, "\n# Media: %s, one for each worker%s.\n", portList(ports), besides(tcp))
}
