package record

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/record/file"
)

// File is an uploaded file.
type File struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Size int64  `json:"size"`
	Mime string `json:"mime"`
}

func (h *Handlers) fileRoutes(r *httpapi.Router) {
	tags := []string{"files"}
	httpapi.Stream(r, httpapi.Op{
		Method: http.MethodPost, Path: "/api/files", Summary: "Upload a file",
		Doc:    "As multipart/form-data with one part \"file\", or the content as it is with the name in the query.",
		Access: httpapi.Member, Tags: tags, Status: http.StatusCreated, Upload: true,
		Query: []httpapi.Param{{Name: "name", Type: "", Doc: "name of the file, when the body is its content"}},
	}, File{}, h.upload)
	httpapi.Stream(r, httpapi.Op{Method: http.MethodGet, Path: "/api/files/{id}", Summary: "A file's content", Access: httpapi.SignedIn, Tags: tags}, nil, h.download)
}

func (h *Handlers) upload(ctx context.Context, w http.ResponseWriter, req *http.Request) error {
	name, mediaType, content, err := content(req)
	if err != nil {
		return err
	}
	f, err := h.Files.Upload(ctx, httpapi.Who(ctx), name, mediaType, content)
	if err != nil {
		return uploadError(err)
	}
	body, err := json.Marshal(File{ID: f.ID, Name: f.Name, Size: f.Size, Mime: f.Mime})
	if err != nil {
		return err
	}
	return httpapi.WriteJSON(w, http.StatusCreated, body)
}

// content is the file in a request: the first part of a form that is one, or the body.
func content(req *http.Request) (name, mediaType string, r io.Reader, err error) {
	kind, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return req.URL.Query().Get("name"), req.Header.Get("Content-Type"), req.Body, nil
	}
	form, err := req.MultipartReader()
	if err != nil {
		return "", "", nil, fault.Wrap(fault.Invalid, "file.no_part", err)
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return "", "", nil, fault.New(fault.Invalid, "file.no_part")
		}
		if err != nil {
			return "", "", nil, uploadError(fault.Wrap(fault.Invalid, "file.no_part", err))
		}
		if part.FileName() != "" {
			return part.FileName(), part.Header.Get("Content-Type"), part, nil
		}
	}
}

func uploadError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return fault.New(fault.TooLarge, "http.body_too_large", fault.Args{"max": tooLarge.Limit})
	}
	return err
}

// shown are kinds a browser may show in place; everything else is offered for saving.
var shown = map[string]bool{
	"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true, "image/avif": true, "application/pdf": true,
	"text/plain": true, "audio/mpeg": true, "audio/ogg": true, "audio/wav": true, "video/mp4": true, "video/webm": true,
}

func (h *Handlers) download(ctx context.Context, w http.ResponseWriter, req *http.Request) error {
	id, err := httpapi.ID(req, "id")
	if err != nil {
		return err
	}
	f, content, err := h.Files.Open(ctx, httpapi.Who(ctx), id)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	// What a browser shows in place is part of a card; everything else leaves the portal as a file. The rest of a broken-off
	// download is no other one.
	if first := req.Header.Get("Range"); !shown[f.Mime] && (first == "" || strings.HasPrefix(first, "bytes=0-")) && req.Header.Get("If-None-Match") == "" {
		if err := httpapi.Export(ctx, "file", 0, f.Name); err != nil {
			return err
		}
	}
	guard(w.Header(), f)
	http.ServeContent(w, req, "", f.CreatedAt.Time(), content)
	return nil
}

// guard sets the headers that keep what somebody uploaded from acting in the name of the portal.
func guard(head http.Header, f file.File) {
	disposition, kind := "attachment", f.Mime
	if shown[kind] {
		disposition = "inline"
	}
	if strings.HasPrefix(kind, "text/") {
		kind = "text/plain; charset=utf-8"
	}
	head.Set("Content-Type", kind)
	head.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": f.Name}))
	head.Set("Content-Security-Policy", "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Cross-Origin-Resource-Policy", "same-origin")
	head.Set("Cache-Control", "private, no-cache")
	head.Set("ETag", `"`+f.Hash+`"`)
}
