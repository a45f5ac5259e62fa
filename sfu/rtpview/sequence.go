package rtpview

// SeqDiff is how far a is ahead of b, the short way round: −32768 to 32767.
func SeqDiff(a, b uint16) int { return int(int16(a - b)) }

// SeqLess tells whether a comes before b, the short way round.
func SeqLess(a, b uint16) bool { return int16(a-b) < 0 }

// TimestampDiff is how far a is ahead of b, the short way round.
func TimestampDiff(a, b uint32) int64 { return int64(int32(a - b)) }

// TimestampLess tells whether a comes before b, the short way round.
func TimestampLess(a, b uint32) bool { return int32(a-b) < 0 }

// Unwrapper turns 16-bit sequence numbers into ones that never wrap, by the
// highest one seen (RFC 3550 A.1): what is up to 2^15 behind the highest is
// late, anything else is ahead. The zero value is ready; the first number
// stands for itself, and those late before it may be negative. The low 16 bits
// of a result are always the number that was given.
type Unwrapper struct {
	highest int64
	started bool
}

// Unwrap returns the extended sequence number.
func (u *Unwrapper) Unwrap(seq uint16) int64 {
	if !u.started {
		u.started, u.highest = true, int64(seq)
		return u.highest
	}
	extended := u.highest + int64(int16(seq-uint16(u.highest)))
	u.highest = max(u.highest, extended)
	return extended
}

// Highest is the largest extended sequence number so far; 0 before the first.
func (u *Unwrapper) Highest() int64 { return u.highest }

// TimestampUnwrapper is an [Unwrapper] for 32-bit RTP timestamps.
type TimestampUnwrapper struct {
	highest int64
	started bool
}

// Unwrap returns the extended timestamp.
func (u *TimestampUnwrapper) Unwrap(timestamp uint32) int64 {
	if !u.started {
		u.started, u.highest = true, int64(timestamp)
		return u.highest
	}
	extended := u.highest + int64(int32(timestamp-uint32(u.highest)))
	u.highest = max(u.highest, extended)
	return extended
}

// Highest is the largest extended timestamp so far; 0 before the first.
func (u *TimestampUnwrapper) Highest() int64 { return u.highest }
