package main

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// flood is the floor, what a forwarded packet costs at the very least: it is
// sealed with AES-128-GCM and leaves with others for the same receiver in one
// send (UDP_SEGMENT). It paces as the scenario does, and returns the CPU time.
func flood(req request) (time.Duration, uint64, error) {
	f, err := newFlooder(req)
	if err != nil {
		return 0, 0, err
	}
	defer f.socket.Close()
	before, err := processTime()
	if err != nil {
		return 0, 0, err
	}
	ticker := time.NewTicker(frameEvery)
	defer ticker.Stop()
	var sent uint64
	for end := time.Now().Add(req.For); time.Now().Before(end); <-ticker.C {
		for i := range len(f.to) * req.Times {
			if err := f.send(f.to[i%len(f.to)]); err != nil {
				return 0, 0, fmt.Errorf("send segments: %w", err)
			}
			sent += uint64(req.Segment)
		}
	}
	after, err := processTime()
	return after - before, sent, err
}

type flooder struct {
	socket  *net.UDPConn
	raw     syscall.RawConn
	seal    cipher.AEAD
	to      []*unix.SockaddrInet4
	payload []byte
	segment int
	buf     []byte
	control []byte
	nonce   [12]byte
	count   uint64
}

func newFlooder(req request) (*flooder, error) {
	f := &flooder{payload: make([]byte, req.Size), segment: req.Segment}
	block, err := aes.NewCipher(make([]byte, 16))
	if err != nil {
		return nil, err
	}
	if f.seal, err = cipher.NewGCM(block); err != nil {
		return nil, err
	}
	for _, text := range req.To {
		to, err := netip.ParseAddrPort(text)
		if err != nil {
			return nil, err
		}
		f.to = append(f.to, &unix.SockaddrInet4{Port: int(to.Port()), Addr: to.Addr().As4()})
	}
	if f.socket, err = net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}); err != nil {
		return nil, err
	}
	if f.raw, err = f.socket.SyscallConn(); err != nil {
		return nil, err
	}
	f.control = make([]byte, unix.CmsgSpace(2))
	h := (*unix.Cmsghdr)(unsafe.Pointer(&f.control[0]))
	h.Level, h.Type = unix.SOL_UDP, unix.UDP_SEGMENT
	h.SetLen(unix.CmsgLen(2))
	binary.NativeEndian.PutUint16(f.control[unix.CmsgLen(0):], uint16(rtpHeader+req.Size+f.seal.Overhead()))
	return f, nil
}

// rtpHeader is the least that stands before a sealed payload, in bytes.
const rtpHeader = 12

// send seals a run of packets and sends it at once.
func (f *flooder) send(to *unix.SockaddrInet4) error {
	f.buf = f.buf[:0]
	for range f.segment {
		f.count++
		binary.BigEndian.PutUint64(f.nonce[4:], f.count)
		start := len(f.buf)
		f.buf = append(f.buf, f.nonce[:rtpHeader]...)
		f.buf = f.seal.Seal(f.buf, f.nonce[:], f.payload, f.buf[start:])
	}
	var err error
	refused := f.raw.Write(func(fd uintptr) bool {
		_, err = unix.SendmsgN(int(fd), f.buf, f.control, to, unix.MSG_DONTWAIT)
		return err != unix.EAGAIN
	})
	if refused != nil {
		return refused
	}
	return err
}
