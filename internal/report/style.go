package report

// style is the look of a page. Colors are named once for each theme; text has a contrast of 4.5 or more in both.
const style = `:root{color-scheme:light dark;--paper:#fff;--ink:#1f2328;--quiet:#59636e;--rule:#d1d9e0;--panel:#f6f8fa;--link:#0550ae;--bad:#b42318}
@media (prefers-color-scheme:dark){:root{--paper:#15181c;--ink:#e6e8eb;--quiet:#a9b3bd;--rule:#3b434b;--panel:#1e2328;--link:#7ab7ff;--bad:#ff9a8f}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
main,header{max-width:60rem;margin:0 auto;padding:0 1rem}
h1{font-size:1.8rem;line-height:1.2;margin:2rem 0 .3rem}
h2{font-size:1.35rem;margin:2.4rem 0 .6rem;border-bottom:1px solid var(--rule);padding-bottom:.2rem}
h3{font-size:1.1rem;margin:1.6rem 0 .4rem}
a{color:var(--link)}
.quiet,figcaption{color:var(--quiet);font-size:.875rem}
figure{margin:1rem 0;overflow-x:auto}
figure img{max-width:100%;height:auto;background:#fff}
@media (prefers-color-scheme:dark){figure img{filter:invert(.91) hue-rotate(180deg)}}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.4rem 0}
caption{text-align:left;color:var(--quiet);font-size:.875rem;padding:.2rem 0}
th,td{padding:.15rem .8rem .15rem 0;text-align:left;vertical-align:top}
.facts td,.facts th{border-bottom:1px solid var(--rule)}
.hash{font-family:ui-monospace,monospace;font-size:.8rem;overflow-wrap:anywhere;min-width:9rem}
pre{background:var(--panel);padding:.7rem;border-radius:4px;overflow-x:auto;font:13px/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
code{font-family:ui-monospace,monospace;font-size:.9em}
details{margin:.4rem 0}summary{cursor:pointer;color:var(--quiet)}
.token{font-family:ui-monospace,monospace;background:var(--panel);border-radius:3px;padding:0 .15rem;margin-right:2px;white-space:pre-wrap}
.bad{color:var(--bad);font-weight:600}
fieldset{border:1px solid var(--rule);border-radius:4px}.unit{display:inline-block;margin-right:.5rem}
input,button{font:inherit;color:var(--ink);background:var(--paper);border:1px solid var(--quiet);border-radius:4px;padding:.15rem .4rem;max-width:100%}
.said{font-family:ui-monospace,monospace;white-space:pre-wrap}
`
