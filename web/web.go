// Package web holds the page as it is served: the bundle that web/build makes of
// sdk/, ui/ and i18n/. The bundle is committed, so that Go alone builds and runs.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Page returns the files of the page: index.html, and under assets/ everything
// else. Names under assets/ carry a hash of their content, so that they may be
// cached for ever; all other files may change with every release.
func Page() fs.FS {
	page, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // "dist" is a valid path
	}
	return page
}
