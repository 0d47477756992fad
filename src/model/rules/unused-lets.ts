import type { Code } from '../../base/codes.ts'
import type { Checked } from '../expression/checked.ts'
import { outermostScope } from '../expression/expression.ts'
import { boundIn } from '../expression/lets.ts'
import { checkedUnknown, checkedValue } from '../expression/scope.ts'
import type { Report } from '../report.ts'
import type { LetInfo, Schema } from '../schema.ts'
import { json } from '../shape.ts'

/** What is known only where a `let` is used. */
const open = ['resource', 'action', 'agent', 'server', 'client', 'tool', 'args', 'prompt', 'uri']

/** What is wrong wherever it is used. Whether the rest is depends on that place: what is known there, and what has been asked before. */
const certain: readonly Code[] = ['unknown-name', 'unknown-type', 'unknown-function', 'type-mismatch']

/** A `let` is checked where it is used. One that nothing uses is checked by itself, for what is wrong in any place. */
export function checkUnusedLets(schema: Schema, report: Report): readonly LetInfo[] {
  const all = [schema, schema.everyServer, ...schema.servers.values()].flatMap(({ lets }) => [...lets.values()])
  const unused = all.filter((info) => !schema.usedLets.has(info))
  for (const info of unused) checkAlone(schema, info, report)
  return unused
}

function checkAlone(schema: Schema, info: LetInfo, report: Report): void {
  const at = info.declaration.name.span
  const locals = new Map<string, Checked>(open.map((name) => [name, checkedUnknown(at)]))
  for (const { name, type, optional } of info.params ?? [])
    locals.set(name, checkedValue(type, { kind: 'local', name, at }, { optional, path: `${name}#param` }))
  const anywhere: Report = {
    diagnostics: report.diagnostics,
    notes: report.notes,
    add: (code, ...more) => {
      if (certain.includes(code)) report.add(code, ...more)
    },
  }
  const scope = outermostScope(schema, anywhere, {
    locals,
    agent: true,
    bound: boundIn(info),
    expanding: [info],
    ...(info.server === undefined
      ? {}
      : { server: info.server, items: { args: json, tool: true, prompt: true, uri: true, unbound: new Set() } }),
  })
  scope.check(scope, info.declaration.value)
}
