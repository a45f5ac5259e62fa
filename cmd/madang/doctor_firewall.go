package main

import (
	"fmt"
	"slices"
	"strings"
)

// firewall says what to paste, for the firewalls that people have.
func (d *doctor) firewall(ports openPorts) {
	if len(ports.tcp)+len(ports.udp) == 0 {
		d.note(d.say.NoPorts)
		return
	}
	d.line("  ", d.say.LetIn)
	for _, recipe := range d.recipes(ports) {
		fmt.Fprintf(d.w, "\n      # %s\n      %s\n", recipe.name, strings.Join(recipe.lines, "\n      "))
	}
}

// recipe is what one kind of firewall is told.
type recipe struct {
	name  string
	lines []string
}

func (d *doctor) recipes(ports openPorts) []recipe {
	ufw, nft, iptables := recipe{name: "ufw"}, recipe{name: d.say.NFT}, recipe{name: "iptables"}
	for _, kind := range []struct {
		protocol string
		ports    []int
	}{{"tcp", ports.tcp}, {"udp", ports.udp}} {
		if len(kind.ports) == 0 {
			continue
		}
		runs := runsOf(kind.ports)
		ufw.lines = append(ufw.lines, fmt.Sprintf("ufw allow %s/%s", listed(runs, ":", ","), kind.protocol))
		nft.lines = append(nft.lines, fmt.Sprintf("nft add rule inet filter input %s dport { %s } accept", kind.protocol, listed(runs, "-", ", ")))
		for _, program := range []string{"iptables", "ip6tables"} {
			iptables.lines = append(iptables.lines, fmt.Sprintf("%s -I INPUT -p %s -m multiport --dports %s -j ACCEPT", program, kind.protocol, listed(runs, ":", ",")))
		}
	}
	return []recipe{ufw, nft, iptables}
}

// runsOf are the runs of ports that follow each other, by their ends.
func runsOf(ports []int) (runs [][2]int) {
	for _, port := range slices.Sorted(slices.Values(ports)) {
		if last := len(runs) - 1; last >= 0 && runs[last][1] == port-1 {
			runs[last][1] = port
			continue
		}
		runs = append(runs, [2]int{port, port})
	}
	return runs
}

func listed(runs [][2]int, to, and string) string {
	var words []string
	for _, run := range runs {
		if run[0] == run[1] {
			words = append(words, fmt.Sprint(run[0]))
		} else {
			words = append(words, fmt.Sprintf("%d%s%d", run[0], to, run[1]))
		}
	}
	return strings.Join(words, and)
}
