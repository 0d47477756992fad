import type { Atom } from './atoms.ts'
import { newBody, writeBody } from './body.ts'
import type { Code } from './code.ts'
import { js, known } from './code.ts'
import type { Module } from './module.ts'
import { defineCounted, knownEntity, roleNames } from './predicates.ts'
import { operandsOf, prologue, statements } from './role-body.ts'
import { defineLoop, tailOf } from './role-loop.ts'

const [e, s] = [known('e'), known('s')]

/** A role of an entity of which perhaps nothing is known. */
export function defineRole(module: Module, { type, name: role }: Atom, name: Code): void {
  const { program } = module
  const first = program.roles.find((one) => one.type === type && one.name === role)
  if (first === undefined) {
    module.define(
      name,
      [e, s],
      js`  return ${module.support('noRole')}(r, ${role}, ${type === undefined ? js`undefined` : e})`,
    )
    return
  }
  const held = module.atom({ kind: 'held', ...(type === undefined ? {} : { type }), name: role })
  const isVirtual = program.types.some((one) => one.name === type && one.virtual)
  const check =
    type === undefined || isVirtual
      ? js``
      : js`  if (!${knownEntity(module, type)}) return ${module.support('unknownEntity')}(r, e, ${module.data(first.at)})\n`
  module.define(name, [e, s], js`${check}  return ${held}(e, s)`)
}

/** A role of an entity of which something is known. */
export function defineHeld(module: Module, atom: Atom, name: Code): void {
  const { type, name: role } = atom
  const lines = module.program.roles.filter((one) => one.type === type && one.name === role)
  const words = type === undefined ? [role] : [type, role]
  const roots = lines.flatMap(({ condition, except }) => [condition, except]).filter((one) => one !== undefined)
  const bare = newBody(module, words.join('$'), roleNames(module.program, type), roots)
  const of = type === undefined ? bare : { ...bare, mentioned: new Set([`${e}`]) }
  const operands = operandsOf(module, lines)
  const tail = tailOf(module, atom, operands)
  if (tail !== undefined) {
    defineLoop(module, atom, name, of, operands, tail)
    return
  }
  const { temporaries, result } = writeBody(of, (body) => js`${statements(body, operands)}\n  return x`)
  defineCounted(module, atom, name, js`${prologue}${temporaries}  let x = false, y\n${result}`)
}
