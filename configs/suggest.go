package configs

import (
	"slices"
	"strings"
)

// didYouMean ends a sentence about a text with the choice that was most likely
// meant, or with nothing.
func didYouMean(text string, choices []string) string {
	if near := nearest(text, choices); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// nearest is the choice within a third of the text's length of typing mistakes,
// or "". Case and the difference between - and _ count for nothing.
func nearest(text string, choices []string) string {
	const longest = 64
	if len(text) > longest {
		return ""
	}
	best, least := "", max(1, len(text)/3)+1
	for _, choice := range choices {
		if d := distance(fold(text), fold(choice)); d < least {
			best, least = choice, d
		}
	}
	return best
}

func fold(text string) []rune {
	return []rune(strings.ReplaceAll(strings.ToLower(text), "-", "_"))
}

// distance is how many letters to insert, delete, replace or swap with their
// neighbour to get from a to b (optimal string alignment).
func distance(a, b []rune) int {
	older, old, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		older, old, row = old, row, older
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(old[j+1]+1, row[j]+1, old[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], older[j-1]+1)
			}
		}
	}
	return row[len(b)]
}

// suggestKey ends a sentence about an unknown key of a section: with a key of
// that section that is near, or with the place where exactly this key belongs.
func suggestKey(key string, siblings []field, everywhere []field) string {
	var keys []string
	for _, f := range siblings {
		keys = append(keys, f.key())
	}
	if hint := didYouMean(key, keys); hint != "" {
		return hint
	}
	at := slices.IndexFunc(everywhere, func(f field) bool { return f.key() == key })
	if at < 0 {
		return ""
	}
	return "; did you mean " + everywhere[at].path + "?"
}
