package configs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each example of a proxy says what to configure here.
func TestExamplesOfProxiesHaveAConfiguration(t *testing.T) {
	for _, name := range []string{"nginx.conf", "Caddyfile"} {
		text, err := os.ReadFile(filepath.Join("deploy", name))
		if err != nil {
			t.Fatal(err)
		}
		_, config, _ := strings.Cut(string(text), "# In madang.yaml:\n#\n")
		config, _, _ = strings.Cut(config, "\n\n")
		loaded, err := load(strings.ReplaceAll("\n"+config, "\n#", "\n")+"\n", nil, nil)
		if err != nil {
			t.Errorf("%s:\n%v", name, err)
		} else if len(loaded.Config.Server.TrustedProxies) == 0 || loaded.Config.Server.PublicURL == "" {
			t.Errorf("%s: nobody is trusted", name)
		}
	}
}
