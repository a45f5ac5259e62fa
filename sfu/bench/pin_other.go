//go:build !linux

package main

import "runtime"

// pinToOneCore runs one goroutine at a time; this system does not pin.
func pinToOneCore() { runtime.GOMAXPROCS(1) }
