package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"madang/configs"
)

func newConfig() *cobra.Command {
	command := &cobra.Command{
		Use:   "config",
		Short: "Check, show and explain the configuration",
		Args:  cobra.NoArgs,
		RunE:  func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	command.AddCommand(newConfigCheck(), newConfigShow(), newConfigDocs())
	return command
}

func newConfigCheck() *cobra.Command {
	command := &cobra.Command{
		Use:   "check",
		Short: "Say everything that is wrong, with its place; exit 1 if anything is",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if _, err := loadSettings(command); err != nil {
				return exitError{exitFailed, err}
			}
			fmt.Fprintln(command.OutOrStdout(), "ok")
			return nil
		},
	}
	addSettings(command)
	return command
}

func newConfigShow() *cobra.Command {
	command := &cobra.Command{
		Use:   "show",
		Short: "Print what holds and where each value came from; secrets are masked",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			loaded, err := loadSettings(command)
			if err != nil {
				return exitError{exitFailed, err}
			}
			if err := loaded.Show(command.OutOrStdout()); err != nil {
				return err
			}
			showPorts(command.OutOrStdout(), loaded.Config.SFU())
			return nil
		},
	}
	addSettings(command)
	return command
}

func newConfigDocs() *cobra.Command {
	return &cobra.Command{
		Use:   "docs",
		Short: "Print a configuration file with every setting and what it is for",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			_, err := fmt.Fprint(command.OutOrStdout(), configs.Sample())
			return err
		},
	}
}
