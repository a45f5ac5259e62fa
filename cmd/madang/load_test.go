package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"strings"
	"testing"
	"time"

	"madang/configs"
	"madang/signaling/load"
)

func TestLoadWithoutServerExitsTwo(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + free.Addr().String()
	free.Close()
	began := time.Now()
	var stdout, stderr bytes.Buffer
	if code := run([]string{"load", url}, &stdout, &stderr); code != 2 {
		t.Errorf("exits %d", code)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("takes %v", took)
	}
	if !strings.Contains(stderr.String(), url) || stdout.Len() > 0 {
		t.Errorf("says %q and %q", stdout.String(), stderr.String())
	}
}

func TestLoadFillsARoomOfAServingMadang(t *testing.T) {
	config := configs.Default()
	config.Server.Listen, config.Server.AdminListen, config.ICE.UDPPort = "127.0.0.1:0", "", 0
	ctx, stop := context.WithCancel(t.Context())
	greeting, ended := &safeBuffer{}, make(chan struct{})
	go func() {
		defer close(ended)
		if err := serve(ctx, config, configs.Sources{}, greeting, greeting); err != nil {
			t.Error(err)
		}
	}()
	defer func() { stop(); <-ended }()
	url := awaitURL(t, greeting, ended)
	var stdout, stderr bytes.Buffer
	code := run([]string{"load", url, "--json", "--members=2", "--duration=1s", "--bitrate=100000", "--join-rate=0"}, &stdout, &stderr)
	var report struct{ Tracks load.TrackCounts }
	if err := json.Unmarshal(stdout.Bytes(), &report); err != nil {
		t.Fatalf("%v: exits %d, says %s%s", err, code, stdout.String(), stderr.String())
	}
	if want := (load.TrackCounts{Expected: 4, Received: 4}); report.Tracks != want {
		t.Errorf("exits %d, reports %s", code, stdout.String())
	}
}
