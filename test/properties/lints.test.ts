import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compile, createEngine, type Diagnostic, type Span } from '../../src/index.ts'
import { parse } from '../../src/syntax/parse.ts'
import { walk } from '../../src/syntax/walk.ts'
import { type Line, render } from './generate/policy.ts'
import { ask, type CreateEngine, engineOf, scenario } from './generate/scenario.ts'

/** Quicker where each engine is asked little. */
const interpreted: CreateEngine = (policy, options) => createEngine(policy, { ...options, backend: 'interpreted' })

const codes: ReadonlySet<string> = new Set(['unreachable-rule', 'shadowed-allow', 'deny-never-fires'])

/** Beside a line, one that leaves it nothing or adds nothing to it, or a line that contradicts itself. */
function troubled(line: Line, how: number): readonly Line[] {
  if (line.effect !== 'allow' && line.effect !== 'deny' && line.effect !== 'delegate') return [line]
  const { condition: _, ...whole } = { ...line, id: `${line.id}-whole` }
  if (how === 1) return [line, whole]
  if (how === 2 && line.effect === 'allow')
    return [line, { ...whole, effect: 'deny', head: line.head.replace('allow', 'deny') }]
  if (how === 3 && line.condition !== undefined)
    return [{ ...line, condition: `(${line.condition}) and not (${line.condition})` }]
  return [line]
}

/** A policy without the rule that a diagnostic is about. */
function without(files: Readonly<Record<string, string>>, { span }: Diagnostic): Readonly<Record<string, string>> {
  const text = files[span.file] ?? ''
  let rule: Span | undefined
  walk(parse({ name: span.file, text }).policy, {
    rule: ({ span: own }) => {
      if (own.start <= span.start && span.end <= own.end) rule = own
      return undefined
    },
  })
  const { start, end } = rule ?? span
  return { ...files, [span.file]: text.slice(0, start) + text.slice(end) }
}

it('a rule of which a lint says that it changes nothing changes nothing where nothing is in error', () => {
  const found = new Map<string, number>()
  fc.assert(
    fc.property(
      scenario(),
      fc.array(fc.nat(5), { minLength: 40, maxLength: 40 }),
      ({ model, facts, requests }, how) => {
        const lines = model.lines.flatMap((line, i) => troubled(line, how[i % how.length] ?? 0))
        const files = render({ ...model, lines })
        const { policy, diagnostics } = compile(files)
        if (policy === undefined) return
        const before = engineOf(interpreted, policy, facts)
        for (const one of diagnostics.filter(({ code }) => codes.has(code)).slice(0, 3)) {
          // Without the only rule about an action there is no such action.
          const { policy: shorter } = compile(without(files, one))
          if (shorter === undefined) continue
          found.set(one.code, (found.get(one.code) ?? 0) + 1)
          const after = engineOf(interpreted, shorter, facts)
          for (const request of requests) {
            const { allowed, errors } = ask(before, request)
            if (errors.length === 0) expect(ask(after, request).allowed, one.code).toBe(allowed)
          }
        }
      },
    ),
    { numRuns: 25 },
  )
  expect([...found.keys()].sort()).toEqual([...codes].sort())
})
