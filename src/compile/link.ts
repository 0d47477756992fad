import type { Program } from '../ir/program.ts'
import * as support from '../machine/support.ts'
import type { Link } from '../machine/linked.ts'
import { emit } from './emit.ts'

/** The emitted program as a function, or undefined where code may not be made from text. */
export function link(program: Program): Link | undefined {
  const { body, data, uses } = emit(program)
  const given: Readonly<Record<string, unknown>> = support
  const text = `'use strict'\n${body}`
  let create: (...given: unknown[]) => ReturnType<Link>
  try {
    create = new Function('r', 'd', ...uses, text) as typeof create
  } catch (refused) {
    if (refused instanceof EvalError) return undefined
    throw refused
  }
  return (registers) => create(registers, data, ...uses.map((name) => given[name]))
}
