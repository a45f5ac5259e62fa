//go:build !linux

package main

import (
	"errors"
	"time"
)

// This system neither pins processes to cores nor tells what a core does.

func pin(int, int, bool) error { return nil }

func coresBusy(int) (time.Duration, error) { return 0, errors.ErrUnsupported }

func kernelDrops() (uint64, error) { return 0, errors.ErrUnsupported }
