package configs

import "reflect"

// Reload compares a running configuration with the one that is to follow it. What
// holds from then on is running with all that may change live, as the tag reload says
// of it; live and restart are the paths of the settings that differ, and restart those
// that wait for a restart.
func Reload(running, next Config) (holds Config, live, restart []string) {
	holds = running
	differ(root(&holds), root(&next), func(was, is field) {
		if was.live {
			live = append(live, was.path)
			was.value.Set(is.value)
		} else {
			restart = append(restart, was.path)
		}
	})
	return holds, live, restart
}

// differ visits every setting, and every list as one, that is not the same in both.
func differ(was, is field, visit func(was, is field)) {
	if was.section() {
		others := is.children()
		for i, child := range was.children() {
			differ(child, others[i], visit)
		}
		return
	}
	if !reflect.DeepEqual(was.value.Interface(), is.value.Interface()) {
		visit(was, is)
	}
}
