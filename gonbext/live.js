function (root, page) {
	"use strict";
	if (!root || root.dataset.live) return;
	root.dataset.live = "1";

	// What the page shows is built here, so that where no script runs there is the table and nothing that does not work.
	const el = (tag, style, ...inside) => {
		const e = document.createElement(tag);
		if (style) e.style.cssText = style;
		e.append(...inside);
		return e;
	};
	const ids = root.id + "-", accent = "#1F6FB4";
	const light = c => { // whether a color is a light ink, which is one of a dark page
		const v = (c.match(/[\d.]+/g) || [0, 0, 0]).slice(0, 3).map(Number);
		return v[0] * .299 + v[1] * .587 + v[2] * .114 > 140;
	};

	// Texts, as the cards spell them.
	const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
	const spelled = s => s.replace(hidden, c => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
	const token = s => spelled(s).replace(/\n/g, "\\n").replace(/\t/g, "\\t").replace(/ /g, "·") || "∅";
	const times = x => "×" + String(x).replace("-", "−");
	const percent = p => p > 0 && p < 5e-5 ? "< 0.01 %" : (100 * p).toFixed(p >= .0995 ? 1 : 2) + " %";
	const signed = x => (x < 0 ? "−" : "+") + Math.abs(x).toFixed(2);

	const doses = page.doses, base = doses.find(d => d.x === 1);
	const on = page.units.map(() => true);
	let x = 1, live = false;

	// The controls.
	const slider = el("input", "flex:1 1 200px;min-width:120px;max-width:420px;accent-color:" + accent);
	slider.type = "range";
	slider.id = ids + "x";
	const label = el("label", "font-weight:bold", "multiplier");
	label.htmlFor = slider.id;
	const value = el("output", "min-width:4.5em;font-variant-numeric:tabular-nums;font-weight:bold");
	value.htmlFor = slider.id;
	const press = (text, does) => {
		const b = el("button", "font:inherit;padding:1px 8px;cursor:pointer", text);
		b.type = "button";
		b.onclick = does;
		return b;
	};
	const reset = press("×1: unsteered", () => { set(1); changed(); });
	const row = el("div", "display:flex;flex-wrap:wrap;gap:6px 10px;align-items:center;margin:4px 0", label, slider, value, reset);

	const boxes = [];
	let neurons = "";
	if (page.switches) {
		neurons = el("fieldset", "border:1px solid #8C959F;padding:2px 8px 6px;margin:6px 0;min-width:0;max-width:44em");
		neurons.append(el("legend", "padding:0 4px", "neurons that are multiplied; one that is off is left as it is"));
		const all = v => () => { on.fill(v); boxes.forEach(b => { b.checked = v; }); changed(); };
		neurons.append(el("div", "display:flex;gap:8px;margin:2px 0", press("all on", all(true)), press("all off", all(false))));
		const layers = new Map();
		page.units.forEach((u, i) => {
			if (!layers.has(u.layer)) layers.set(u.layer, el("div", "display:flex;flex-wrap:wrap;gap:2px 12px;align-items:center", el("span", "min-width:5em;opacity:.72", "layer " + u.layer)));
			const box = el("input", "margin:0 4px 0 0;vertical-align:middle;accent-color:" + accent);
			box.type = "checkbox";
			box.checked = true;
			box.onchange = () => { on[i] = box.checked; changed(); };
			boxes.push(box);
			layers.get(u.layer).append(el("label", "white-space:nowrap", box, u.label));
		});
		neurons.append(...layers.values());
	}
	const said = el("div", "opacity:.72;margin:2px 0");
	said.setAttribute("role", "status");

	// What is redrawn.
	const table = (caption, heads) => {
		const body = el("tbody");
		const t = el("table", "margin:6px 0;border-collapse:collapse;font-variant-numeric:tabular-nums",
			el("caption", "caption-side:top;text-align:left;padding:0;white-space:nowrap;opacity:.72", caption));
		if (heads.length) t.append(el("thead", "", el("tr", "", ...heads.map((h, i) => {
			const e = el(h ? "th" : "td", "padding:1px 10px 1px 0;text-align:" + (i && h ? "right" : "left"), h);
			if (h) e.scope = "col";
			return e;
		}))));
		t.append(body);
		return [t, body];
	};
	const cell = (tag, text, style) => {
		const e = el(tag, "padding:1px 10px 1px 0;vertical-align:middle;" + (style || ""), text);
		if (tag === "th") { e.scope = "row"; e.style.fontWeight = "normal"; }
		return e;
	};
	const mono = "font-family:monospace;white-space:pre-wrap;text-align:left;overflow-wrap:anywhere";
	const right = "text-align:right;white-space:nowrap";
	const bar = (p, before) => { // with a mark where it was
		const out = el("div", "position:relative;width:150px;height:11px;border-bottom:1px solid #8C959F");
		out.setAttribute("aria-hidden", "true");
		out.append(el("div", `position:absolute;left:0;top:0;height:10px;width:${100 * p}%;background:${accent}`));
		if (before !== undefined) out.append(el("div", `position:absolute;top:-2px;height:14px;width:2px;background:currentColor;left:calc(${100 * before}% - 1px)`));
		return out;
	};

	const parts = [];
	let drawPrediction, drawText;
	if (page.predict) {
		const asked = base.of && base.of.length;
		let ofBody, gap = "";
		if (asked) {
			const [t, b] = table("the tokens asked for; a line marks the unsteered model", ["token", "unsteered", "now", "", "rank"]);
			ofBody = b;
			parts.push(t);
			if (asked === 2) parts.push(gap = el("div", "font-variant-numeric:tabular-nums;margin:2px 0"));
		}
		const [t, topBody] = table("the likeliest next tokens now", ["token", "p", ""]);
		parts.push(t);
		drawPrediction = d => {
			if (asked) ofBody.replaceChildren(...d.of.map((r, i) => el("tr", "", cell("th", token(r.text), mono), cell("td", percent(base.of[i].probability), right),
				cell("td", percent(r.probability), right + ";font-weight:bold"), cell("td", bar(r.probability, base.of[i].probability)), cell("td", String(r.rank), right))));
			if (gap) gap.textContent = `logit(“${token(d.of[0].text)}”) − logit(“${token(d.of[1].text)}”) = ${signed(d.of[0].logit - d.of[1].logit)}, unsteered ${signed(base.of[0].logit - base.of[1].logit)}`;
			topBody.replaceChildren(...d.top.map(r => el("tr", "", cell("th", token(r.text), mono), cell("td", percent(r.probability), right), cell("td", bar(r.probability)))));
		};
	}
	if (page.generate) {
		const [t, body] = table("the text; bold from where it is another", []);
		parts.push(t);
		const wide = mono + ";max-width:48em", was = cell("td", spelled(base.text), wide), is = cell("td", "", wide);
		const line = (name, what) => el("tr", "", cell("th", name, "text-align:left;opacity:.72;vertical-align:top"), what);
		body.append(line("unsteered", was), line("now", is));
		drawText = (s, more) => {
			let n = 0;
			while (n < s.length && s[n] === base.text[n]) n++;
			if (n < s.length && n > 0 && s[n - 1] >= "\ud800" && s[n - 1] < "\udc00") n--; // no half of a character
			is.replaceChildren(spelled(s.slice(0, n)), el("b", "", spelled(s.slice(n))), more ? " …" : "");
		};
	}
	const panel = el("div", "margin:2px 0 6px", row, neurons, said, ...parts);
	const card = root.firstElementChild, old = card.querySelector("table");
	const before = el("details", "margin:4px 0", el("summary", "cursor:pointer", `all ${doses.length} multipliers that were computed beforehand, as a table`));
	card.insertBefore(panel, old);
	card.insertBefore(before, old);
	before.append(old);
	const theme = () => { root.style.colorScheme = light(getComputedStyle(root).color) ? "dark" : "light"; };
	theme();
	root.addEventListener("pointerenter", theme);

	// The slider takes any multiplier where a kernel answers, else those that are there.
	const lo = doses[0].x, hi = doses[doses.length - 1].x;
	const step = (() => {
		const least = (hi - lo || 1) / 100, ten = 10 ** Math.floor(Math.log10(least));
		return [1, 2, 5, 10].map(k => k * ten).find(s => s >= least * .999);
	})();
	const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
	const nearest = () => doses.reduce((a, b, i) => Math.abs(b.x - x) < Math.abs(doses[a].x - x) ? i : a, 0);
	const set = to => {
		x = to;
		slider.value = live ? x : nearest();
		value.textContent = times(x);
		slider.setAttribute("aria-valuetext", times(x));
	};
	const mode = (is, why) => {
		live = is;
		[slider.min, slider.max, slider.step] = live ? [lo, hi, step] : [0, doses.length - 1, 1];
		boxes.forEach(b => { b.disabled = !live; });
		if (neurons) neurons.querySelectorAll("button").forEach(b => { b.style.display = live ? "" : "none"; });
		if (!live) { on.fill(true); boxes.forEach(b => { b.checked = true; }); set(doses[nearest()].x); stored(); } else set(x);
		said.textContent = why;
	};
	slider.oninput = () => { set(live ? Number(Number(slider.value).toFixed(digits)) : doses[slider.value].x); changed(); };
	const stored = () => {
		const d = doses[nearest()];
		if (drawPrediction) drawPrediction(d);
		if (drawText) drawText(d.text);
		card.removeAttribute("aria-busy");
	};

	// Requests. Of a prediction one is under way at a time, and the last that was wished follows it; a text is asked for when
	// the slider rests, and one that is no longer wished is canceled.
	const fresh = () => {
		const chosen = page.units.filter((_, i) => on[i]).map(u => u.json);
		return t => x === 1 || !chosen.length ? t.base : t.steered[0] + "[" + chosen.join(",") + "]" + t.steered[1] + x + t.steered[2];
	};
	const task = (t, rest, show, stream) => ({ t, rest, show, stream, id: 0, wished: false, timer: 0, text: "" });
	const tasks = [];
	if (page.predict) tasks.push(task(page.predict, 30, b => drawPrediction({ of: b.of || [], top: b.top.slice(0, 5) })));
	if (page.generate) tasks.push(task(page.generate, 250, b => drawText(b.text), s => drawText(s, true)));
	let count = 0, socket, comm, watch;
	const answering = () => { if (tasks.every(q => !q.id && !q.wished)) { card.removeAttribute("aria-busy"); clearTimeout(watch); watch = 0; } };
	function changed() {
		if (!live) return stored();
		card.setAttribute("aria-busy", "true");
		for (const q of tasks) {
			if (q.stream && q.id) { say({ type: "cancel", id: q.id }); q.id = 0; }
			q.wished = true;
			clearTimeout(q.timer);
			q.timer = setTimeout(() => { if (!q.id) ask(q); }, q.rest);
		}
	}
	function ask(q) {
		q.wished = false;
		q.id = ++count;
		q.text = "";
		say({ type: "run", id: q.id, model: page.model, slot: q.t.kind, bare: true, request: { kind: q.t.kind, version: q.t.version, settings: "@settings@" } }, fresh()(q.t));
		guard();
	}
	function heard(m) {
		const q = tasks.find(q => q.id && q.id === m.id);
		if (m.type === "hello") return mode(true, "the kernel computes what you choose");
		if (!q) return;
		guard();
		if (m.type === "event") {
			if (q.stream && m.event.token) q.stream(q.text += m.event.token);
			if (m.event.phase === "start" || m.event.phase === "load") said.textContent = "the engine starts and loads the model …";
			return;
		}
		q.id = 0;
		said.textContent = m.type === "error" ? "not computed: " + m.text : "the kernel computes what you choose";
		if (m.type === "record") q.show(m.header.body);
		if (q.wished) ask(q); else answering();
	}

	// The kernel, by the Jupyter server that the page came from.
	const session = Math.random().toString(36).slice(2), uuid = () => (crypto.randomUUID ? crypto.randomUUID() : session + Math.random().toString(36).slice(2));
	const send = (type, content, text) => {
		if (!socket || socket.readyState !== 1) return;
		const m = JSON.stringify({ channel: "shell", header: { msg_id: uuid(), msg_type: type, session, username: "", date: new Date().toISOString(), version: "5.3" }, parent_header: {}, metadata: {}, content, buffers: [] });
		socket.send(text === undefined ? m : m.replace('"@settings@"', () => text)); // as it is: no number is read and written again
	};
	const say = (data, text) => send("comm_msg", { comm_id: comm, data }, text);
	const open = () => { comm = uuid(); send("comm_open", { comm_id: comm, target_name: "neuronsteer", data: {} }); };
	const alone = `the slider steps through ${doses.length} multipliers that were computed beforehand` + (page.switches ? "; the switches need a kernel" : "");
	const gone = () => { // run the cell again
		clearTimeout(watch);
		watch = 0;
		tasks.forEach(q => { q.id = 0; q.wished = false; clearTimeout(q.timer); });
		mode(false, "no kernel answers: run the cell again to compute anything else; " + alone);
	};
	// Who does not answer for two seconds is asked whether they are still there: a kernel that was started again does not know
	// this page, one that is gone says nothing.
	function guard() {
		clearTimeout(watch);
		watch = setTimeout(() => {
			send("comm_info_request", { target_name: "neuronsteer" });
			watch = setTimeout(gone, 8000);
		}, 2000);
	}
	function informed(comms) {
		if (!watch) return;
		if (comms && comms[comm]) return guard();
		clearTimeout(watch);
		watch = 0;
		tasks.forEach(q => { if (q.id) { q.id = 0; q.wished = true; } });
		open();
		tasks.forEach(q => { if (q.wished) ask(q); });
	}
	const config = document.getElementById("jupyter-config-data");
	mode(false, alone);
	if (!page.kernel || !config || !window.WebSocket) return;
	try {
		const c = JSON.parse(config.textContent), u = new URL((c.wsUrl || c.baseUrl) + "api/kernels/" + page.kernel + "/channels", location.href);
		u.protocol = u.protocol.replace("http", "ws");
		if (c.token) u.searchParams.set("token", c.token);
		socket = new WebSocket(u);
	} catch { return gone(); }
	socket.onopen = () => { open(); watch = setTimeout(gone, 8000); };
	socket.onclose = gone;
	socket.onmessage = e => {
		if (!root.isConnected) return socket.close(); // the output was cleared
		const m = JSON.parse(e.data);
		if (m.header.msg_type === "comm_msg" && m.content.comm_id === comm) {
			if (m.content.data.type === "hello") { clearTimeout(watch); watch = 0; }
			heard(m.content.data);
		} else if (m.header.msg_type === "comm_info_reply" && m.parent_header.session === session) informed(m.content.comms);
		else if (m.header.msg_type === "status" && m.content.execution_state === "dead") gone();
	};
}
