package client

import (
	"testing"
	"time"
)

func TestNobodyComesBackMoreThanTwiceInASecond(t *testing.T) {
	for range 200 {
		var pace backoff
		attempts := []time.Duration{0}
		for range 12 {
			attempts = append(attempts, attempts[len(attempts)-1]+pace.next())
		}
		if second := attempts[1]; second < secondAfter || second > secondAfter+spreadLeast {
			t.Fatalf("the second attempt is after %v", second)
		}
		for i := range attempts[2:] {
			if within := attempts[i+2] - attempts[i]; within <= time.Second {
				t.Fatalf("attempts %d to %d are within %v", i, i+2, within)
			}
		}
		if last := attempts[len(attempts)-1] - attempts[len(attempts)-2]; last > attemptsApart+spreadMost {
			t.Fatalf("after 12 attempts the next is %v later", last)
		}
	}
}
