import type { Program } from '../ir/program.ts'
import { newModule, type Passes, type Writer } from './module.ts'
import { defineAtom } from './permissions.ts'
import { defineAnyType } from './predicates.ts'
import { defineCarried, defineHolders } from './rules.ts'

/** From so many rules on, those of one structure share a function. */
const sharedFrom = 256

/** A module in which the functions of a program are written as they are asked for. */
export function newProgramModule(program: Program, passes: Partial<Passes> = {}): Writer {
  const all: Passes = {
    sharing: program.rules.length >= sharedFrom,
    index: true,
    bits: true,
    folding: true,
    cheapFirst: true,
    verdicts: true,
    ...passes,
  }
  return newModule(program, all, {
    atom: defineAtom,
    anyType: defineAnyType,
    holders: defineHolders,
    carried: defineCarried,
  })
}
