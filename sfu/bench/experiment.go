package main

import "fmt"

// experiment is what is measured side by side: each of its scenarios with each of
// its variants, in interleaved rounds. Only within one may costs be compared.
type experiment struct {
	Name      string
	Scenarios []scenario
	Variants  []string
	Cores     int  // that a server has, 0 for one
	Half      bool // as much is published as takes the first variant half of the core
	Standing  bool // what members cost by being there is measured, not what packets do
}

// experiments are all there are.
func experiments() []experiment {
	webinar := scenario{Name: "1x200", Rooms: 1, Publishers: 1, Listeners: 200, Hears: 1, Media: video, Rate: 200, Size: 1100}
	meeting := scenario{Name: "10x10", Rooms: 1, Publishers: 10, Hears: 9, Media: video, Rate: 100, Size: 1100}
	small := scenario{Name: "40x4", Rooms: 40, Publishers: 4, Hears: 3, Media: video, Rate: 100, Size: 1100}
	sound := scenario{Name: "audio", Rooms: 1, Publishers: 10, Listeners: 200, Hears: 3, Media: audio, Rate: 50, Size: 100}
	lines := scenario{Name: "chat", Rooms: 1, Publishers: 1, Listeners: 200, Media: chat, Rate: 20, Size: 100}
	muted := scenario{Name: "idle", Rooms: 1, Listeners: 200, Hears: 4, Media: video, Muted: true}
	four := scenario{Name: "memory4", Rooms: 1, Publishers: 4, Listeners: 100, Hears: 4, Media: video, Rate: 25, Size: 200}
	many := scenario{Name: "memory25", Rooms: 1, Publishers: 25, Listeners: 25, Hears: 25, Media: video, Rate: 25, Size: 200}
	return []experiment{
		{Name: "1x200", Scenarios: alone(webinar), Variants: []string{"floor", "plain", "portable", "madang", "madang-nofeedback"}},
		{Name: "10x10", Scenarios: alone(meeting), Variants: []string{"floor", "plain", "portable", "madang", "madang-nofeedback"}},
		{Name: "40x4", Scenarios: alone(small), Variants: []string{"floor", "plain", "madang", "madang-nofeedback"}},
		{Name: "audio", Scenarios: alone(sound), Variants: []string{"plain", "madang", "madang-nofeedback"}},
		{Name: "chat", Scenarios: alone(lines), Variants: []string{"plain", "madang"}},
		{Name: "delay", Scenarios: []scenario{webinar, meeting}, Variants: []string{"plain", "madang"}, Half: true},
		{Name: "workers", Scenarios: []scenario{webinar, small}, Variants: []string{"madang", "madang-2", "spilled"}, Cores: 2},
		{Name: "subscribers", Scenarios: subscribers(50, 200, 800), Variants: []string{"madang"}},
		{Name: "rooms", Scenarios: rooms(1, 20, 200), Variants: []string{"madang"}},
		{Name: "idle", Scenarios: alone(muted), Variants: []string{"madang", "bare"}, Standing: true},
		{Name: "memory4", Scenarios: alone(four), Variants: []string{"madang", "bare"}, Standing: true},
		{Name: "memory25", Scenarios: alone(many), Variants: []string{"madang", "bare"}, Standing: true},
	}
}

func alone(s scenario) []scenario { return []scenario{s} }

// subscribers are webinars that grow. The largest has to fit a core that is shared
// and this machine has to bear its audience, so all publish at half the usual rate.
func subscribers(numbers ...int) (all []scenario) {
	for _, n := range numbers {
		all = append(all, scenario{Name: fmt.Sprintf("1x%d", n), Rooms: 1, Publishers: 1, Listeners: n, Hears: 1, Media: video, Rate: 100, Size: 1100})
	}
	return all
}

// rooms are more and more rooms of one who is seen by four.
func rooms(numbers ...int) (all []scenario) {
	for _, n := range numbers {
		all = append(all, scenario{Name: fmt.Sprintf("rooms%d", n), Rooms: n, Publishers: 1, Listeners: 4, Hears: 1, Media: video, Rate: 100, Size: 1100})
	}
	return all
}
