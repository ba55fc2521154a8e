"use strict";
// The reader's own trial: the form of the page, the engine beside it, and what the engine says.
(() => {
	const $ = id => document.getElementById(id);
	const lab = $("lab");
	const status = text => { $("lab-status").textContent = text; };
	const setup = JSON.parse($("neuronsteer-lab").textContent);

	// The engine stands in the page as base64 of gzip. It is started once, by whoever first asks for it.
	let engine = null;
	const start = () => engine ??= (async () => {
		const began = performance.now();
		status("Starting the engine in this page…");
		await new Promise(done => setTimeout(done, 20)); // so that the line is seen
		const packed = Uint8Array.from(atob($("neuronsteer-engine").textContent), c => c.charCodeAt(0));
		const bytes = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
		const go = new Go();
		const ready = new Promise((resolve, reject) => {
			globalThis.neuronsteerReady = wrong => wrong ? reject(new Error(wrong)) : resolve();
		});
		const { instance } = await WebAssembly.instantiate(bytes, go.importObject);
		go.run(instance);
		await ready;
		lab.dataset.startMs = Math.round(performance.now() - began);
	})();

	const units = () => [...lab.querySelectorAll("input[name=unit]")];
	const question = () => ({
		prompt: $("lab-prompt").value,
		of: [$("lab-target").value, $("lab-versus").value].filter(s => s !== ""),
		on: units().filter(u => u.checked).map(u => u.value),
		off: units().filter(u => !u.checked).map(u => u.value),
		dose: Number($("lab-dose").value),
		maxTokens: setup.maxTokens,
	});

	const visible = s => s.replaceAll(" ", "·").replaceAll("\n", "\\n");
	const percent = p => p > 0 && p < 5e-5 ? "< 0.01 %" : (100 * p).toFixed(p >= 0.0995 ? 1 : 2) + " %";
	const signed = x => (x < 0 ? "−" : "+") + Math.abs(x).toFixed(2);

	// cell adds a cell; what it shows rounded it holds in full.
	const cell = (row, kind, text, value) => {
		const c = row.appendChild(document.createElement(kind));
		c.textContent = text;
		if (kind === "th") c.scope = "row";
		if (value !== undefined) c.dataset.value = value;
	};
	const show = answer => {
		const body = $("lab-rows");
		body.replaceChildren();
		for (const r of answer.rows) {
			const row = body.insertRow();
			cell(row, "th", visible(r.token) + (r.asked ? " ◂" : ""), undefined);
			cell(row, "td", percent(r.before.p), r.before.p);
			cell(row, "td", percent(r.after.p), r.after.p);
			cell(row, "td", signed(r.before.logit), r.before.logit);
			cell(row, "td", signed(r.after.logit), r.after.logit);
		}
		if (answer.before.difference !== undefined) {
			const row = body.insertRow();
			cell(row, "th", "difference of the two words (logits)", undefined);
			cell(row, "td", "");
			cell(row, "td", "");
			cell(row, "td", signed(answer.before.difference), answer.before.difference);
			cell(row, "td", signed(answer.after.difference), answer.after.difference);
		}
		$("lab-before").textContent = answer.before.text;
		$("lab-after").textContent = answer.after.text;
		$("lab-answer").hidden = false;
	};

	// One question is out at a time; what was changed meanwhile is asked next.
	let asking = false, again = false, drawn = 0;
	const ask = async () => {
		if (asking) { again = true; return; }
		asking = true;
		do {
			again = false;
			try {
				await start();
				const q = question(), began = performance.now();
				const answer = JSON.parse(await globalThis.neuronsteerAsk(JSON.stringify(q)));
				show(answer);
				status(`${q.off.length} of ${units().length} units switched off, the others ×${q.dose}; computed in this page in ${Math.round(performance.now() - began)} ms.`);
			} catch (e) {
				status(e.message);
			}
			lab.dataset.drawn = ++drawn;
		} while (again);
		asking = false;
	};

	let waiting = 0;
	const soon = () => { clearTimeout(waiting); waiting = setTimeout(ask, 150); };
	lab.addEventListener("input", () => { $("lab-dose-value").textContent = "×" + $("lab-dose").value; soon(); });
	$("lab-form").addEventListener("submit", e => { e.preventDefault(); ask(); });
	$("lab-all").addEventListener("click", () => { for (const u of units()) u.checked = true; ask(); });
	$("lab-none").addEventListener("click", () => { for (const u of units()) u.checked = false; ask(); });
	for (const x of lab.querySelectorAll("[disabled]")) x.disabled = false;
	status("The engine has not been started; any change starts it.");
})();
