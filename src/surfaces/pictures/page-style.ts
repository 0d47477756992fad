/** The look of the page, light and dark as the reader has it. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: #fbfaf8; --sheet: #ffffff; --ink: #22262b; --quiet: #6a7078; --line: #e3e1dc; --focus: #2f6fde;
  --allow: #1b7a4b; --allow-ground: #e3f4ea; --depends: #8a5a00; --depends-ground: #fdf1d8; --deny: #9a3b3b; --deny-ground: #f6f4f2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #15181c; --sheet: #1c2025; --ink: #e6e4df; --quiet: #979da6; --line: #30353c; --focus: #7fb0ff;
    --allow: #7ed6a5; --allow-ground: #17382a; --depends: #f0c264; --depends-ground: #3a2f16; --deny: #d98f8f; --deny-ground: #23272d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 1200px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 32px; }
h1 { font-size: 22px; font-weight: 650; margin: 0 0 4px; }
h2 { font-size: 16px; font-weight: 650; margin: 0; padding: 14px 16px 10px; }
h2 small, h3 { color: var(--quiet); font-weight: 500; font-size: 13px; }
p { margin: 0; color: var(--quiet); max-width: 75ch; }
code, pre, th, .cell { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
form { display: flex; flex-wrap: wrap; gap: 8px 18px; align-items: center; padding: 18px 0 14px; }
input[type=search] { flex: 1 1 240px; max-width: 420px; padding: 8px 12px; font: inherit; color: inherit; background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; }
label { display: inline-flex; gap: 6px; align-items: center; cursor: pointer; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px; align-items: start; padding-bottom: 40px; }
.columns.open { grid-template-columns: minmax(0, 1fr) minmax(300px, 380px); }
main > div { display: flex; flex-wrap: wrap; gap: 20px; align-items: flex-start; }
section { max-width: 100%; min-width: 260px; background: var(--sheet); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
.scroll { overflow: auto; max-height: 75vh; }
table { min-width: 100%; border-collapse: separate; border-spacing: 0; font-size: 13px; }
th { font-weight: 500; text-align: left; background: var(--sheet); white-space: nowrap; padding: 7px 10px; border-top: 1px solid var(--line); position: sticky; z-index: 1; }
thead th { top: 0; color: var(--quiet); text-align: center; }
tbody th, thead td { left: 0; padding-left: 16px; max-width: 340px; overflow: hidden; text-overflow: ellipsis; }
thead td { position: sticky; top: 0; z-index: 2; background: var(--sheet); border-top: 1px solid var(--line); }
td { padding: 3px; border-top: 1px solid var(--line); }
tr[hidden], section[hidden], aside[hidden] { display: none; }
.cell { display: block; width: 100%; min-width: 62px; padding: 4px 10px; border: 1px solid transparent; border-radius: 6px; font-size: 13px; color: inherit; background: none; cursor: pointer; text-align: center; }
.allow { color: var(--allow); background: var(--allow-ground); }
.depends { color: var(--depends); background: var(--depends-ground); }
.deny { color: var(--deny); background: var(--deny-ground); }
.same { background: none; opacity: .75; }
.cell:hover { border-color: currentColor; }
.cell[aria-pressed=true] { border-color: currentColor; font-weight: 700; opacity: 1; }
.cell.out { opacity: .12; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
aside { position: sticky; top: 16px; background: var(--sheet); border: 1px solid var(--line); border-radius: 12px; padding: 16px; max-height: calc(100vh - 32px); overflow: auto; }
aside header { padding: 0; display: flex; justify-content: space-between; gap: 8px; align-items: start; }
aside h2 { padding: 0; overflow-wrap: anywhere; }
aside h3 { margin: 16px 0 4px; }
aside .outcome { display: inline-block; padding: 2px 10px; border-radius: 99px; font-size: 13px; margin-top: 8px; }
aside button.close { border: 0; background: none; color: var(--quiet); font-size: 18px; line-height: 1; cursor: pointer; padding: 4px 6px; border-radius: 6px; }
pre { margin: 0; padding: 10px 12px; background: var(--ground); border-radius: 8px; font-size: 12.5px; line-height: 1.5; white-space: pre-wrap; overflow-wrap: anywhere; }
.rule + .rule { margin-top: 14px; }
.rule small { color: var(--quiet); overflow-wrap: anywhere; }
footer { padding-bottom: 32px; color: var(--quiet); font-size: 13px; }
@media (max-width: 860px) {
  .columns.open { grid-template-columns: minmax(0, 1fr); }
  .columns.open aside { position: fixed; inset: auto 0 0 0; top: auto; max-height: 55vh; border-radius: 12px 12px 0 0; z-index: 5; box-shadow: 0 -6px 30px rgb(0 0 0 / .25); }
}
`
