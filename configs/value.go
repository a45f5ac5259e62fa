package configs

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// setText puts a text from the environment, a flag or a scalar of the file into
// a setting. A list is written with commas. The error says what is wrong with
// the text and does not show a secret.
func (f field) setText(text string) error {
	switch v := f.value; {
	case isDuration(v):
		d, err := time.ParseDuration(text)
		if err != nil {
			return fmt.Errorf("%s is not a length of time like 30s, 5m or 24h", quote(text))
		}
		v.SetInt(int64(d))
	case v.Kind() == reflect.Int:
		n, err := parseInt(text)
		if err != nil {
			return err
		}
		v.SetInt(n)
	case v.Kind() == reflect.Slice:
		return f.setList(text)
	default:
		if err := f.checkChoice(text); err != nil {
			return err
		}
		v.SetString(text)
	}
	return nil
}

// setList reads items with commas between them; an empty text is an empty list.
func (f field) setList(text string) error {
	var parts []string
	if strings.TrimSpace(text) != "" {
		parts = strings.Split(text, ",")
	}
	list := reflect.MakeSlice(f.value.Type(), len(parts), len(parts))
	var errs []error
	for i, part := range parts {
		item := field{value: list.Index(i), choices: f.choices}
		errs = append(errs, item.setText(strings.TrimSpace(part)))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	f.value.Set(list)
	return nil
}

func (f field) checkChoice(text string) error {
	if len(f.choices) == 0 || text == "" && f.inherit || slices.Contains(f.choices, text) {
		return nil
	}
	return fmt.Errorf("%s is not one of %s%s", quote(text), strings.Join(f.choices, ", "), didYouMean(text, f.choices))
}

// parseInt reads a whole number. Underscores may stand between its digits.
func parseInt(text string) (int64, error) {
	n, err := strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 10, strconv.IntSize)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return 0, fmt.Errorf("%s is too big a number", quote(text))
	case err != nil:
		return 0, fmt.Errorf("%s is not a whole number", quote(text))
	}
	return n, nil
}

// formatDuration writes 24h for 24h0m0s.
func formatDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// quote shows what somebody wrote, cut to a length that leaves room for the rest.
func quote(text string) string {
	const most = 40
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return strconv.Quote(text)
}
