package signaling

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// page is the files of the page in memory, compressed once.
type page struct{ files map[string]*pageFile }

type pageFile struct {
	plain, gzipped []byte // gzipped is nil where it would not be smaller
	contentType    string
	etag           string
	cache          string // Cache-Control
}

func loadPage(files fs.FS) (*page, error) {
	p := &page{files: map[string]*pageFile{}}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		p.files[name] = newPageFile(name, content)
		return nil
	})
	if err == nil && p.files["index.html"] == nil {
		err = &fs.PathError{Op: "open", Path: "index.html", Err: fs.ErrNotExist}
	}
	return p, err
}

func newPageFile(name string, content []byte) *pageFile {
	sum := sha256.Sum256(content)
	f := &pageFile{
		plain:       content,
		contentType: contentTypeOf(name),
		etag:        `"` + hex.EncodeToString(sum[:8]) + `"`,
		cache:       "no-cache",
	}
	if strings.HasPrefix(name, "assets/") { // their names carry a hash of their content
		f.cache = "public, max-age=31536000, immutable"
	}
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is valid
	w.Write(content)
	w.Close()
	if packed.Len() < len(content) {
		f.gzipped = packed.Bytes()
	}
	return f
}

func contentTypeOf(name string) string {
	if path.Ext(name) == ".webmanifest" {
		return "application/manifest+json" // not every system knows
	}
	return mime.TypeByExtension(path.Ext(name))
}

func (p *page) serveIndex(w http.ResponseWriter, r *http.Request) { p.files["index.html"].serve(w, r) }

func (p *page) serveFile(w http.ResponseWriter, r *http.Request) {
	f := p.files[strings.TrimPrefix(r.URL.Path, "/")]
	if f == nil || (r.Method != http.MethodGet && r.Method != http.MethodHead) {
		http.NotFound(w, r)
		return
	}
	f.serve(w, r)
}

func (f *pageFile) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", f.cache)
	h.Set("ETag", f.etag)
	h.Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("If-None-Match"), f.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if f.contentType != "" {
		h.Set("Content-Type", f.contentType)
	}
	body := f.plain
	if f.gzipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.gzipped
	}
	w.Write(body)
}
