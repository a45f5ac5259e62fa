package configs

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestConfigurationInTheReadmeIsTenLinesThatLoad(t *testing.T) {
	block := regexp.MustCompile("(?s)```yaml\n(.*?)```")
	var first string
	for _, name := range []string{"../README.md", "../README.ko.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		found := block.FindSubmatch(text)
		if found == nil {
			t.Fatalf("%s shows no configuration", name)
		}
		example := string(found[1])
		if first == "" {
			first = example
		}
		if example != first {
			t.Errorf("%s shows another configuration", name)
		}
		if lines := strings.Count(example, "\n"); lines != 10 {
			t.Errorf("%s: %d lines", name, lines)
		}
		if _, err := load(example, nil, nil); err != nil {
			t.Error(err)
		}
	}
}
