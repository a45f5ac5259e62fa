package configs

import (
	"reflect"
	"strings"
	"time"

	"madang/room"
)

// field is one place in a Config: a section, a setting or an item of a list.
type field struct {
	path    string        // ice.udp_port, rooms.overrides[0].name
	value   reflect.Value // addressable
	choices []string      // all that a setting may be; nil: anything of its type
	inherit bool          // in an item of a list, where empty is not chosen
	example string
	live    bool         // a running server takes a change of it
	owner   reflect.Type // the struct that declares it
	name    string       // its name there
}

// key is the last part of the path.
func (f field) key() string { return f.path[strings.LastIndexByte(f.path, '.')+1:] }

// secret tells whether the field's value must not be shown.
func (f field) secret() bool { return f.value.Type() == reflect.TypeFor[room.Secret]() }

// section tells whether the field holds settings rather than a value.
func (f field) section() bool { return f.value.Kind() == reflect.Struct }

// list tells whether the field is a list of sections, which only a file can hold.
func (f field) list() bool {
	return f.value.Kind() == reflect.Slice && f.value.Type().Elem().Kind() == reflect.Struct
}

// children are the fields of a section in the order of their declaration. An
// inlined struct's are among them as if they stood there.
func (f field) children() []field {
	var out []field
	for i := range f.value.NumField() {
		declared := f.value.Type().Field(i)
		key, option, _ := strings.Cut(declared.Tag.Get("yaml"), ",")
		child := field{
			path: f.path, value: f.value.Field(i),
			choices: strings.Fields(declared.Tag.Get("oneof")), example: declared.Tag.Get("example"),
			inherit: f.inherit, owner: f.value.Type(), name: declared.Name, live: f.live || declared.Tag.Get("reload") == "live",
		}
		if option == "inline" {
			out = append(out, child.children()...)
			continue
		}
		child.path = join(f.path, key)
		out = append(out, child)
	}
	return out
}

// settings are all fields below f that hold a value, in order; with lists, those
// of the items of lists too.
func (f field) settings(lists bool) []field {
	switch {
	case f.section():
		var out []field
		for _, child := range f.children() {
			out = append(out, child.settings(lists)...)
		}
		return out
	case f.list():
		var out []field
		for i := range f.value.Len() {
			if lists {
				out = append(out, f.item(i).settings(lists)...)
			}
		}
		return out
	}
	return []field{f}
}

// item is the i-th item of a list.
func (f field) item(i int) field {
	return field{path: index(f.path, i), value: f.value.Index(i), choices: f.choices, inherit: f.list()}
}

// withItems gives every list of sections below f one empty item, so that what
// its items hold can be seen.
func (f field) withItems() field {
	for _, child := range f.children() {
		if child.section() {
			child.withItems()
		}
		if child.list() {
			child.value.Set(reflect.MakeSlice(child.value.Type(), 1, 1))
		}
	}
	return f
}

// root is the whole of a Config.
func root(c *Config) field { return field{value: reflect.ValueOf(c).Elem()} }

// isDuration tells a length of time from a plain number.
func isDuration(v reflect.Value) bool { return v.Type() == reflect.TypeFor[time.Duration]() }

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
