package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// request is what the bench asks of a server process, a JSON object a line.
type request struct {
	Do    string `json:"do"`    // publish, subscribe, usage
	Offer string `json:"offer"` // for publish and subscribe
	Mid   string `json:"mid"`   // of the published line
}

// reply answers a request.
type reply struct {
	Answer string        `json:"answer,omitempty"`
	CPU    time.Duration `json:"cpu,omitempty"` // of the whole process since its start
	Error  string        `json:"error,omitempty"`
}

// server is a variant: it forwards one published video line to all subscribers.
type server interface {
	publish(offer, mid string) (answer string, err error)
	subscribe(offer string) (answer string, err error)
}

// runServer serves a variant until its input ends.
func runServer(variant string, in io.Reader, out io.Writer) error {
	pinToOneCore()
	var s server
	var err error
	switch variant {
	case "plain":
		s, err = newPlain()
	case "madang":
		s, err = newMadang()
	default:
		err = fmt.Errorf("there is no variant %q", variant)
	}
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	replies := json.NewEncoder(out)
	for lines.Scan() {
		var req request
		if err := json.Unmarshal(lines.Bytes(), &req); err != nil {
			return fmt.Errorf("read a request: %w", err)
		}
		if err := replies.Encode(serveOne(s, req)); err != nil {
			return err
		}
	}
	return lines.Err()
}

func serveOne(s server, req request) (r reply) {
	var err error
	switch req.Do {
	case "publish":
		r.Answer, err = s.publish(req.Offer, req.Mid)
	case "subscribe":
		r.Answer, err = s.subscribe(req.Offer)
	case "usage":
		r.CPU, err = processTime()
	}
	if err != nil {
		r.Error = err.Error()
	}
	return r
}
