import { markupText, scriptJson } from './escape.ts'
import type { Matrix, MatrixCell, MatrixSubject, MatrixTable, MatrixUse } from './matrix.ts'
import { markOf, subjectName } from './matrix-text.ts'
import { pageScript } from './page-script.ts'
import { pageStyle } from './page-style.ts'

/**
 * The matrix as one HTML page, which loads nothing and runs under the content security policy that it brings: its own style and script
 * by their digests, and nothing else. A cell that is chosen is explained beside the tables.
 */
export async function matrixPage({ tables, rules, complete }: Matrix, title: string): Promise<string> {
  const [style, script] = await Promise.all([digest(pageStyle), digest(pageScript)])
  const policy = `default-src 'none'; style-src '${style}'; script-src '${script}'; base-uri 'none'; form-action 'none'`
  const ids = Object.keys(rules)
  const numbers = new Map(ids.map((id, i) => [id, i]))
  const data = {
    tables: tables.map(({ kind, name, subjects, uses, cells }) => ({
      kind,
      name,
      subjects: subjects.map((subject) => ({ kind: subject.kind, label: subjectName(subject, subjects) })),
      uses: uses.map((use) => ({ label: useName(use) })),
      cells: cells.map((row) =>
        row.map((one) => ({ ...one, rules: one.rules.flatMap((id) => numbers.get(id) ?? []) })),
      ),
    })),
    rules: ids.map((id) => ({ id, ...rules[id] })),
  }
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${markupText(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${markupText(title)}</h1>
<p>Who may do what, as far as the policy alone tells: each role or scope is somebody who has nothing else. Choose a cell to see why.${
    complete ? '' : ' <strong>Not complete: there are more cells than are worked out.</strong>'
  }</p>
<form role="search">
<input id="search" type="search" placeholder="filter: a role, an action, a tool, a condition…" aria-label="filter" autocomplete="off">
${outcomes.map(([value, mark, text]) => `<label><input type="checkbox" name="outcome" value="${value}" checked>${mark} ${text}</label>`).join('\n')}
<span id="count" role="status"></span>
</form>
</header>
<main class="columns">
<div>
${tables.map(section).join('\n')}
</div>
<aside hidden aria-live="polite" aria-label="explanation"></aside>
</main>
<footer>✓? is allowed unless something denies it. Paler cells are the same as for anyone. Arrow keys go from cell to cell, Enter explains one, Escape closes it, / filters.</footer>
<script id="matrix" type="application/json">${scriptJson(data)}</script>
<script>${pageScript}</script>
</body>
</html>
`
}

const outcomes = [
  ['allow', '✓', 'allowed'],
  ['depends', '?', 'depends'],
  ['deny', '✗', 'denied'],
] as const

const words = { allow: 'allowed', depends: 'depends', deny: 'denied' } as const

function section({ kind, name, subjects, uses, cells }: MatrixTable, table: number): string {
  const people = subjects.map((subject) => subjectName(subject, subjects))
  const things = uses.map(useName)
  const button = (subject: number, use: number) =>
    cell(cells[subject]?.[use], subjects[subject], [table, subject, use], `${people[subject]}: ${things[use]}`)
  // Of a server there are more items than subjects.
  const [heads, rows] =
    kind !== 'server'
      ? [things, people.map((head, i) => ({ head, cells: things.map((_, j) => button(i, j)) }))]
      : [people, things.map((head, j) => ({ head, cells: people.map((_, i) => button(i, j)) }))]
  const head = (text: string, scope: string) =>
    `<th scope="${scope}" title="${markupText(text)}">${markupText(text)}</th>`
  return `<section data-name="${markupText(`${kind} ${name}`)}">
<h2>${markupText(name)} <small>${kind}</small></h2>
<div class="scroll"><table>
<thead><tr><td></td>${heads.map((text) => head(text, 'col')).join('')}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${head(row.head, 'row')}${row.cells.join('')}</tr>`).join('\n')}
</tbody>
</table></div>
</section>`
}

function cell(
  found: MatrixCell | undefined,
  subject: MatrixSubject | undefined,
  at: readonly number[],
  name: string,
): string {
  if (found === undefined) return '<td></td>'
  const { outcome, asAnyone } = found
  const same = asAnyone && subject?.kind !== 'anyone' ? ' same' : ''
  const label = markupText(`${name}: ${words[outcome]}`)
  return `<td><button type="button" class="cell ${outcome}${same}" data-at="${at.join(' ')}" aria-pressed="false" aria-label="${label}">${markOf(found)}</button></td>`
}

function useName({ action, item }: MatrixUse): string {
  return item === undefined ? action : `${action} ${item}`
}

async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return `sha256-${btoa(String.fromCharCode(...bytes))}`
}
