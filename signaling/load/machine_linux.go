package load

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// measureUsage reads what was used until now.
func measureUsage() usage {
	u := usage{at: time.Now()}
	var own unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &own) == nil {
		u.own = time.Duration(own.Utime.Nano() + own.Stime.Nano())
	}
	if stat, err := os.ReadFile("/proc/stat"); err == nil {
		u.busy, u.all = parseStat(stat)
	}
	return u
}

// parseStat reads the first line of /proc/stat: cpu, then ticks of user, nice,
// system, idle, iowait, irq, softirq, steal. What guests used is in user.
func parseStat(stat []byte) (busy, all uint64) {
	line, _, _ := bytes.Cut(stat, []byte("\n"))
	fields := strings.Fields(string(line))
	for i := 1; i < len(fields) && i <= 8; i++ {
		ticks, err := strconv.ParseUint(fields[i], 10, 64)
		if err != nil {
			return 0, 0
		}
		all += ticks
		if i != 4 && i != 5 { // idle and waiting for a disk
			busy += ticks
		}
	}
	return busy, all
}

// countDrops reads what the kernel dropped until now.
func countDrops() Drops {
	snmp, err := os.ReadFile("/proc/net/snmp")
	if err != nil {
		return Drops{}
	}
	d := Drops{Known: true, Machine: parseReceiveErrors(snmp)}
	own := ownSockets()
	for _, name := range []string{"/proc/net/udp", "/proc/net/udp6"} {
		if table, err := os.ReadFile(name); err == nil {
			d.Own += parseSocketDrops(table, own)
		}
	}
	return d
}

// parseReceiveErrors reads RcvbufErrors of UDP from /proc/net/snmp, which has a
// line of names above each line of numbers.
func parseReceiveErrors(snmp []byte) uint64 {
	var names []string
	for scanner := bufio.NewScanner(bytes.NewReader(snmp)); scanner.Scan(); {
		fields := strings.Fields(scanner.Text())
		switch {
		case len(fields) == 0 || fields[0] != "Udp:":
		case names == nil:
			names = fields
		default:
			for i, name := range names {
				if name == "RcvbufErrors" && i < len(fields) {
					n, _ := strconv.ParseUint(fields[i], 10, 64)
					return n
				}
			}
		}
	}
	return 0
}

// parseSocketDrops adds up the last column of /proc/net/udp for sockets by inode.
func parseSocketDrops(table []byte, own map[string]bool) (drops uint64) {
	const inode, least = 9, 13
	for scanner := bufio.NewScanner(bytes.NewReader(table)); scanner.Scan(); {
		fields := strings.Fields(scanner.Text())
		if len(fields) < least || !own[fields[inode]] {
			continue
		}
		n, _ := strconv.ParseUint(fields[len(fields)-1], 10, 64)
		drops += n
	}
	return drops
}

// ownSockets are the inodes of this process's sockets.
func ownSockets() map[string]bool {
	own := map[string]bool{}
	descriptors, _ := filepath.Glob("/proc/self/fd/*")
	for _, descriptor := range descriptors {
		target, err := os.Readlink(descriptor)
		if err != nil {
			continue
		}
		if inode, ok := strings.CutPrefix(target, "socket:["); ok {
			own[strings.TrimSuffix(inode, "]")] = true
		}
	}
	return own
}
