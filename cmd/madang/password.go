package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"madang/room/password"
)

func newPassword() *cobra.Command {
	return &cobra.Command{
		Use:   "password",
		Short: "Make a hash of a password, to configure in its place",
		Long: "Asks for a password, or reads one line of standard input, and prints a hash of it\n" +
			"(argon2id). Put that in the file that rooms.password_file or rooms.owner_password_file\n" +
			"names: people go on giving the password, and the file does not say it.",
		Example: "  madang password > /etc/madang/password\n" +
			"  pwgen 12 1 | tee /dev/stderr | madang password > /etc/madang/password",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			text, err := readPassword(command.InOrStdin(), command.ErrOrStderr())
			if err != nil {
				return exitError{exitInvalid, err}
			}
			fmt.Fprintln(command.OutOrStdout(), password.Hash(text))
			return nil
		},
	}
}

// readPassword reads a password: from a terminal without showing it, and twice.
func readPassword(from io.Reader, prompts io.Writer) (string, error) {
	var text string
	var err error
	if terminal, ok := from.(*os.File); ok && term.IsTerminal(int(terminal.Fd())) {
		text, err = askPassword(terminal, prompts)
	} else {
		text, err = bufio.NewReader(io.LimitReader(from, password.MaxBytes+2)).ReadString('\n')
		if errors.Is(err, io.EOF) { // a line without an end
			err = nil
		}
	}
	text = strings.TrimRight(text, "\r\n")
	switch {
	case err != nil:
		return "", err
	case text == "":
		return "", errors.New("there is no password")
	case len(text) > password.MaxBytes:
		return "", fmt.Errorf("a password has at most %d bytes", password.MaxBytes)
	}
	return text, nil
}

// askPassword asks twice, so that what was mistyped shows.
func askPassword(terminal *os.File, prompts io.Writer) (string, error) {
	var given [2]string
	for i, prompt := range []string{"Password: ", "Again: "} {
		fmt.Fprint(prompts, prompt)
		text, err := term.ReadPassword(int(terminal.Fd()))
		fmt.Fprintln(prompts)
		if err != nil {
			return "", err
		}
		given[i] = string(text)
	}
	if given[0] != given[1] {
		return "", errors.New("these are not the same")
	}
	return given[0], nil
}
