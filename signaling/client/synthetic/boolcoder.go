package synthetic

// boolCoder is VP8's boolean entropy encoder (RFC 6386 §7.3): it writes bits
// whose probability of being 0, in 256ths, both sides know.
type boolCoder struct {
	out    []byte
	width  uint32 // of the interval: 128 to 255 between calls
	bottom uint32 // lowest value of the interval
	room   int    // shifts left until a byte is whole
}

func newBoolCoder() *boolCoder { return &boolCoder{width: 255, room: 24} }

// put writes one bit that is 0 with probability zero/256.
func (c *boolCoder) put(bit bool, zero uint8) {
	split := 1 + (c.width-1)*uint32(zero)>>8
	if bit {
		c.bottom += split
		c.width -= split
	} else {
		c.width = split
	}
	for c.width < 128 {
		c.width <<= 1
		if c.bottom&(1<<31) != 0 {
			c.carry()
		}
		c.bottom <<= 1
		if c.room--; c.room == 0 {
			c.out = append(c.out, byte(c.bottom>>24))
			c.bottom &= 1<<24 - 1
			c.room = 8
		}
	}
}

// carry adds one to what is written.
func (c *boolCoder) carry() {
	for i := len(c.out) - 1; i >= 0; i-- {
		if c.out[i]++; c.out[i] != 0 {
			return
		}
	}
}

// literal writes the low bits of value, the highest first, at even odds.
func (c *boolCoder) literal(value uint32, bits int) {
	for bits--; bits >= 0; bits-- {
		c.put(value>>bits&1 != 0, 128)
	}
}

// flush returns what was written, padded so that a decoder may read on.
func (c *boolCoder) flush() []byte {
	c.literal(0, 32)
	return c.out
}
