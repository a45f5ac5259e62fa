package main

import (
	"net"
	"sync"
	"time"
)

// measureFloor has a process flood sockets of ours as a scenario's server would,
// frame by frame, with nothing but sealing and sending.
func measureFloor(p *process, s scenario, length time.Duration) (r round, err error) {
	if err := p.pin(true); err != nil {
		return r, err
	}
	defer func() { _ = p.pin(false) }()
	var readers sync.WaitGroup
	defer readers.Wait()
	req := request{Do: "flood", Size: s.Size, Segment: s.perFrame(), Times: s.Hears, For: length}
	for range s.Rooms * s.members() {
		socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			return r, err
		}
		defer socket.Close()
		_ = socket.SetReadBuffer(1 << 20) // smaller ones only drop
		req.To = append(req.To, socket.LocalAddr().String())
		readers.Go(func() { discard(socket) })
	}
	before := p.watch()
	flooded, err := p.ask(req)
	if err != nil {
		return r, err
	}
	r = round{CPU: flooded.CPU, Forwarded: flooded.Sent, Expected: flooded.Sent, Load: float64(flooded.CPU) / float64(length)}
	r.Invalid = p.stolen(before, p.watch(), flooded.CPU)
	r.Cost = float64(r.CPU.Nanoseconds()) / 1000 / float64(max(flooded.Sent, 1))
	return r, nil
}

func discard(socket *net.UDPConn) {
	buf := make([]byte, 2048)
	for {
		if _, _, err := socket.ReadFromUDPAddrPort(buf); err != nil {
			return
		}
	}
}
