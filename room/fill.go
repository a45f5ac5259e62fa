package room

import (
	"slices"

	"madang/sfu"
)

// tile is one member's camera or screen. The zero tile is none.
type tile struct {
	who  *member
	kind sfu.SourceKind // Camera or Screen
}

// shown tells whether there is such a tile: everyone who is here has one for
// the camera, so that a voice has a home without a picture too; a screen is a
// tile while it is shared.
func (t tile) shown() bool {
	return t.kind == sfu.Camera || t.who.shows(t.kind)
}

// sound is what travels in the audio slot of the tile's pair.
func (t tile) sound() sfu.SourceKind {
	if t.kind == sfu.Screen {
		return sfu.ScreenAudio
	}
	return sfu.Mic
}

// stage lists the tiles that matter most in a room, for those who have not said
// what they look at: screens by arrival, then live cameras, then people without
// one, both in the order of the floor. It is no longer than anybody can need,
// the one who looks included with two tiles of its own.
func stage(arrived, floor []*member) []tile {
	const enough = sfu.MaxPairs + 2
	var tiles []tile
	add := func(members []*member, kind sfu.SourceKind, wanted func(*member) bool) {
		for _, m := range members {
			if len(tiles) == enough {
				return
			}
			if wanted(m) {
				tiles = append(tiles, tile{m, kind})
			}
		}
	}
	add(arrived, sfu.Screen, func(m *member) bool { return m.shows(sfu.Screen) })
	add(floor, sfu.Camera, func(m *member) bool { return m.live(sfu.Camera) })
	add(floor, sfu.Camera, func(m *member) bool { return !m.live(sfu.Camera) })
	return tiles
}

// wish is a tile that a member is to see, and how.
type wish struct {
	tile
	ask sfu.Ask
}

// wantedOf appends to wanted the n first tiles of the stage that are not the
// member's own, in the stage's order. How large they are is not known.
func wantedOf(stage []tile, self *member, n int, wanted []wish) []wish {
	for _, t := range stage {
		if len(wanted) == n {
			break
		}
		if t.who != self {
			wanted = append(wanted, wish{t, sfu.Ask{Order: len(wanted)}})
		}
	}
	return wanted
}

// wantedIn appends to wanted the n first tiles of a view of which there is
// something to show: not the member's own, nobody who is not here, none twice.
func wantedIn(view []Tile, self *member, members map[MemberID]*member, n int, wanted []wish) []wish {
	for _, v := range view {
		if len(wanted) == n {
			break
		}
		t := tile{members[v.Member], v.Source}
		if t.who != nil && t.who != self && t.shown() && !among(wanted, t) {
			ask := sfu.Ask{Width: v.Width, Height: v.Height, Order: len(wanted), Pinned: v.Pinned}
			wanted = append(wanted, wish{t, ask})
		}
	}
	return wanted
}

// among tells whether a tile is wanted.
func among(wanted []wish, t tile) bool {
	return slices.ContainsFunc(wanted, func(w wish) bool { return w.tile == t })
}

// fill seats the wanted tiles. A tile that has a seat keeps it, so that nobody
// jumps; seats of tiles no longer wanted become free; new tiles take the free
// seats in order. There are no more wanted tiles than seats, and none twice.
func fill(seats []tile, wanted []wish) {
	for i, t := range seats {
		if !among(wanted, t) {
			seats[i] = tile{}
		}
	}
	free := 0
	for _, w := range wanted {
		if slices.Contains(seats, w.tile) {
			continue
		}
		for seats[free].who != nil {
			free++
		}
		seats[free] = w.tile
	}
}
