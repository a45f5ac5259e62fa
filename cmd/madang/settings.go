package main

import (
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"madang/configs"
)

// defaultFile is read when no file is named and it is there.
const defaultFile = "madang.yaml"

// addSettings gives a command the flag --config and one flag for every setting.
func addSettings(command *cobra.Command) {
	flags := command.Flags()
	flags.SortFlags = false
	addConfigFile(flags)
	for _, s := range configs.Settings() {
		flags.Var(new(setting), s.Path, s.Usage)
	}
	command.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		if unknown := (*pflag.NotExistError)(nil); errors.As(err, &unknown) {
			return errors.New(err.Error() + configs.Suggest(unknown.GetSpecifiedName()))
		}
		return err
	})
}

// addConfigFile adds the flag --config alone.
func addConfigFile(flags *pflag.FlagSet) {
	flags.String("config", "", "the configuration `file`; without it "+defaultFile+" here, if there is one")
}

// setting is the text of a flag as it was given; configs reads it.
type setting string

func (s *setting) String() string        { return string(*s) }
func (s *setting) Set(text string) error { *s = setting(text); return nil }
func (s *setting) Type() string          { return "" }

// loadSettings reads the configuration that a command line asks for.
func loadSettings(command *cobra.Command) (*configs.Loaded, error) {
	return configs.Load(sources(command))
}

// sources are where a command line has the configuration read from.
func sources(command *cobra.Command) configs.Sources {
	from := configs.Sources{Environ: os.Environ(), Flags: map[string]string{}}
	command.Flags().Visit(func(flag *pflag.Flag) {
		if _, ok := flag.Value.(*setting); ok {
			from.Flags[flag.Name] = flag.Value.String()
		}
	})
	from.File, _ = command.Flags().GetString("config") // the flag exists
	if from.File == "" {
		if _, err := os.Stat(defaultFile); !errors.Is(err, fs.ErrNotExist) {
			from.File = defaultFile
		}
	}
	return from
}
