import type { Policy } from '../../index.ts'
import { claims } from '../../questions.ts'

type Type = Policy['program']['types'][number]

/** The keys that a `{` which is still open can have, but for those that it has: of facts, an input, or a tool's arguments. */
export function keysIn(before: readonly string[], policy: Policy): readonly string[] {
  const open = openBrace(before)
  if (open === -1) return []
  const written = new Set(before.slice(open + 1).filter((_, i, block) => block[i + 1] === ':'))
  return keysOf(before.slice(0, open), policy).filter((key) => !written.has(key))
}

function openBrace(before: readonly string[]): number {
  let closed = 0
  for (let i = before.length - 1; i >= 0; i--) {
    const token = before[i]
    if (token === '}') closed += 1
    if (token === '{' && closed-- === 0) return i
  }
  return -1
}

function keysOf(head: readonly string[], { program, locks }: Policy): readonly string[] {
  const last = head.at(-1) ?? ''
  const names = (fields: readonly { readonly name: string }[]) => fields.map(({ name }) => name)
  if (last === 'with' || last === 'token') return names([...claims, ...program.token])
  if (last === 'context') return names(program.context)
  if (last === 'session') return ['labels']
  // `given T:x in G:y {`: the entity is the one that is given.
  const given = head.lastIndexOf('given')
  const type = given === -1 ? undefined : program.types.find(({ name }) => head[given + 1]?.startsWith(`${name}:`))
  if (type !== undefined) return [...names(type.fields), ...rolesOf(program, type)]
  const action = head.at(-2)
  return [...locks.values()].flatMap(({ tools, prompts }) => {
    if (action !== 'call') return names(prompts.find(({ name }) => name === last)?.arguments ?? [])
    const properties = tools.find(({ name }) => name === last)?.inputSchema.properties
    return typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
  })
}

function rolesOf({ roles }: Policy['program'], { name }: Type): readonly string[] {
  return roles.filter(({ type }) => type === name).map((role) => role.name)
}
