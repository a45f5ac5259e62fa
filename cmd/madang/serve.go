package main

import (
	"github.com/spf13/cobra"
)

func newServe() *cobra.Command {
	command := &cobra.Command{
		Use:   "serve",
		Short: "Serve rooms until told to stop",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			loaded, err := loadSettings(command)
			if err != nil {
				return exitError{exitInvalid, err}
			}
			_ = loaded
			return nil
		},
	}
	addSettings(command)
	return command
}
