import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type BuiltinParameter, type BuiltinSignature, builtins } from '../src/ir/builtins.ts'
import { builtinTypes } from '../src/model/declare/types.ts'
import { obtainableNames } from '../src/model/expression/function-names.ts'
import { claims, variableNames } from '../src/model/expression/variables.ts'
import { showShape } from '../src/model/shape.ts'
import type { Reason } from '../src/runtime/decision.ts'
import { mcpActions } from '../src/runtime/mcp-actions.ts'
import * as tokens from '../src/syntax/tokens.ts'
import type { EvaluationError } from '../src/value/value.ts'

const page = readFileSync(new URL('../docs/language.md', import.meta.url), 'utf8')

/** What stands first in the rows of a table, each in backticks. */
function firstColumn(heading: string): readonly string[] {
  const table = page.split(`\n| ${heading} |`)[1]?.split(/\n\n/)[0] ?? ''
  return [...table.matchAll(/^\| `(.*?)` \|/gm)].map(([, cell = '']) => cell)
}

const reasons = {
  granted: 1,
  forbidden: 1,
  'not-permitted': 1,
  'not-delegated': 1,
  error: 1,
} satisfies Record<Reason, 1>

const errors = {
  'bad-request': 1,
  'unknown-entity': 1,
  'missing-attribute': 1,
  absent: 1,
  'wrong-kind': 1,
  overflow: 1,
  'bad-value': 1,
  'bad-key': 1,
  'host-function': 1,
  'no-session': 1,
  'not-delegated': 1,
  circular: 1,
  budget: 1,
} satisfies Record<EvaluationError['code'], 1>

function signature({ name, form, receiver, params, result, optional }: BuiltinSignature): string {
  const type = (of: BuiltinParameter['type']) =>
    of === 'element' ? 'element' : of === 'receiver' ? 'set' : showShape(of).replaceAll('`', '')
  const list = params.map((param) => `${param.name}: ${type(param.type)}`).join(', ')
  const called = receiver === undefined ? name : `${receiver}.${name}`
  return `${called}${optional === true ? '?' : ''}${form === 'property' ? '' : `(${list})`}: ${type(result)}`
}

const keywords = Object.values(tokens)
  .flatMap((token) => (typeof token === 'object' && 'name' in token ? [token.name.toLowerCase()] : []))
  .filter((word) => tokens.keywordOf(word) !== undefined)

it.each([
  ['word', [...keywords].sort()],
  ['type', [...builtinTypes]],
  ['variable', [...variableNames]],
  ['claim', claims.map(({ name }) => name)],
  ['built-in', builtins.map(signature)],
  ['action', [...mcpActions.keys()]],
  ['reason', Object.keys(reasons)],
  ['error of a request', Object.keys(errors)],
])('docs/language.md has every %s, and no other', (heading, all) => {
  expect([...firstColumn(heading)].sort()).toEqual([...all].sort())
})

it('docs/language.md has every fact that a caller can get', () => {
  const section = page.split('\n## What a caller can get\n')[1]?.split('\n## ')[0] ?? ''
  expect([...section.matchAll(/^\| `(\w+)\(/gm)].map(([, name]) => name)).toEqual([...obtainableNames])
})
