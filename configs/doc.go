// Package configs is the configuration of the whole server: the Config structs
// of the packages composed, read from a YAML file, the environment and flags,
// and checked, with every problem reported at once and at its place.
//
// The struct [Config] is the one source. Its yaml tags name the keys of the file,
// the variables MADANG_SECTION_FIELD and the flags --section.field; its doc
// comments are the comments of madang.yaml, the sample, which go generate writes.
package configs
