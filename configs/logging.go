package configs

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// LoggingConfig says what is logged, and how.
type LoggingConfig struct {
	// From which level on.
	Level string `yaml:"level" oneof:"debug info warn error" reload:"live"`
	// For people, or for machines.
	Format string `yaml:"format" oneof:"text json"`
}

// DefaultLoggingConfig is text from info on.
func DefaultLoggingConfig() LoggingConfig { return LoggingConfig{Level: "info", Format: "text"} }

// Validate reports every problem by the path of its field.
func (c LoggingConfig) Validate(report func(field, problem string)) {
	if _, ok := levels[c.Level]; !ok {
		report("level", fmt.Sprintf("%q is not one of debug, info, warn, error", c.Level))
	}
	if c.Format != "text" && c.Format != "json" {
		report("format", fmt.Sprintf("%q is not one of text, json", c.Format))
	}
}

var levels = map[string]slog.Level{
	"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
}

// Severity is the level as the logger has it.
func (c LoggingConfig) Severity() slog.Level { return levels[c.Level] }

// New makes the logger, which writes to w from a level on. The values of attributes
// that are secret by their name are masked, should one slip in as plain text.
func (c LoggingConfig) New(w io.Writer, from slog.Leveler) *slog.Logger {
	options := &slog.HandlerOptions{Level: from, ReplaceAttr: maskAttr}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

func maskAttr(_ []string, a slog.Attr) slog.Attr {
	switch strings.ToLower(a.Key) {
	case "password", "secret", "token", "session", "authorization", "cookie":
		return slog.String(a.Key, mask)
	}
	return a
}

// mask stands wherever a secret would.
const mask = "***"
