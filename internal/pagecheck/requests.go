package pagecheck

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

var (
	elsewhere = regexp.MustCompile(`(?i)^\s*(https?:|wss?:|ftp:)?//|^\s*(https?|wss?|ftp):`)
	inStyle   = regexp.MustCompile(`(?i)url\(\s*["']?\s*((?:https?:)?//[^"')]*)|@import\s+(?:url\()?\s*["']?\s*((?:https?:)?//[^"')]*)`)
	inScript  = regexp.MustCompile("(?i)\\b(fetch|import|importScripts|WebSocket|EventSource|Worker|SharedWorker|Request|sendBeacon|open|src\\s*=|href\\s*=)\\s*\\(?\\s*[\"'`]\\s*((?:https?:|wss?:)?//[^\"'`]*)" +
		"|\\b(import)\\s+(?:[^\"'`;]*\\sfrom\\s+)?[\"'`]\\s*((?:https?:)?//[^\"'`]*)")
	refresh = regexp.MustCompile(`(?i)url\s*=`)
)

// fetching are the attributes whose address a browser fetches without being asked. Those of <a> and <area> are followed by a reader.
var fetching = map[string]bool{"src": true, "srcset": true, "href": true, "xlink:href": true, "poster": true, "data": true, "background": true,
	"action": true, "formaction": true, "manifest": true, "ping": true, "imagesrcset": true, "codebase": true, "classid": true, "cite": false}

// requests looks for what would be fetched from elsewhere.
func (r *report) requests(doc *html.Node) {
	elements(doc, func(n *html.Node) {
		for _, a := range n.Attr {
			name := a.Key
			if a.Namespace != "" {
				name = a.Namespace + ":" + a.Key
			}
			if name == "style" {
				r.styleRequests("style of <"+n.Data+">", a.Val)
				continue
			}
			followed := (n.Data == "a" || n.Data == "area") && (name == "href" || name == "xlink:href")
			if !fetching[name] || followed {
				continue
			}
			for part := range strings.SplitSeq(a.Val, ",") {
				if elsewhere.MatchString(part) && !strings.HasPrefix(a.Val, "data:") {
					r.addf("request", "<%s %s=%q>", n.Data, name, short(a.Val))
					break
				}
			}
		}
		switch n.Data {
		case "style":
			r.styleRequests("<style>", textOf(n))
		case "script":
			r.scriptRequests(textOf(n))
		case "meta":
			if strings.EqualFold(attr(n, "http-equiv"), "refresh") && refresh.MatchString(attr(n, "content")) {
				r.addf("request", "<meta http-equiv=refresh content=%q>", attr(n, "content"))
			}
		}
	})
}

func (r *report) styleRequests(where, css string) {
	for _, m := range inStyle.FindAllStringSubmatch(comments.ReplaceAllString(css, " "), -1) {
		r.addf("request", "%s fetches %s", where, m[1]+m[2])
	}
}

var comments = regexp.MustCompile(`(?s)/\*.*?\*/`)

func (r *report) scriptRequests(js string) {
	for _, m := range inScript.FindAllStringSubmatch(comments.ReplaceAllString(js, " "), -1) {
		r.addf("request", "a script: %s %s", m[1]+m[3], m[2]+m[4])
	}
}
