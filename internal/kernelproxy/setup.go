package kernelproxy

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/jupyter"
)

// imports is what every notebook begins with, unseen. A cell's own import of the same, by these names or by others, is none
// that GoNB or the compiler minds.
const imports = `import (
	nb "` + module + `/gonbext"
	"` + module + `/plotting"
	"` + module + `/steer"
)`

// execution is the content of an execute_request of the proxy's own.
func execution(code string) map[string]any {
	return map[string]any{"code": code, "silent": true, "store_history": false, "user_expressions": map[string]any{}, "allow_stdin": false, "stop_on_error": false}
}

// prepare makes GoNB ready for a first cell. The packages are compiled meanwhile, once for a version of Go, and no cell is
// built before that is over: both builds would do it.
func (p *proxy) prepare(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	warm := make(chan error, 1)
	go func() { warm <- p.compile(ctx) }()
	if err := p.greet(ctx); err != nil {
		return err
	}
	if err := p.locate(ctx); err != nil {
		return err
	}
	if p.modules.clone == "" && p.modules.proxy == "" { // what is required is known then
		if err := <-warm; err != nil {
			return err
		}
		warm <- nil
	}
	err := p.modules.write(p.kernel.dir())
	if err == nil {
		err = p.importAll(ctx) // which compiles none of them
	}
	return errors.Join(<-warm, err)
}

// compile compiles the packages, and says meanwhile that it does.
func (p *proxy) compile(ctx context.Context) (err error) {
	b := builder{gocmd: p.tools.gocmd, modules: p.modules, env: p.env, dir: filepath.Join(p.private, "warm"), began: p.wait.compiling, count: &p.wait.packages, unpacks: p.wait.unpacking}
	p.modules.found, err = b.compile(ctx)
	return err
}

// importAll executes the imports.
func (p *proxy) importAll(ctx context.Context) error {
	r, _, err := p.ask(ctx, "execute_request", execution(imports))
	if err != nil {
		return err
	}
	var c struct {
		Status, EValue string
	}
	if err := r.Read(&c); err != nil || c.Status != "ok" {
		return errors.Join(err, fmt.Errorf("the imports of nb, plotting and steer fail: %s", c.EValue))
	}
	p.remember()
	return nil
}

// greet waits until GoNB answers and what it publishes arrives.
func (p *proxy) greet(ctx context.Context) error {
	for {
		m := jupyter.New("kernel_info_request", map[string]any{})
		q := p.expect(m.Header.ID)
		p.kernel.Send(jupyter.Shell, m)
		select {
		case <-q.published:
			p.forget(m.Header.ID)
			return nil
		case <-time.After(100 * time.Millisecond):
		case <-p.kernel.ended:
			return errEnded
		case <-ctx.Done():
			return ctx.Err()
		}
		p.forget(m.Header.ID)
	}
}

// locate asks GoNB where its folder is. What the shell says is published by another socket than the answer, and on a busy
// machine now and then not before the cell is over: it is asked again.
func (p *proxy) locate(ctx context.Context) error {
	var dir string
	for range 5 {
		_, text, err := p.ask(ctx, "execute_request", execution("%noautoget\n!*pwd"))
		if err != nil {
			return err
		}
		if dir = strings.TrimSpace(text); filepath.IsAbs(dir) {
			p.kernel.mu.Lock()
			p.kernel.folder = dir
			p.kernel.mu.Unlock()
			return nil
		}
	}
	return fmt.Errorf("gonb does not say where its folder is but %q; bash is needed", dir)
}
