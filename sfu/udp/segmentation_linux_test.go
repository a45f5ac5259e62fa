package udp

import (
	"fmt"
	"slices"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// refuse puts a kernel under c that answers some messages with an error, and
// sends the others. It counts how often it has refused.
func refuse(c *Conn, errno syscall.Errno, which func(*mmsghdr) bool) *int {
	refusals := new(int)
	c.kernel.sendmmsg = func(fd uintptr, messages []mmsghdr) (int, syscall.Errno) {
		n := slices.IndexFunc(messages, func(m mmsghdr) bool { return which(&m) })
		switch n {
		case 0:
			*refusals++
			return 0, errno
		case -1:
			n = len(messages)
		}
		return sendmmsg(fd, messages[:n])
	}
	return refusals
}

func rawName(m *mmsghdr) *unix.RawSockaddrInet6 {
	return (*unix.RawSockaddrInet6)(unsafe.Pointer(m.header.Name))
}

func segmented(m *mmsghdr) bool { return m.header.Controllen > 0 }

// exchange sends runs of equal datagrams to all receivers by one flush, and
// checks that all have come.
func exchange(t *testing.T, batch *Batch, remotes []*Remote, receivers []*Conn) {
	t.Helper()
	var want []string
	for i := range 12 {
		want = append(want, fmt.Sprintf("%0*d", 500+i/8, i))
		for _, to := range remotes {
			add(batch, to, []byte(want[i]))
		}
	}
	batch.Flush()
	for i, c := range receivers {
		if got := receiveAll(t, c, NewBurst(), len(want))[at(batch.conn, "127.0.0.1")]; !slices.Equal(got, want) {
			t.Fatalf("receiver %d got %d other datagrams", i, len(got))
		}
	}
}

// stage is a sender and so many receivers.
func stage(t *testing.T, o Options, n int) (*Conn, []*Remote, []*Conn) {
	t.Helper()
	sender := with(t, o, "udp", ":0")
	if !sender.Stats().Segmentation {
		t.Skip("the kernel here knows no UDP_SEGMENT")
	}
	remotes, receivers := make([]*Remote, n), make([]*Conn, n)
	for i := range receivers {
		receivers[i] = open(t, "udp", ":0")
		remotes[i] = NewRemote(at(receivers[i], "127.0.0.1"))
	}
	return sender, remotes, receivers
}

func TestPortGoesOnPlainWhenTheKernelCutsNothing(t *testing.T) {
	for _, tc := range []struct {
		errno    syscall.Errno
		refusals int // system calls that fail, for five remotes
	}{{unix.EIO, 1}, {unix.ENOPROTOOPT, 1}, {unix.EINVAL, strangers}, {unix.EMSGSIZE, strangers}} {
		t.Run(tc.errno.Error(), func(t *testing.T) {
			var told []error
			sender, remotes, receivers := stage(t, Options{OnPlain: func(err error) { told = append(told, err) }}, 5)
			refusals, batch := refuse(sender, tc.errno, segmented), sender.NewBatch()
			for range 3 {
				exchange(t, batch, remotes, receivers)
			}
			s := sender.Stats()
			if s.Segmentation || s.DatagramsOut != 3*5*12 || s.Segments+s.SendErrors+s.SendDrops != 0 {
				t.Errorf("counted %+v", s)
			}
			if *refusals != tc.refusals || !slices.Equal(told, []error{tc.errno}) {
				t.Errorf("%d refusals, told of %v", *refusals, told)
			}
		})
	}
}

// One remote behind a path of a small MTU, or that feigns one, is no reason to
// do without segments to all others.
func TestRefusedPathCostsOnlyItsRemote(t *testing.T) {
	for _, errno := range []syscall.Errno{unix.EINVAL, unix.EMSGSIZE} {
		t.Run(errno.Error(), func(t *testing.T) {
			sender, remotes, receivers := stage(t, Options{}, 5)
			narrow := at(receivers[1], "127.0.0.1").Port()
			refusals, batch := refuse(sender, errno, func(m *mmsghdr) bool {
				return segmented(m) && rawName(m).Port == networkOrder(narrow)
			}), sender.NewBatch()
			for range 3 {
				exchange(t, batch, remotes, receivers)
			}
			// The run of eight and four goes as two messages to each of the others.
			if s := sender.Stats(); !s.Segmentation || s.Segments != 3*4*12 || s.DatagramsOut != 3*5*12 || *refusals != 1 {
				t.Errorf("counted %+v, %d refusals", s, *refusals)
			}
		})
	}
}

func TestPlainMessageThatFailsIsNoReasonToCutNone(t *testing.T) {
	sender, remotes, receivers := stage(t, Options{}, 2)
	batch := sender.NewBatch()
	refuse(sender, unix.EINVAL, func(m *mmsghdr) bool { return !segmented(m) })
	add(batch, remotes[1], []byte("alone"))
	exchange(t, batch, remotes[:1], receivers[:1])
	if s := sender.Stats(); !s.Segmentation || s.SendErrors != 1 {
		t.Errorf("counted %+v, want one error", s)
	}
}

func TestNoRoomInTheKernelDropsInsteadOfWaiting(t *testing.T) {
	for _, tc := range []struct {
		name  string
		errno syscall.Errno
		drops uint64
	}{
		{"the send buffer is full: all that is left", unix.EAGAIN, 36},
		{"an interface's queue is full: its own", unix.ENOBUFS, 12},
	} {
		t.Run(tc.name, func(t *testing.T) {
			sender, remotes, _ := stage(t, Options{}, 5)
			batch, full := sender.NewBatch(), remotes[2].AddrPort().Port()
			refuse(sender, tc.errno, func(m *mmsghdr) bool { return rawName(m).Port == networkOrder(full) })
			for i := range 12 {
				for _, to := range remotes {
					add(batch, to, make([]byte, 500+i/8))
				}
			}
			batch.Flush()
			if s := sender.Stats(); s.SendDrops != tc.drops || s.DatagramsOut+s.SendDrops != 60 || s.SendErrors != 0 {
				t.Errorf("counted %+v, want %d drops", s, tc.drops)
			}
		})
	}
}
