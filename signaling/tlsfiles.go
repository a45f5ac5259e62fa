package signaling

import (
	"context"
	"crypto/tls"
	"log/slog"
	"os"
	"time"
)

// renewalEvery is how often the files of a certificate are looked at.
const renewalEvery = 2 * time.Second

// read reads the certificate from its files, if it comes from there. After an error
// the one before holds.
func (c *certificates) read() error {
	if c == nil || c.cfg.Mode != "files" {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(c.cfg.CertFile, c.cfg.KeyFile)
	if err == nil {
		c.now.Store(&pair)
	}
	return err
}

// follow reads the certificate again when its files change, until ctx ends. Between
// the writing of one file and of the other they do not match: what cannot be read is
// tried again until it can, and said once.
func (c *certificates) follow(ctx context.Context, log *slog.Logger) {
	look := time.NewTicker(renewalEvery)
	defer look.Stop()
	seen, said := c.stamps(), ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		now := c.stamps()
		if now == seen && said == "" {
			continue
		}
		seen = now
		if err := c.read(); err == nil {
			said = ""
			log.Info("the certificate was read again", "until", c.now.Load().Leaf.NotAfter)
		} else if err.Error() != said {
			said = err.Error()
			log.Warn("the certificate cannot be read again, so the one before holds on", "why", err)
		}
	}
}

// stamp is what shows that a file has changed, without reading it.
type stamp struct {
	changed time.Time
	size    int64
}

func (c *certificates) stamps() (both [2]stamp) {
	for i, file := range []string{c.cfg.CertFile, c.cfg.KeyFile} {
		if info, err := os.Stat(file); err == nil { // else it is the zero stamp
			both[i] = stamp{info.ModTime(), info.Size()}
		}
	}
	return both
}
