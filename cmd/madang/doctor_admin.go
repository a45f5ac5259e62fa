package main

import (
	"net"
	"strings"

	"madang/configs"
	"madang/signaling"
)

// testPage tells where people can see for themselves what their network lets through.
func (d *doctor) testPage(config configs.Config) {
	if url := pageURL(config); url != "" {
		d.line("  ", d.say.TestPage.with(url+"/test"))
	}
}

// pageURL is where people open the page; empty where that shows at the start only.
func pageURL(config configs.Config) string {
	if config.Server.PublicURL != "" {
		return strings.TrimSuffix(config.Server.PublicURL, "/")
	}
	scheme := "https"
	if config.TLS.Mode == "off" {
		scheme = "http"
	}
	host, port, _ := net.SplitHostPort(config.Server.Listen) // it was validated
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	if port == "0" {
		return ""
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// admin tells who reaches the admin listener, and what they need for it.
func (d *doctor) admin(config signaling.ServerConfig) {
	if config.AdminListen == "" {
		d.note(d.say.NoAdmin)
		return
	}
	d.listener("server.admin_listen", config.AdminListen, config.Listen)
	switch here, token := loopback(config.AdminListen), config.AdminToken != ""; {
	case here && token:
		d.well(d.say.AdminByToken)
	case here:
		d.note(d.say.AdminTokenless)
	case token:
		d.note(d.say.AdminInTheClear)
	default:
		d.ill(d.say.AdminForNobody)
	}
}
