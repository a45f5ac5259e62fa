package udp

import (
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

// strangers is how many remotes may be refused segments with EINVAL, before any
// has got them, until the port does without.
const strangers = 3

// segmentation is what a port knows of the kernel's will to cut messages. What a
// socket option promises can fail later, at the interface or on the path, so the
// answer is learnt from what is sent. It is shared by the batches of a port.
type segmentation struct {
	off     atomic.Bool
	proven  atomic.Bool // a message was cut
	refusal atomic.Int32
	onOff   func(refusal error)
}

func (s *segmentation) segments() bool { return !s.off.Load() }

// worked notes a message that the kernel took.
func (s *segmentation) worked() {
	if !s.proven.Load() {
		s.proven.Store(true)
	}
}

// refused tells whether an error of a message was that it is to be cut; its
// datagrams are to be sent by themselves then. An interface that cannot add
// checksums says EIO, and a kernel that knows no segments ENOPROTOOPT: the port
// goes on without. EINVAL (EMSGSIZE from Linux 6.14 on) is also said of a path
// whose MTU is below the segment's size, and there plain datagrams are cut into
// fragments. Anybody may have, or feign, such a path, so that costs only that
// remote, until it looks as though no path were another.
func (s *segmentation) refused(errno syscall.Errno, to *Remote) bool {
	switch errno {
	case unix.EIO, unix.ENOPROTOOPT:
		s.disable(errno)
	case unix.EINVAL, unix.EMSGSIZE:
		to.route.plain = true
		if !s.proven.Load() && s.refusal.Add(1) >= strangers {
			s.disable(errno)
		}
	default:
		return false
	}
	return true
}

func (s *segmentation) disable(refusal error) {
	if s.off.CompareAndSwap(false, true) && s.onOff != nil {
		s.onOff(refusal)
	}
}
