package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// clockTick is the unit of /proc/stat (USER_HZ is 100 on every architecture that Go has).
const clockTick = 10 * time.Millisecond

// serving tells whether a core is one of those that the server measured has: the
// last ones.
func serving(core, cores int) bool { return core >= runtime.NumCPU()-cores }

// pin keeps all threads of a process on the serving cores, or off them. Threads that
// begin later inherit it. With no others there is nothing to choose.
func pin(pid, cores int, serves bool) error {
	var set unix.CPUSet
	for core := range runtime.NumCPU() {
		if cores >= runtime.NumCPU() || serving(core, cores) == serves {
			set.Set(core)
		}
	}
	for range 2 { // one may begin while the others are pinned
		threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
		if err != nil {
			return err
		}
		for _, t := range threads {
			if id, err := strconv.Atoi(t.Name()); err == nil {
				_ = unix.SchedSetaffinity(id, &set) // it may have ended
			}
		}
	}
	return nil
}

// coresBusy is how long the serving cores have worked since boot, whoever for.
func coresBusy(cores int) (busy time.Duration, err error) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 9 {
			continue
		}
		core, err := strconv.Atoi(strings.TrimPrefix(fields[0], "cpu"))
		if err != nil || !serving(core, cores) {
			continue
		}
		for i, field := range fields[1:9] { // user nice system idle iowait irq softirq steal
			if n, err := strconv.ParseInt(field, 10, 64); err == nil && i != 3 && i != 4 {
				busy += time.Duration(n) * clockTick
			}
		}
	}
	return busy, nil
}

// kernelDrops is how many datagrams this machine's sockets had no room for.
func kernelDrops() (uint64, error) {
	text, err := os.ReadFile("/proc/net/snmp")
	if err != nil {
		return 0, err
	}
	var names []string
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] != "Udp:" {
			continue
		}
		if names == nil {
			names = fields
			continue
		}
		for i, name := range names {
			if name == "RcvbufErrors" && i < len(fields) {
				return strconv.ParseUint(fields[i], 10, 64)
			}
		}
	}
	return 0, fmt.Errorf("/proc/net/snmp has no RcvbufErrors")
}
