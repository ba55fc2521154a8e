package plotting

import (
	"bytes"
	"encoding/xml"
	"errors"
)

// accessible turns the file that gonum writes into an element with a role, a title and a description. The XML
// prologue goes, because it is not allowed within HTML and not needed outside it.
func accessible(svg []byte, title, alt string) ([]byte, error) {
	begin := bytes.Index(svg, []byte("<svg "))
	if begin < 0 {
		return nil, errors.New("plotting: the SVG canvas wrote no <svg> element")
	}
	svg = svg[begin+len("<svg "):]
	head, body, _ := bytes.Cut(svg, []byte(">"))
	var b bytes.Buffer
	b.WriteString(`<svg role="img" style="max-width:100%;height:auto" `)
	b.Write(bytes.Join(bytes.Fields(head), []byte(" ")))
	b.WriteString(">\n<title>")
	_ = xml.EscapeText(&b, []byte(title)) // a Buffer takes everything
	b.WriteString("</title>\n<desc>")
	_ = xml.EscapeText(&b, []byte(alt))
	b.WriteString("</desc>")
	b.Write(body)
	return b.Bytes(), nil
}
