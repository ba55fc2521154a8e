package report

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/journal"
)

func (r *Report) ofTeaching(s journal.Source) bool { return s.Model == teaching }

// live writes the form of a page that holds the engine.
func (p *page) live(begin lab) {
	p.heading(2, "Try it")
	name := "the circuit"
	if begin.Circuit != "" {
		name = fmt.Sprintf("the circuit “%s”", begin.Circuit)
	}
	p.f("<section id=\"lab\"><p>The teaching model and the engine are in this page. Change the prompt, switch neurons of %s off, or multiply them: probabilities and text are computed here, without a server. Without JavaScript this part stays still.</p>\n", escape(name))
	p.f("<form id=\"lab-form\">\n<p><label for=\"lab-prompt\">Prompt</label><br><input id=\"lab-prompt\" size=\"60\" autocomplete=\"off\" disabled value=\"%s\"></p>\n", escape(begin.Prompt))
	of := append(append([]string{}, begin.Of...), "", "")
	p.f("<p><label for=\"lab-target\">Word</label> <input id=\"lab-target\" size=\"14\" autocomplete=\"off\" disabled value=\"%s\"> <label for=\"lab-versus\">against</label> <input id=\"lab-versus\" size=\"14\" autocomplete=\"off\" disabled value=\"%s\"> <span class=\"quiet\">a space at the front belongs to a word</span></p>\n", escape(of[0]), escape(of[1]))
	p.f("<p><label for=\"lab-dose\">Multiplier of the neurons that are on</label> <input type=\"range\" id=\"lab-dose\" min=\"-2\" max=\"4\" step=\"0.25\" value=\"1\" disabled> <output id=\"lab-dose-value\" for=\"lab-dose\">×1</output></p>\n")
	if len(begin.Units) > 0 {
		p.f("<fieldset><legend>Neurons and heads of %s that are on</legend>", escape(name))
		for i, u := range begin.Units {
			p.f("<span class=\"unit\"><input type=\"checkbox\" name=\"unit\" id=\"unit-%d\" value=\"%s\" checked disabled><label for=\"unit-%d\">%s</label></span> ", i, escape(u), i, escape(u))
		}
		p.f("</fieldset>\n")
	}
	p.f("<p><button type=\"submit\" disabled>Compute</button> <button type=\"button\" id=\"lab-none\" disabled>All off</button> <button type=\"button\" id=\"lab-all\" disabled>All on</button></p>\n</form>\n")
	p.f("<p id=\"lab-status\" role=\"status\" class=\"quiet\"></p>\n<div id=\"lab-answer\" hidden>")
	p.f("<table class=\"facts\"><caption>Next token, unchanged and changed; ◂ a word that was asked for</caption><thead><tr><th scope=\"col\">token</th><th scope=\"col\">p unchanged</th><th scope=\"col\">p changed</th><th scope=\"col\">logit unchanged</th><th scope=\"col\">logit changed</th></tr></thead><tbody id=\"lab-rows\"></tbody></table>\n")
	p.f("<dl><dt>The text goes on, unchanged</dt><dd id=\"lab-before\" class=\"said\"></dd><dt>and changed</dt><dd id=\"lab-after\" class=\"said\"></dd></dl></div></section>\n")
}
