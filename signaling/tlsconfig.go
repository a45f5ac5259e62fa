package signaling

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// TLSConfig says how the public listener is encrypted.
type TLSConfig struct {
	// off, files (a certificate of yours, read again when it is renewed), acme (from
	// Let's Encrypt or another issuer, by itself), or self-signed (for a LAN: browsers
	// warn once).
	Mode string `yaml:"mode" oneof:"off files acme self-signed"`
	// Certificate chain, PEM. For mode files.
	CertFile string `yaml:"cert_file" example:"/etc/madang/fullchain.pem"`
	// Private key, PEM. For mode files.
	KeyFile string `yaml:"key_file" example:"/etc/madang/privkey.pem"`
	// Folder where certificates are kept, for this server alone; made if need be. For
	// mode acme, and for self-signed, which without it is another one at every start.
	Dir string `yaml:"dir" example:"/var/lib/madang/tls"`
	// Names of this server to have certificates of. For mode acme. The issuer comes
	// back by these names: to port 443 here, or to port 80 by server.redirect_listen.
	ACMEHosts []string `yaml:"acme_hosts" example:"[meet.example.org]"`
	// Address that the issuer writes to when something is wrong. For mode acme.
	ACMEEmail string `yaml:"acme_email" example:"admin@example.org"`
	// Directory of the issuer. Empty: Let's Encrypt; who uses it accepts its terms.
	ACMEDirectory string `yaml:"acme_directory" example:"https://acme.example.org/directory"`
	// How long browsers that came by HTTPS are to come by nothing else (RFC 6797),
	// where an issuer signed the certificate. 0: as they like.
	HSTS time.Duration `yaml:"hsts" reload:"live"`
}

// DefaultTLSConfig is plain HTTP, which browsers allow media on localhost only.
func DefaultTLSConfig() TLSConfig { return TLSConfig{Mode: "off", HSTS: 180 * 24 * time.Hour} }

// Validate reports every problem by the path of its field.
func (c TLSConfig) Validate(report func(field, problem string)) {
	switch c.Mode {
	case "off", "self-signed":
	case "files":
		if c.CertFile == "" {
			report("cert_file", "is needed for mode files")
		}
		if c.KeyFile == "" {
			report("key_file", "is needed for mode files")
		}
	case "acme":
		c.validateACME(report)
	default:
		report("mode", fmt.Sprintf("%q is not one of off, files, acme, self-signed", c.Mode))
	}
	if c.HSTS < 0 || c.HSTS > 2*365*24*time.Hour {
		report("hsts", "must be between 0s and 17520h")
	}
}

func (c TLSConfig) validateACME(report func(field, problem string)) {
	if len(c.ACMEHosts) == 0 {
		report("acme_hosts", "is needed for mode acme: which names does this server have")
	}
	for i, host := range c.ACMEHosts {
		if net.ParseIP(host) != nil || !strings.Contains(host, ".") || strings.ContainsAny(host, ":/*@ ") {
			report(fmt.Sprintf("acme_hosts[%d]", i), fmt.Sprintf("%q is not a name like meet.example.org", host))
		}
	}
	if c.Dir == "" {
		report("dir", "is needed for mode acme: issuers bound how often they are asked")
	}
	if u, err := url.Parse(c.ACMEDirectory); c.ACMEDirectory != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		report("acme_directory", fmt.Sprintf("%q is not a URL like https://acme.example.org/directory", c.ACMEDirectory))
	}
	if c.ACMEEmail != "" && !strings.Contains(c.ACMEEmail, "@") {
		report("acme_email", fmt.Sprintf("%q is not an address", c.ACMEEmail))
	}
}
