package signaling

import (
	"fmt"
	"net/netip"
	"testing"
	"time"
)

func TestAHouseholdIsCountedAsOne(t *testing.T) {
	for remote, want := range map[string]string{
		"192.0.2.7:5000":             "192.0.2.7/32",
		"[::ffff:192.0.2.7]:5000":    "192.0.2.7/32",
		"[2001:db8:1:2:3:4:5:6]:443": "2001:db8:1:2::/64",
		"[fe80::1%eth0]:443":         "fe80::/64",
	} {
		if got := household(addressIn(remote)).String(); got != want {
			t.Errorf("%s is counted as %s, want %s", remote, got, want)
		}
	}
}

func TestPasswordTriesRestAndAreBounded(t *testing.T) {
	now := time.Unix(1_761_912_000, 0)
	tries := newTries[netip.Prefix](2)
	from := func(i int) netip.Prefix {
		return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 32)
	}
	for i, want := range []bool{true, true, false} {
		if ok, retry := tries.allow(from(0), now); ok != want || retry != 30*time.Second {
			t.Errorf("try %d: %t, retry after %v", i, ok, retry)
		}
	}
	if ok, _ := tries.allow(from(0), now.Add(30*time.Second)); !ok {
		t.Error("no try after the rest")
	}
	for i := range maxTriers + 10 {
		tries.allow(from(i), now)
	}
	if len(tries.by) > maxTriers {
		t.Errorf("%d addresses are remembered", len(tries.by))
	}
	if ok, _ := tries.allow(from(maxTriers+1000), now); ok {
		t.Error("a stranger may try while all places are taken")
	}
	if ok, _ := tries.allow(from(maxTriers+1000), now.Add(time.Hour)); !ok || len(tries.by) != 1 {
		t.Errorf("rested addresses are not forgotten: %d", len(tries.by))
	}
}

func TestOutboxIsBoundedAndKeepsOrder(t *testing.T) {
	o := newOutbox(4)
	o.attach(&socket{}, "greeting", 0)
	for i := range 3 {
		if !o.put(i) {
			t.Errorf("put %d is refused", i)
		}
	}
	if !o.putChat("chat") {
		t.Error("chat does not wait apart")
	}
	for i, want := range []any{"greeting", 0, 1, 2} {
		if _, item, seq, ok := o.next(); !ok || item != want || seq != uint64(i) {
			t.Errorf("next = %v with number %d, want %v", item, seq, want)
		}
	}
	for i, want := range []bool{true, true, true, true, false, false} {
		if got := o.put(i); got != want || o.overflowed() == want {
			t.Errorf("put %d = %t", i, got)
		}
	}
	if _, _, _, ok := o.next(); ok {
		t.Error("what was too much still waits")
	}
}

func TestBatchesKeepToTheirSize(t *testing.T) {
	w := &chatWriter{}
	for i := range 10 {
		w.pending = append(w.pending, fmt.Appendf(nil, `{"i":%d,"x":"%04000d"}`, i, 0))
	}
	message, n := w.batch()
	if n != 4 || len(message) > 16<<10 || message[0] != '[' || message[len(message)-1] != ']' {
		t.Errorf("a batch of %d in %d bytes", n, len(message))
	}
	w.pending = w.pending[:1]
	if message, n = w.batch(); n != 1 || message[0] != '{' {
		t.Errorf("one alone: %d, %.20s", n, message)
	}
}
