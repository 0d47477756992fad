import type { Atom } from './atoms.ts'
import type { Code } from './code.ts'
import { js, known } from './code.ts'
import { linesName } from './lines.ts'
import type { Module } from './module.ts'
import { defineCounted } from './predicates.ts'
import { defineHeld, defineRole } from './roles.ts'

/** The functions of permissions. Each takes an entity and a subject, and returns a truth. */

const [e, s, g] = [known('e'), known('s'), known('g')]

/** Defines what is asked for by `module.atom`. */
export function defineAtom(module: Module, atom: Atom, name: Code): void {
  if (atom.kind === 'role') defineRole(module, atom, name)
  else if (atom.kind === 'held') defineHeld(module, atom, name)
  else if (atom.kind === 'own') defineOwn(module, atom, name)
  else if (atom.kind === 'delegated') defineDelegated(module, atom, name)
  else defineNested(module, atom, name)
}

/** Some grant and no prohibition, among the rules that do not mention the agent. */
function defineOwn(module: Module, { type = '', name: action }: Atom, name: Code): void {
  const { allow, deny } = module.lookup.rulesOf(action, type)
  const any = (rules: readonly number[]) => js`${linesName(module, rules)}.any(s, e, undefined, undefined, ${action})`
  const [and, not] = [module.support('and'), module.support('not')]
  const body =
    allow.length === 0
      ? js`  return false`
      : deny.length === 0
        ? js`  return ${any(allow)}`
        : js`  const allowed = ${any(allow)}\n  return allowed === false ? false : ${and}(allowed, ${not}(${any(deny)}))`
  defineCounted(module, { kind: 'own', type, name: action }, name, body)
}

/** All agents have to be delegated to; one that is denied stops all. */
function defineDelegated(module: Module, { type = '', name: action }: Atom, name: Code): void {
  const { delegate, agentDeny } = module.lookup.rulesOf(action, type)
  const each = (words: string, rules: readonly number[]) => {
    const called = module.name(type, action, words)
    const any = js`${linesName(module, rules)}.any(s, e, g, undefined, ${action})`
    module.define(called, [s, e, g], rules.length === 0 ? js`  return false` : js`  return ${any}`)
    return called
  }
  const body = js`  return ${module.support('delegatedBy')}(r, s, e, ${each('delegate', delegate)}, ${each('forbid', agentDeny)})`
  defineCounted(module, { kind: 'delegated', type, name: action }, name, body)
}

/** Inside a condition: what is not delegated is unknown there, so that it cannot switch a deny off. */
function defineNested(module: Module, { type = '', name: action }: Atom, name: Code): void {
  const own = module.atom({ kind: 'own', type, name: action })
  const delegated = module.atom({ kind: 'delegated', type, name: action })
  const [and, or] = [module.support('and'), module.support('or')]
  module.define(
    name,
    [e, s, known('at')],
    js`  const own = ${own}(e, s)
  if (own === false || r.agents.length === 0 || s !== r.actor) return own
  return ${and}(own, ${or}(${delegated}(e, s), ${module.support('notDelegated')}(r, ${action}, at)))`,
  )
}
