package relay

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// Credentials are a name and a password of the long-term mechanism (RFC 8489
// section 9.2), in the form that TURN servers with a shared secret take: the name
// says until when they hold and for whom, and the password is its HMAC
// (draft-uberti-behave-turn-rest-00).
type Credentials struct{ Username, Password string }

// Grant makes credentials for a user until a time.
func Grant(secret, user string, until time.Time) Credentials {
	name := strconv.FormatInt(until.Unix(), 10) + ":" + user
	return Credentials{name, password(secret, name)}
}

func password(secret, name string) string {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(name))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// readName takes a name apart; false: it is none that Grant makes.
func readName(name string) (user string, until time.Time, ok bool) {
	seconds, user, ok := strings.Cut(name, ":")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if !ok || err != nil || user == "" || len(name) > maxName {
		return "", time.Time{}, false
	}
	return user, time.Unix(n, 0), true
}

// maxName bounds what is kept by user.
const maxName = 128
