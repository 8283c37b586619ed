/** The roles of app/globals.css that this page needs; it stands alone, so it can't take them from there. */
const light = `color-scheme: light; --canvas: oklch(0.984 0.003 265); --panel: oklch(1 0 0); --sunken: oklch(0.965 0.004 265); --line: oklch(0.915 0.006 265);
  --strong: oklch(0.22 0.02 268); --normal: oklch(0.36 0.018 268); --muted: oklch(0.52 0.016 268); --iris: oklch(0.5 0.19 277);
  --succeeded: oklch(0.5 0.12 155); --warning: oklch(0.55 0.12 70); --failed: oklch(0.53 0.19 25);`;
const dark = `color-scheme: dark; --canvas: oklch(0.172 0.011 270); --panel: oklch(0.205 0.012 270); --sunken: oklch(0.15 0.011 270);
  --line: oklch(0.285 0.013 270); --strong: oklch(0.965 0.004 268); --normal: oklch(0.86 0.008 268); --muted: oklch(0.67 0.013 268);
  --iris: oklch(0.72 0.13 277); --succeeded: oklch(0.76 0.14 155); --warning: oklch(0.8 0.13 80); --failed: oklch(0.71 0.16 25);`;

export const docsStyle = `
:root { ${light} }
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { ${dark} } }
:root[data-theme="dark"] { ${dark} }
* { box-sizing: border-box; }
body { margin: 0; background: var(--canvas); color: var(--normal); font: 14px/1.55 "Geist", system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif; }
header, main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1.25rem 0; }
main { padding-bottom: 6rem; }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; color: var(--strong); letter-spacing: -.01em; }
h1 small { font-size: .8rem; font-weight: 400; color: var(--muted); }
h2 { margin: 2rem 0 .75rem; font-size: 1.05rem; color: var(--strong); }
h3 { margin: 1rem 0 .35rem; font-size: .8rem; color: var(--muted); }
p { margin: 0 0 .5rem; }
a { color: var(--iris); }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin-top: .75rem; }
details { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; margin-bottom: .5rem; }
summary { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; padding: .6rem .9rem; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary:focus-visible { outline: 2px solid var(--iris); outline-offset: 2px; border-radius: 8px; }
summary span { color: var(--muted); }
summary b { min-width: 4rem; font: 600 .75rem/1.5 "Geist Mono", ui-monospace, monospace; color: var(--iris); }
summary b.post { color: var(--succeeded); } summary b.patch { color: var(--warning); } summary b.delete { color: var(--failed); }
details > div { padding: 0 .9rem .9rem; overflow-x: auto; }
code, pre { font: .8125rem/1.5 "Geist Mono", ui-monospace, monospace; }
code { color: var(--strong); overflow-wrap: anywhere; }
pre { margin: 0; padding: .75rem; background: var(--sunken); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; }
th { font-weight: 500; color: var(--muted); font-size: .8rem; }
i { color: var(--muted); font-style: normal; font-size: .8rem; }
`;
