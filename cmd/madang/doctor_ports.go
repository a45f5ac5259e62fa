package main

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"madang/configs"
	"madang/sfu/relay"
	"madang/sfu/udp"
)

// openPorts are the ports that clients come to.
type openPorts struct{ tcp, udp []int }

// mediaPorts are the ports of media and relay that are fixed, each once.
func mediaPorts(config configs.Config) (ports openPorts) {
	add := func(to *[]int, port int) {
		if port > 0 && !slices.Contains(*to, port) {
			*to = append(*to, port)
		}
	}
	if tcp, on := config.ICE.ListenTCP(); on {
		add(&ports.tcp, tcp)
	}
	if config.ICE.UDPPort > 0 {
		for i := range config.ICE.WorkerCount() {
			add(&ports.udp, config.ICE.UDPPort+i)
		}
	}
	if config.TURN.Relay == relay.On {
		add(&ports.udp, config.TURN.UDPPort)
		add(&ports.tcp, config.TURN.TCPPort)
		add(&ports.tcp, config.TURN.TLSPort)
	}
	return ports
}

// outerPorts are all ports that clients on other machines come to.
func outerPorts(config configs.Config) openPorts {
	ports := mediaPorts(config)
	for _, address := range []string{config.Server.Listen, config.Server.RedirectListen} {
		_, port, _ := net.SplitHostPort(address) // it was validated, or there is none
		if number, _ := net.LookupPort("tcp", port); number > 0 && !loopback(address) {
			ports.tcp = append(ports.tcp, number)
		}
	}
	return ports
}

// listener tells whether an address can be listened on, or who has it: a madang that
// runs, if one serves the page.
func (d *doctor) listener(setting, address, page string) {
	l, err := net.Listen("tcp", address)
	switch {
	case err == nil:
		l.Close()
		d.well(d.say.Free.with(address, setting))
	case errors.Is(err, syscall.EADDRINUSE) && answersAsMadang(page):
		d.note(d.say.Runs.with(address, setting))
	default:
		d.ill(d.say.Closed.with(address, setting, d.reason(err)))
	}
}

// media tries every port of media and relay.
func (d *doctor) media(config configs.Config) {
	ports := mediaPorts(config)
	var taken []string
	for _, port := range ports.udp {
		c, err := net.ListenPacket("udp", ":"+strconv.Itoa(port))
		if err != nil {
			taken = append(taken, d.say.UDPPort.with(port, d.reason(err)))
			continue
		}
		c.Close()
	}
	for _, port := range ports.tcp {
		l, err := net.Listen("tcp", ":"+strconv.Itoa(port))
		if err != nil {
			taken = append(taken, d.say.TCPPort.with(port, d.reason(err)))
			continue
		}
		l.Close()
	}
	switch {
	case len(taken) > 0 && answersAsMadang(config.Server.Listen):
		d.note(d.say.TakenByMadang.with(strings.Join(taken, "\n")))
	case len(taken) > 0:
		d.ill(d.say.Taken.with(strings.Join(taken, "\n")))
	case len(ports.udp) == 0:
		d.note(d.say.AnyPorts)
	default:
		d.well(d.say.Ports.with(listed(runsOf(ports.udp), d.say.To, ", "), cmp.Or(listed(runsOf(ports.tcp), d.say.To, ", "), d.say.None)))
	}
	if _, on := config.ICE.ListenTCP(); !on {
		d.note(d.say.NoTCP)
	}
}

func capitalised(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// wantedBuffer holds what comes to a worker in a tenth of a second of much traffic.
const wantedBuffer = 4 << 20

// buffers tells how much the kernel holds for a UDP port.
func (d *doctor) buffers() {
	options := udp.Options{}
	c, err := options.Listen(context.Background(), "udp4", "127.0.0.1:0")
	if err != nil {
		d.ill(d.say.NoUDP.with(d.reason(err)))
		return
	}
	defer c.Close()
	receive, send := c.Buffers()
	switch least := min(receive, send); {
	case least == 0:
		d.note(d.say.BuffersUnknown)
	case least < wantedBuffer:
		d.note(d.say.BuffersSmall.with(least>>10, 2*wantedBuffer, 2*wantedBuffer))
	default:
		d.well(d.say.BuffersLarge.with(least >> 10))
	}
}

// answersAsMadang tells whether a madang listens at an address of this host.
func answersAsMadang(address string) bool {
	client := http.Client{Timeout: time.Second}
	host, port, _ := net.SplitHostPort(address)
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	for _, scheme := range []string{"http", "https"} {
		answer, err := client.Get(scheme + "://" + net.JoinHostPort(host, port) + "/healthz")
		if err == nil {
			answer.Body.Close()
			return answer.StatusCode == http.StatusOK && strings.Contains(answer.Header.Get("Permissions-Policy"), "camera")
		}
		if strings.Contains(err.Error(), "certificate") { // it speaks TLS, self-signed
			return true
		}
	}
	return false
}

// reason is what the system says, without what it was asked.
func (d *doctor) reason(err error) string {
	var number syscall.Errno
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return d.say.ByOther
	case errors.Is(err, syscall.EACCES):
		return d.say.Privileged
	case errors.As(err, &number):
		return number.Error()
	}
	return err.Error()
}
