import type { Expr } from '../ir/expr.ts'
import type { Program } from '../ir/program.ts'
import type { Atom } from './atoms.ts'
import { type Calls, newCalls } from './calls.ts'
import type { Code } from './code.ts'
import { join, js, known, nameOf } from './code.ts'
import { type Lookup, newLookup } from './lookup.ts'
import { cheapFirst } from './passes/cheap-first.ts'
import { fold } from './passes/fold.ts'
import { type RoleMasks, roleMasks } from './passes/role-masks.ts'

/** What makes the code quicker and changes no decision: each can be left out, so that tests can tell what each of them does. */
export interface Passes {
  /** Rules of one structure are one function, which is given the literals of each. Worth it where there are many rules. */
  readonly sharing: boolean
  /** Rules that compare one value with different texts are looked up by that value. */
  readonly index: boolean
  /** All global roles that are no more than facts and claims are found together, once in a request. */
  readonly bits: boolean
  /** What can be told before any request comes is told once. */
  readonly folding: boolean
  /** Of several operands, those that cost little are looked at first. */
  readonly cheapFirst: boolean
  /** All rules of a group are one function, for what is usual. */
  readonly verdicts: boolean
}

/** The module that is being written: functions in the order in which they were begun, and the data that they refer to. */
export interface Module {
  readonly program: Program
  readonly lookup: Lookup
  /** What its predicates depend on. */
  readonly calls: Calls
  /** Its global roles that have bits, if there are any. */
  masks(): RoleMasks | undefined
  readonly passes: Passes
  /** The verdicts that have been written, by what they are written for. */
  readonly verdicts: Map<string, WrittenVerdict>
  /** The condition of a rule, as the passes leave it. */
  condition(rule: number): Expr
  /** A name like these words that is taken by nothing else. */
  name(...words: readonly (string | number)[]): Code
  /** A function: what it is called is told before what it does, so that it may be recursive. */
  define(name: Code, params: readonly Code[], body: Code): void
  /** Data of the policy, JSON, as code that refers to it; equal data is one. */
  data(value: unknown): Code
  /** A name for what is worked out once, when the module is linked; what is written in the same way is one. */
  constant(words: string, value: Code): Code
  /** The same for what is one by its key, and written only once. */
  constantOnce(key: string, words: string, write: () => Code): Code
  /** A function of the support library, by its name there. */
  support(name: string): Code
  /** The function that a role or permission is: defined once somebody asks for it. */
  atom(atom: Atom): Code
  /** The function of a role or permission of this name, whatever type the entity is of. */
  anyType(kind: 'role' | 'nested', relation: string): Code
  /** A function that is defined once for a key; an empty key is nobody else's. */
  once(key: string, words: readonly (string | number)[], define: (name: Code) => void): Code
  /** Whether a subject has a role of an entity, by name: for facts whose subject are the holders of a role. */
  holders(): Code
  /** The condition that a fact carries, by name. */
  carried(): Code
}

/** Both functions of a verdict, and the roles that they ask for by their place. */
export interface WrittenVerdict {
  readonly code: Code
  readonly masks: readonly (readonly number[])[]
}

/** How the functions are defined that are asked for by what they stand for. */
export interface Definitions {
  readonly atom: (module: Module, atom: Atom, name: Code) => void
  readonly anyType: (module: Module, kind: 'role' | 'nested', relation: string, name: Code) => void
  readonly holders: (module: Module, name: Code) => void
  readonly carried: (module: Module, name: Code) => void
}

/** What has been written since the last time. */
export interface Chunk {
  /** What goes before the functions. */
  readonly constants: Code
  readonly functions: Code
  /** Names that earlier chunks have defined and this one uses. */
  readonly imports: readonly string[]
  /** Names that later chunks may use. */
  readonly exports: readonly string[]
  /** The functions of the support library that are used. */
  readonly uses: readonly string[]
}

export interface Writer extends Module {
  /** All the data that code refers to; it grows with every chunk. */
  readonly pool: readonly unknown[]
  /** Finishes what has been asked for, and hands it out. */
  chunk(): Chunk
}

export function newModule(program: Program, passes: Passes, definitions: Definitions): Writer {
  /** Names, and how many have been made of each. */
  const taken = new Map<string, number>()
  let functions: Code[] = []
  let constants: Code[] = []
  let exports: string[] = []
  /** Of names that functions of other chunks may use: those that are not of this one. */
  const earlier = new Set<string>()
  let imports = new Set<string>()
  const lookup = newLookup(program)
  const constantNames = new Map<string, Code>()
  const data: unknown[] = []
  const dataIndex = new Map<string, number>()
  let uses = new Set<string>()
  const asked = new Map<string, Code>()
  /** One after the other, since one may ask for the next without end. */
  const waiting: (() => void)[] = []
  let masks: { readonly are: RoleMasks | undefined } | undefined

  function name(...words: readonly (string | number)[]): Code {
    let found = nameOf(words)
    const wanted = `${found}`
    let number = taken.get(wanted) ?? 1
    while (taken.has(`${found}`)) {
      number += 1
      found = nameOf(words, number)
    }
    taken.set(wanted, number)
    taken.set(`${found}`, 1)
    return found
  }

  function once(key: string, words: readonly (string | number)[], define: (name: Code) => void): Code {
    let called = key === '' ? undefined : asked.get(key)
    if (called === undefined) {
      called = name(...words)
      if (key !== '') asked.set(key, called)
      exports.push(`${called}`)
      const own = called
      waiting.push(() => define(own))
    }
    return used(called)
  }

  function used(called: Code): Code {
    if (earlier.has(`${called}`)) imports.add(`${called}`)
    return called
  }

  function constantOnce(key: string, words: string, write: () => Code): Code {
    let found = constantNames.get(key)
    if (found === undefined) {
      found = name(words)
      constantNames.set(key, found)
      exports.push(`${found}`)
      constants.push(js`const ${found} = ${write()}`)
    }
    return used(found)
  }

  const conditions = new Map<number, Expr>()
  function condition(index: number): Expr {
    let found = conditions.get(index)
    if (found === undefined) {
      const rule = program.rules[index]
      if (rule === undefined) throw new RangeError('a rule of the program')
      found = optimised(rule.condition)
      conditions.set(index, found)
    }
    return found
  }

  function optimised(condition: Expr): Expr {
    const folded = passes.folding ? fold(condition) : condition
    return passes.cheapFirst ? cheapFirst(folded) : folded
  }

  const module: Module = {
    program,
    lookup,
    calls: newCalls(program, lookup),
    masks: () => {
      masks ??= { are: passes.bits ? roleMasks(program) : undefined }
      return masks.are
    },
    passes,
    verdicts: new Map(),
    condition,
    name,
    once,
    define: (called, params, body) => {
      functions.push(js`function ${called}(${params}) {\n${body}\n}`)
    },
    data: (value) => {
      const key = JSON.stringify(value)
      let index = dataIndex.get(key)
      if (index === undefined) {
        index = data.push(value) - 1
        dataIndex.set(key, index)
      }
      return js`d[${index}]`
    },
    constant: (words, value) => constantOnce(`${value}`, words, () => value),
    constantOnce,
    support: (used) => {
      uses.add(used)
      return known(used)
    },
    atom: (atom) => {
      const { kind, type, name: of } = atom
      const words = [...(type === undefined ? [] : [type]), of, ...(kind === 'role' ? [] : [kind])]
      return once(JSON.stringify([kind, type, of]), words, (called) => definitions.atom(module, atom, called))
    },
    anyType: (kind, relation) =>
      once(JSON.stringify([kind, relation]), [relation, 'any'], (called) =>
        definitions.anyType(module, kind, relation, called),
      ),
    holders: () => once('holders', ['holders'], (called) => definitions.holders(module, called)),
    carried: () => once('carried', ['carried'], (called) => definitions.carried(module, called)),
  }
  return {
    ...module,
    pool: data,
    chunk: () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) next()
      const chunk = {
        constants: join(constants, '\n'),
        functions: join(functions, '\n\n'),
        imports: [...imports],
        exports,
        uses: [...uses].sort(),
      }
      for (const name of exports) earlier.add(name)
      functions = []
      constants = []
      exports = []
      imports = new Set()
      uses = new Set()
      return chunk
    },
  }
}
