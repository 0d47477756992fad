import type { Coverage, CoveredPlace } from 'licet/testing'
import { visibleText } from '../../../base/visible.ts'
import type { SourceFile } from '../../../index.ts'
import { type CoveredFile, coveredFiles, percentOf, shareOf } from './files.ts'

/** Coverage as one page that needs nothing else: no script, nothing from the network, and nothing of a text that is not escaped. */
export function coveragePage(coverage: Coverage, sources: readonly SourceFile[]): string {
  const files = coveredFiles(coverage, sources)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Policy coverage: ${percentOf(shareOf(coverage.places))} %</title>
<style>${style}</style>
</head>
<body>
<h1>Policy coverage: ${percentOf(shareOf(coverage.places))} %</h1>
<p><span class="shown">shown both ways</span> <span class="half">shown one way</span> <span class="never">never shown</span></p>
<table>
<tr><th>file<th>rules<th>roles<th>conditions<th></tr>
${files.map(row).join('\n')}
</table>
${files.map(section).join('\n')}
</body>
</html>
`
}

const style = `
:root { color-scheme: light dark; --shown: #2da44e33; --half: #d4a72c66; --never: #cf222e55 }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem }
td, th { padding: 0 1rem 0 0; text-align: left }
pre { font: 13px/1.5 ui-monospace, monospace; overflow-x: auto }
i { color: gray; display: inline-block; font-style: normal; padding-right: 1rem; text-align: right; user-select: none; width: 3rem }
.shown { background: var(--shown) } .half { background: var(--half) } .never { background: var(--never) }
`

function row({ name, places }: CoveredFile, index: number): string {
  const cell = (kind?: CoveredPlace['kind']) => {
    const { shown, of } = shareOf(places, kind)
    return `<td>${shown}/${of}`
  }
  return `<tr><td><a href="#file${index}">${escaped(name)}</a>${cell('rule')}${cell('role')}${cell('condition')}<td>${percentOf(shareOf(places))} %</tr>`
}

function section(file: CoveredFile, index: number): string {
  const { name, starts } = file
  const lines = starts.map((start, i) => {
    const end = starts[i + 1] ?? file.text.length
    return `<i>${i + 1}</i>${pieces(file, start, end)}`
  })
  return `<h2 id="file${index}">${escaped(name)}</h2>\n<pre>${lines.join('\n')}</pre>`
}

/** A line, cut where a place begins or ends; each piece is of the innermost place around it. */
function pieces({ text, places }: CoveredFile, start: number, end: number): string {
  const around = places.filter(({ at }) => at.start < end && start < at.end)
  const cuts = new Set([start, end])
  for (const { at } of around) for (const cut of [at.start, at.end]) if (start < cut && cut < end) cuts.add(cut)
  const ordered = [...cuts].sort((a, b) => a - b)
  return ordered
    .slice(0, -1)
    .map((from, i) => {
      const to = ordered[i + 1] ?? end
      const inner = around
        .filter(({ at }) => at.start <= from && to <= at.end)
        .reduce<CoveredPlace | undefined>(
          (best, one) => (best === undefined || length(one) <= length(best) ? one : best),
          undefined,
        )
      const shown = escaped(text.slice(from, to).replace(/[\r\n]+$/, ''))
      if (inner === undefined || shown === '') return shown
      return `<span class="${colorOf(inner)}" title="${escaped(titleOf(inner))}">${shown}</span>`
    })
    .join('')
}

function length({ at }: CoveredPlace): number {
  return at.end - at.start
}

function colorOf({ unshown, held, failed }: CoveredPlace): string {
  if (unshown.length === 0) return 'shown'
  return held + failed === 0 || unshown.length === 2 ? 'never' : 'half'
}

function titleOf({ kind, name, held, failed }: CoveredPlace): string {
  const what = name === undefined ? kind : `${kind} ${name}`
  return `${what}: held ${held} times, did not ${failed} times`
}

/** Nothing in it is markup, or reorders what stands around it. */
function escaped(text: string): string {
  return visibleText(text.replaceAll('\t', '  ')).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
