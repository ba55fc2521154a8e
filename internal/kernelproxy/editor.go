package kernelproxy

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// An editor is what completion and documentation come from: gopls with one file, the sketch of the cell that is typed.
type editor struct {
	mu      sync.Mutex // one question at a time: each changes the file
	server  *languageServer
	version int
	folder  string
}

// editTime is how long a question may take. The first one waits until gopls has read the packages.
const editTime = 30 * time.Second

// settings of gopls. Links in a documentation would lead to pages that there are none of; a match begins as what was typed.
var goplsSettings = map[string]any{
	"linksInHover": false, "matcher": "CaseInsensitive", "completeUnimported": false, "usePlaceholders": false,
	"hoverKind": "FullDocumentation", "semanticTokens": false, "staticcheck": false, "vulncheck": "Off",
	"analyses": map[string]any{"unusedparams": false},
}

// warm starts gopls where somebody is about to type: in a notebook that a server has opened, not in one that is executed by
// a program.
func (p *proxy) warm(ctx context.Context) {
	if os.Getenv("JPY_SESSION_NAME") == "" || p.tools.gopls == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, editTime)
	defer cancel()
	s := p.sketch("%%\nnb.")
	var list any
	_ = p.edit(ctx, s, "textDocument/completion", len("%%\nnb."), &list)
}

func (p *proxy) sketch(cell string) sketch {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.memory.draw(cell)
}

// edit asks gopls about a place in a cell, given in characters.
func (p *proxy) edit(ctx context.Context, s sketch, method string, offset int, result any) error {
	e := &p.editor
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.server != nil {
		select {
		case <-e.server.ended: // it is started again
			e.server = nil
		default:
		}
	}
	if e.server == nil {
		if err := e.start(ctx, p.tools.gopls, p.kernel.dir(), p.env); err != nil {
			return err
		}
	}
	file := fileURI(filepath.Join(e.folder, "main.go"))
	e.version++
	document := map[string]any{"uri": file, "version": e.version}
	var err error
	if e.version == 1 {
		document["languageId"], document["text"] = "go", s.text
		err = e.server.notify("textDocument/didOpen", map[string]any{"textDocument": document})
	} else {
		err = e.server.notify("textDocument/didChange", map[string]any{"textDocument": document, "contentChanges": []any{map[string]any{"text": s.text}}})
	}
	if err != nil {
		return err
	}
	return e.server.call(ctx, method, map[string]any{"textDocument": map[string]any{"uri": file}, "position": s.at(offset)}, result)
}

// start starts gopls in GoNB's folder, whose module finds the packages.
func (e *editor) start(ctx context.Context, program, dir string, env []string) error {
	s, err := startServer(program, dir, env)
	if err != nil {
		return err
	}
	e.server, e.version, e.folder = s, 0, dir
	root := fileURI(dir)
	var capabilities any
	err = s.call(ctx, "initialize", map[string]any{
		"processId": os.Getpid(), "rootUri": root, "workspaceFolders": []any{map[string]any{"uri": root, "name": "cells"}},
		"initializationOptions": goplsSettings,
		"capabilities": map[string]any{"textDocument": map[string]any{
			"completion": map[string]any{"completionItem": map[string]any{"snippetSupport": false}},
			"hover":      map[string]any{"contentFormat": []string{"markdown"}},
		}},
	}, &capabilities)
	if err == nil {
		err = s.notify("initialized", map[string]any{})
	}
	return err
}

func (e *editor) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.server != nil {
		e.server.close()
		e.server = nil
	}
}

func fileURI(path string) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
}
