// Command madang is the server and its tools in one binary.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// The exit codes of every command.
const (
	exitFailed  = 1 // it was done and the answer is no, or it ended badly
	exitInvalid = 2 // nothing was started: the command line or the configuration is wrong
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run runs one command line and returns its exit code.
func run(args []string, stdout, stderr io.Writer) int {
	command := newRoot()
	command.SetArgs(args)
	command.SetOut(stdout)
	command.SetErr(stderr)
	err := command.ExecuteContext(context.Background())
	if err == nil {
		return 0
	}
	if text := err.Error(); text != "" {
		fmt.Fprintln(stderr, text)
	}
	if coded := (exitError{}); errors.As(err, &coded) {
		return coded.code
	}
	return exitInvalid // cobra did not understand the command line
}

// exitError ends the program with a code. Without a cause everything was said.
type exitError struct {
	code  int
	cause error
}

func (e exitError) Error() string {
	if e.cause == nil {
		return ""
	}
	return e.cause.Error()
}

func (e exitError) Unwrap() error { return e.cause }

// newRoot makes the command tree; without a command, madang serves.
func newRoot() *cobra.Command {
	root := newServe()
	root.Use = "madang"
	root.Short = "A video room from one binary"
	root.Long = "Madang is a video room: a server that forwards audio, video and chat between\n" +
		"browsers, and the page that they open. Without a command it serves."
	root.Example = "  madang                                serve on http://localhost:8080\n" +
		"  madang --server.listen=:8080          serve to others too\n" +
		"  madang config docs > madang.yaml      start a configuration file"
	root.SilenceErrors = true
	root.SilenceUsage = true
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(newServe(), newDoctor(), newToken(), newPassword(), newLoad(), newConfig())
	return root
}
