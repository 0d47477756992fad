import { describe, expect, it } from 'vitest'
import { diagnostic } from '../../src/base/diagnostic.ts'
import { render } from '../../src/base/render.ts'
import type { Span } from '../../src/base/source.ts'

function at(text: string, part: string): Span {
  const start = text.indexOf(part)
  return { file: 'policy.licet', start, end: start + part.length }
}

function shown(text: string, span: Span, color = false): string {
  return render([diagnostic('unknown-name', span, 'no `x` here')], [{ name: 'policy.licet', text }], { color })
}

/** The source line and the line with the mark. */
function marked(text: string, part: string): readonly string[] {
  return shown(text, at(text, part)).split('\n').slice(3, 5)
}

describe('render', () => {
  it('shows code, place, line, mark, help and the places that explain it', () => {
    const text = 'actor User\nresource Doc {\n  allow read if ownr\n}\n'
    const found = diagnostic('unknown-name', at(text, 'ownr'), 'nothing is called `ownr`', {
      help: 'did you mean `owner`?',
      related: [{ span: at(text, 'Doc'), message: 'in this type' }],
    })
    expect(render([found], [{ name: 'policy.licet', text }], { color: false })).toBe(
      [
        'error[unknown-name]: nothing is called `ownr`',
        ' --> policy.licet:3:17',
        '  |',
        '3 |   allow read if ownr',
        '  |                 ^^^^',
        '  = help: did you mean `owner`?',
        'note: in this type',
        ' --> policy.licet:2:10',
        '  |',
        '2 | resource Doc {',
        '  |          ---',
        '',
      ].join('\n'),
    )
  })

  it('marks the right columns behind tabs and wide characters', () => {
    expect(marked('\tab\tx', 'x')).toEqual(['1 |     ab  x', '  |         ^'])
    expect(marked('"日本" x', 'x')).toEqual(['1 | "日本" x', '  |        ^'])
    expect(marked('e\u0301 x', 'x')).toEqual(['1 | e\u0301 x', '  |   ^'])
  })

  it('cuts a long line around the mark', () => {
    const [line = '', mark = ''] = marked(`${'a'.repeat(500)} here ${'b'.repeat(500)}`, 'here')
    expect(line.length).toBeLessThanOrEqual(130)
    expect(line).toMatch(/^1 \| …a+ here b+…$/)
    expect(mark.indexOf('^^^^')).toBe(line.indexOf('here'))
  })

  it('marks one column of nothing, and the first line of many', () => {
    expect(marked('ab', '').at(-1)).toBe('  | ^')
    expect(marked('a {\n b }', '{\n b }')).toEqual(['1 | a {', '  |   ^'])
  })

  it('shows nothing that could steer a terminal', () => {
    const text = 'a \u001b[31m\u202e x'
    const all = shown(text, at(text, 'x'))
    expect([all.includes('\u001b'), all.includes('\u202e')]).toEqual([false, false])
  })

  it('colours only when it is told to', () => {
    expect(shown('x', at('x', 'x'))).not.toContain('\u001b')
    expect(shown('x', at('x', 'x'), true)).toContain('\u001b[1;31merror[unknown-name]\u001b[0m')
  })

  it('names a file that it does not have', () => {
    expect(shown('x', { file: 'other.licet', start: 3, end: 4 })).toContain(' --> other.licet\n')
  })

  it('says nothing of nothing', () => {
    expect(render([], [], { color: true })).toBe('')
  })
})
