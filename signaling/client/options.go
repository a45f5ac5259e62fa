package client

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/pion/rtp"

	"madang/signaling/protocol"
)

// Options says who joins which room, and with what lines. The functions in it
// are called on the client's goroutines and must not block.
type Options struct {
	// URL of the server: http, https, ws or wss, host and port.
	URL string
	// Room and Name as a person would type them; Password where the room asks one.
	Room, Name, Password string
	// Token is what the client may come in with, instead of a password. A secret.
	Token string

	// Pairs and Voices are how many receive lines the first offer has. 0 takes
	// what the server proposes, negative is none.
	Pairs, Voices int
	// Sources are the send lines of the offer; nil is all four, as a browser has.
	Sources []protocol.Source
	// Layers are the RIDs of the camera line, the smallest first (q, h, f). None:
	// the camera is not simulcast.
	Layers []string
	// Codecs of video in the order of preference: vp8, vp9, h264, av1. Nil is vp8,
	// which keeps offers short.
	Codecs []string

	// OnRTP gets each packet of a slot, on that slot's goroutine. The packet is
	// overwritten when OnRTP returns.
	OnRTP func(slot *Slot, packet *rtp.Packet, arrived time.Time)
	// OnLobby hears, within Join, what the server says before the client enters. Where
	// its State is waiting, Join goes on when somebody lets the client in.
	OnLobby func(protocol.Lobby)
	// OnKeyframeRequest says that somebody needs a keyframe of a layer ("" where
	// the source has one only).
	OnKeyframeRequest func(source protocol.Source, layer string)

	// ClockOffset is how wrong this member's wall clock is, in its sender reports.
	ClockOffset time.Duration
	// WrapSocket stands between the media and the network: for faults. Only
	// ReadFrom, WriteTo and Close of what it returns are called.
	WrapSocket func(net.PacketConn) net.PacketConn
	// Dial opens the connection of the WebSocket, for faults; nil is the system's.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// GiveUp is for how long a client whose connection is lost tries to come back;
	// 0 is five minutes, negative is not at all.
	GiveUp time.Duration
	// TLS is for https and wss; nil is the system's.
	TLS *tls.Config
	// Log hears what goes wrong beside errors; nil is silent.
	Log *slog.Logger
}

// eventQueue is how many events wait for a reader. What comes when it is full is
// dropped and counted.
const eventQueue = 1024

// setDefaults fills in what was left out.
func (o *Options) setDefaults() {
	if o.Sources == nil {
		o.Sources = []protocol.Source{protocol.Mic, protocol.Camera, protocol.Screen, protocol.ScreenAudio}
	}
	if o.Codecs == nil {
		o.Codecs = []string{"vp8"}
	}
	if o.GiveUp == 0 {
		o.GiveUp = 5 * time.Minute
	}
	if o.OnLobby == nil {
		o.OnLobby = func(protocol.Lobby) {}
	}
	if o.OnRTP == nil {
		o.OnRTP = func(*Slot, *rtp.Packet, time.Time) {}
	}
	if o.OnKeyframeRequest == nil {
		o.OnKeyframeRequest = func(protocol.Source, string) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
}

// endpoint is the URL of the server's WebSocket.
func (o *Options) endpoint() (*url.URL, error) {
	u, err := url.Parse(o.URL)
	if err != nil {
		return nil, err
	}
	switch u.Scheme {
	case "http", "ws":
		u.Scheme = "ws"
	case "https", "wss":
		u.Scheme = "wss"
	default:
		return nil, errors.New("client: the URL must begin with http:// or https://")
	}
	u.Path = strings.TrimSuffix(u.Path, "/") + "/ws"
	return u, nil
}
