/** The page's style sheet. Colours are variables, so that light and dark differ in one place. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #1d232b; --dim: #59636f; --line: #d5dae1; --frame: #f0f2f5;
  --accent: #0b57d0; --link: #7d8896; --good: #146c2e; --bad: #b3261e; --warn: #8a5200; --warn-back: #fff4e0;
  --google: #0b57d0; --kubernetes: #6741d9; --helm: #00796b; --cloudflare: #c2410c; --random: #6b7280;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12151a; --card: #1a1f26; --text: #e3e7ec; --dim: #9aa5b1; --line: #333b46; --frame: #20262f;
    --accent: #8ab4f8; --link: #76828f; --good: #7bd88f; --bad: #ff9c94; --warn: #f3c26b; --warn-back: #33290f;
    --google: #8ab4f8; --kubernetes: #b9a3ff; --helm: #5fd0c0; --cloudflare: #ffa36b; --random: #9aa5b1;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 1.5rem 1.25rem 3rem; max-width: 1280px; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
}
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; margin: 2.4rem 0 .8rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .5rem; overflow-wrap: anywhere; }
p { margin: .4rem 0; max-width: 75ch; }
a { color: var(--accent); }
code, svg text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
code { font-size: .88em; overflow-wrap: anywhere; }
.dim { color: var(--dim); }
.skip { position: absolute; left: -999em; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin: .8rem 0 0; padding: 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: .8rem; margin: 1.2rem 0 0; }
.tile, .card, .note { background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.tile { padding: .7rem .9rem; margin: 0; display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.tile dd { margin: 0; font-size: 1.25rem; font-weight: 600; line-height: 1.3; }
.tile dt { color: var(--dim); font-size: .85rem; }
.card { padding: .9rem 1rem; margin: 0 0 .9rem; min-width: 0; }
.card > :first-child { margin-top: 0; }
.card > :last-child { margin-bottom: 0; }
.note { padding: .6rem .9rem; margin: .9rem 0 0; background: var(--warn-back); border-color: var(--warn); }
.note ul { margin: .2rem 0; padding-left: 1.2rem; }
.scroll { overflow-x: auto; max-width: 100%; }
.scroll:focus-visible, summary:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--dim); padding: 0 0 .4rem; }
.scroll + .scroll { margin-top: 1.2rem; }
th code, td code { overflow-wrap: normal; white-space: nowrap; }
th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0; border-top: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
thead th { border-top: 0; color: var(--dim); font-weight: 600; font-size: .85rem; white-space: nowrap; }
tbody th { font-weight: 400; }
.total th, .total td { font-weight: 600; }
.n { text-align: right; white-space: nowrap; }
.nowrap { white-space: nowrap; }
.yes { color: var(--good); } .no { color: var(--bad); }
.tag { display: inline-block; border: 1px solid currentColor; border-radius: 999px; padding: 0 .55em; font-size: .8rem; }
.new { color: var(--good); } .removed { color: var(--bad); } .changed { color: var(--warn); }
.plain { list-style: none; padding-left: 0; margin: .3rem 0; }
.plain li { overflow-wrap: anywhere; padding: .1rem 0; }
.plain .plain { padding-left: 1.1rem; }
del { color: var(--bad); } ins { color: var(--good); text-decoration: none; }
details { margin: .6rem 0; }
summary { cursor: pointer; color: var(--accent); overflow-wrap: anywhere; }
figure { margin: .6rem 0 0; }
svg { display: block; }
svg text { font-size: 11px; fill: var(--dim); }
svg .t { font-size: 12px; font-weight: 600; fill: var(--text); }
.frame rect { fill: var(--frame); stroke: var(--line); }
.box rect { fill: var(--card); stroke: var(--link); }
.box.google rect { stroke: var(--google); } .box.kubernetes rect { stroke: var(--kubernetes); }
.box.helm rect { stroke: var(--helm); } .box.cloudflare rect { stroke: var(--cloudflare); }
.box.random rect { stroke: var(--random); } .box.stack rect { fill: var(--frame); stroke: var(--dim); }
.box.foreign rect { stroke-dasharray: 4 3; }
.link { fill: none; stroke: var(--link); }
.head { fill: var(--link); }
.widget rect { fill: var(--frame); stroke: var(--line); }
.line { fill: none; stroke: var(--google); stroke-width: 1.5; } .line + .line { stroke: var(--cloudflare); }
.limit { fill: none; stroke: var(--bad); stroke-dasharray: 5 4; }
.log { fill: none; stroke: var(--line); stroke-width: 8; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; padding: 0; list-style: none; font-size: .85rem; color: var(--dim); }
.legend li::before {
  content: ""; display: inline-block; width: .8em; height: .8em; margin-right: .4em; border: 2px solid var(--key);
  border-radius: 3px; vertical-align: -.05em;
}
.legend .dashed::before { border-style: dashed; }
@media (max-width: 600px) {
  body { padding: 1rem .8rem 2rem; font-size: 14.5px; }
  .card { padding: .7rem .75rem; }
  .tiles { grid-template-columns: 1fr 1fr; gap: .5rem; }
  .tile dd { font-size: 1.05rem; }
  table, caption, tbody, tbody th, tbody td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { display: block; border-top: 1px solid var(--line); padding: .45rem 0; }
  tbody th, tbody td { border: 0; padding: .05rem 0; text-align: left; white-space: normal; }
  tbody th { font-weight: 600; }
  tbody td.n { text-align: left; }
  tbody td:empty { display: none; }
  tbody td[data-title]::before { content: attr(data-title) ": "; color: var(--dim); }
  th code, td code { white-space: normal; overflow-wrap: anywhere; }
}
@media print { body { max-width: none; background: none; } .scroll { overflow: visible; } }
`;
