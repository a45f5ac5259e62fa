package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"madang/configs"
	"madang/room"
	"madang/signaling/token"
)

// order is what a token is asked for with.
type order struct {
	token.Grant
	ttl  time.Duration
	link bool
}

func newToken() *cobra.Command {
	var wanted order
	command := &cobra.Command{
		Use:   "token --room ROOM",
		Short: "Make a token that opens a room",
		Long: "Prints a token, signed with the first key in tokens.keys of the configuration that\n" +
			"can sign. Whoever has it comes into the room that it names, without a password, as\n" +
			"what it says, until it expires: then their session ends, unless they were given\n" +
			"another. With --uses it is an invitation: so many may come with it, and stay.\n\n" +
			"A room may be a pattern: * stands for any letters, ? for one.",
		Example: "  madang token --room hello --role moderator --name Mina --ttl 2h\n" +
			"  madang token --room 'class-*' --identity camera-3 --may join,camera\n" +
			"  madang token --room hello --role guest --uses 30 --ttl 24h --link",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			loaded, err := loadSettings(command)
			if err != nil {
				return exitError{exitInvalid, err}
			}
			text, err := wanted.make(loaded.Config, time.Now())
			if err != nil {
				return exitError{exitInvalid, err}
			}
			fmt.Fprintln(command.OutOrStdout(), text)
			return nil
		},
	}
	flags := command.Flags()
	flags.SortFlags = false
	flags.StringVar(&wanted.Room, "room", "", "the `room`, or a pattern of rooms")
	flags.StringVar(&wanted.Role, "role", "", "guest, member, moderator or owner; without it what the room gives to anybody")
	flags.StringVar(&wanted.Name, "name", "", "by which the others see who comes; without it what they say themselves")
	flags.StringVar(&wanted.Identity, "identity", "", "of whom it is for, the same each time; by it they are banned, and their tokens revoked")
	flags.StringSliceVar(&wanted.May, "may", nil, "`permissions`, instead of those of the role: join,mic,camera,screen,subscribe,chat,private,…")
	flags.DurationVar(&wanted.ttl, "ttl", time.Hour, "how long it is good")
	flags.IntVar(&wanted.Uses, "uses", 0, "make an invitation with which so many may come")
	flags.StringVar(&wanted.ID, "id", "", "by which it can be revoked; without it a random one")
	flags.BoolVar(&wanted.link, "link", false, "print the address of the room with the token in it, for a person to open")
	addConfigFile(flags)
	if err := command.MarkFlagRequired("room"); err != nil {
		panic(err) // the flag exists
	}
	return command
}

// make signs the token that was asked for.
func (o order) make(config configs.Config, now time.Time) (string, error) {
	if err := o.check(config); err != nil {
		return "", err
	}
	ring, err := config.Tokens.Keyring()
	if err != nil {
		return "", err
	}
	grant := o.Grant
	if grant.ID == "" {
		grant.ID = rand.Text()
	}
	grant.Issued, grant.Expires = now, now.Add(o.ttl)
	text, err := ring.Sign(grant)
	if errors.Is(err, token.ErrNoKey) {
		return "", errors.New("tokens.keys in the configuration has no key to sign with; this is enough of one, with a secret of yours:\n\n" +
			"tokens:\n  keys:\n    - {kid: main, alg: HS256, secret_file: /etc/madang/tokens}")
	}
	if err != nil || !o.link {
		return text, err
	}
	return config.Server.PublicURL + "/r/" + url.PathEscape(o.Room) + "#invite=" + text, nil
}

// check says what is wrong with an order beside what no token may hold.
func (o order) check(config configs.Config) error {
	if o.Role != "" {
		if _, known := room.ParseRole(o.Role); !known {
			return fmt.Errorf("--role: %q is not one of guest, member, moderator, owner", o.Role)
		}
	}
	if _, err := room.ParsePermissions(o.May); err != nil {
		return fmt.Errorf("--may: %w", err)
	}
	switch pattern := token.Exactly(o.Room) != o.Room; {
	case o.ttl < time.Second || o.ttl > config.Tokens.MaxTTL:
		return fmt.Errorf("--ttl: must be between 1s and tokens.max_ttl, which is %v", config.Tokens.MaxTTL)
	case o.link && config.Server.PublicURL == "":
		return errors.New("--link: needs server.public_url in the configuration")
	case o.link && pattern:
		return errors.New("--link: a link is for one room, not for a pattern")
	}
	return nil
}
