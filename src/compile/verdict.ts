import type { Expr } from '../ir/expr.ts'
import { children, nodes } from '../ir/walk.ts'
import type { GroupRules } from '../machine/group-rules.ts'
import type { About } from '../machine/linked.ts'
import type { VerdictData } from '../machine/verdict-data.ts'
import { printExpression } from '../runtime/print-expression.ts'
import { type Body, newBody, writeBody } from './body.ts'
import type { Code } from './code.ts'
import { join, js, known } from './code.ts'
import { type Direct, inputs, newDirect } from './direct.ts'
import { textAt } from './fast/glance.ts'
import { maskData, masksFirst, masksName } from './global-roles.ts'
import type { Module, WrittenVerdict } from './module.ts'
import { cheapFirst } from './passes/cheap-first.ts'
import { fold } from './passes/fold.ts'
import { indexOf } from './passes/index-equality.ts'
import { plainTruth } from './plain.ts'
import { literalsOf, ruleNames } from './rules.ts'
import { structureOf } from './structure.ts'

/**
 * What a group of rules comes to, as two functions: `can` tells whether it allows, `tell` leaves the rules that decide in the
 * registers. They are written for one action on one type, or for one item, of which what the lock says is known.
 */
export interface VerdictCode {
  /** Groups that differ only in their literals have the same functions. */
  readonly functions: Code
  /** What they are given. */
  readonly data: VerdictData
}

/** More than this is left to functions of its parts, which are optimised one by one. */
const maxParts = 300
const maxDepth = 16

interface Ruled {
  readonly rule: number
  readonly condition: Expr
  readonly names: Body['names']
}

/** What is written of a group. */
interface Plan {
  readonly about: About
  readonly allow: readonly Ruled[]
  readonly deny: readonly Ruled[]
  /** Grants that are found by a text. */
  readonly index?: { readonly key: Expr; readonly rest: Ruled } | undefined
  /** Where literals are data: by part of a condition its place. */
  readonly places?: ReadonlyMap<Expr, number> | undefined
}

/** Undefined where the group has none. */
export function verdictCode(
  module: Module,
  rules: Pick<GroupRules, 'allow' | 'deny'>,
  about: About,
): VerdictCode | undefined {
  if (!module.passes.verdicts) return undefined
  const [allow = [], deny = []] = [rules.allow, rules.deny].map((some) => conditionsOf(module, some, about))
  const indexed = indexedOf(module, allow)
  const plan = {
    about,
    allow: indexed?.others ?? allow,
    deny,
    index: indexed && { key: indexed.key, rest: indexed.rest },
  }
  const written = [...plan.allow, ...deny, ...(plan.index === undefined ? [] : [plan.index.rest])]
  if (!isSmall([...written.map(({ condition }) => condition), ...(plan.index === undefined ? [] : [plan.index.key])]))
    return undefined
  const all = [...plan.allow, ...deny]
  const own = { rules: all.map(({ rule }) => rule), ...(indexed && { byText: indexed.entries }) }
  if (!module.passes.sharing) {
    const key = JSON.stringify(['verdict', rules.allow, rules.deny, what(module, rules, about)])
    return withData(functions(module, key, plan), own)
  }
  const structures = all.map(({ condition }) => structureOf(condition))
  const nodes = structures.flatMap((structure) => structure.nodes)
  const shape = plan.index && [
    structureOf(plan.index.key).key,
    printExpression(plan.index.key),
    structureOf(plan.index.rest.condition).key,
    plan.index.rest.names.actor,
    plan.index.rest.names.resource,
  ]
  const key = JSON.stringify([
    'verdict',
    plan.allow.length,
    structures.map((structure) => structure.key),
    shape,
    all.map(({ names }) => [names.actor, names.resource]),
    what(module, rules, about),
  ])
  const places = new Map(nodes.map((node, i) => [node, i]))
  return withData(functions(module, key, { ...plan, places }), { ...own, literals: literalsOf(nodes) })
}

function withData({ code, masks }: WrittenVerdict, own: Omit<VerdictData, 'masks'>): VerdictCode {
  return { functions: code, data: masks.length === 0 ? own : { ...own, masks: masks.map(maskData) } }
}

/** What functions are written for: names of the policy only where a rule may look at them. */
function what(
  { program }: Module,
  rules: Pick<GroupRules, 'allow' | 'deny'>,
  { action, type, server, tool, prompt }: About,
): unknown {
  const seen = new Set<string>()
  for (const index of [...rules.allow, ...rules.deny]) {
    const root = program.rules[index]?.condition
    if (root !== undefined) for (const node of nodes(root)) if (node.kind === 'variable') seen.add(node.name)
  }
  return {
    type,
    isItem: server !== undefined,
    tool: tool && { ...tool, name: seen.has('tool') ? tool.name : '' },
    ...(seen.has('action') && { action }),
    ...(seen.has('server') && { server }),
    ...(seen.has('prompt') && { prompt }),
  }
}

/** The conditions of rules as they are for this action and item, without those that are false for it. */
function conditionsOf(module: Module, rules: readonly number[], about: About): readonly Ruled[] {
  return rules.flatMap((index) => {
    const rule = module.program.rules[index]
    if (rule === undefined) throw new RangeError('a rule of the program')
    const folded = module.passes.folding ? fold(rule.condition, about) : rule.condition
    const condition = module.passes.cheapFirst ? cheapFirst(folded) : folded
    if (condition.kind === 'constant' && condition.value.kind === 'boolean' && !condition.value.value) return []
    const names = ruleNames(module.program, rule)
    return [{ rule: index, condition, names: about.type === undefined ? names : { ...names, resource: [about.type] } }]
  })
}

/** Grants that compare one value with different texts, and besides ask the same but for its literals. */
function indexedOf(module: Module, allow: readonly Ruled[]) {
  if (!module.passes.index) return undefined
  const byRule = new Map(allow.map((one) => [one.rule, one]))
  const conditionOf = (rule: number) => byRule.get(rule)?.condition ?? never
  const { key, indexed, others } = indexOf(conditionOf, [...byRule.keys()])
  const [first] = indexed
  const ruled = first && byRule.get(first.index)
  if (key === undefined || first === undefined || ruled === undefined) return undefined
  const structures = indexed.map(({ rest }) => structureOf(rest))
  const shape = structures[0]?.key
  const isOne = structures.every((structure) => structure.key === shape)
  const names = JSON.stringify([ruled.names.actor, ruled.names.resource])
  const areSame = indexed.every(({ index }) => {
    const other = byRule.get(index)?.names
    return JSON.stringify([other?.actor, other?.resource]) === names
  })
  if (!isOne || !areSame || !isText(module, key, ruled)) return undefined
  return {
    key,
    rest: { ...ruled, condition: first.rest },
    others: allow.filter(({ rule }) => others.includes(rule)),
    entries: indexed.map(({ index, literal }, i) => ({
      text: literal,
      rule: index,
      literals: literalsOf(structures[i]?.nodes ?? []),
    })),
  }
}

/** The value can be read as a text at a glance. */
function isText(module: Module, key: Expr, { names }: Ruled): boolean {
  let is = false
  writeBody({ ...newBody(module, 'key', names, []), direct: newDirect(false) }, (body) => {
    is = textAt(body, key) !== undefined
    return js``
  })
  return is
}

const never: Expr = { kind: 'constant', value: { kind: 'boolean', value: false }, at: { file: '', start: 0, end: 0 } }

function isSmall(conditions: readonly Expr[]): boolean {
  let left = maxParts
  const fits = (expr: Expr, depth: number): boolean => {
    left -= 1
    return left >= 0 && depth <= maxDepth && children(expr).every((child) => fits(child, depth + 1))
  }
  return conditions.every((condition) => fits(condition, 0))
}

/** A name for an object with both functions. Groups whose functions are the same to the letter share them, so that they stay quick. */
function functions(module: Module, key: string, plan: Plan): WrittenVerdict {
  const known = module.verdicts.get(key)
  if (known !== undefined) return known
  const masks = new Map<string, readonly number[]>()
  const can = define(module, 'can', plan, canCode, newDirect(false, masks))
  const tell = define(module, 'tell', plan, tellCode, newDirect(true, masks))
  const both = [can.direct, tell.direct]
  const isPure = both.every(({ asksMore }) => !asksMore)
  // Whoever asks more finds the actor in the registers.
  const asksActor = !isPure || both.some((direct) => direct.asksActor)
  const flags = js`isPure: ${isPure}, asksActor: ${asksActor}, isOfCall: ${isOfCall(plan)}`
  const named = masks.size === 0 ? js`` : js`, masks: ${masksName(module)}`
  const code = module.constant('verdict', js`{ can: ${can.name}, tell: ${tell.name}, ${flags}${named} }`)
  const written = { code, masks: [...masks.values()] }
  module.verdicts.set(key, written)
  return written
}

/** Subject, its name, entity, agent, the objects of the request, the roles of a session, literals. */
const parameters = ['s', 'n', 'e', 'g', 'token', 'context', 'args', 'h', 'k'].map(known)

/** Some rule reads the arguments of a call, or what else is not known of it. What rules depend on beside that reads neither. */
function isOfCall({ about, allow, deny, index }: Plan): boolean {
  const grants = index === undefined ? [] : [index.key, index.rest.condition]
  const roots = [...grants, ...[...allow, ...deny].map(({ condition }) => condition)]
  return roots.some((root) => {
    for (const node of nodes(root)) {
      if (node.kind !== 'variable') continue
      if (node.name === 'args' || (node.name === 'tool' && about.tool === undefined)) return true
    }
    return false
  })
}

type Write = (body: Body, plan: Plan) => Code

/** Writes a function, unless there is the same already. */
function define(
  module: Module,
  word: string,
  plan: Plan,
  write: Write,
  direct: Direct,
): { name: Code; direct: Direct } {
  const { about, places } = plan
  const names = { actor: [], resource: [], action: true, locals: new Map() }
  const words = [about.type ?? about.server ?? '', about.action, word]
  const body = { ...newBody(module, words.join('$'), names, []), direct, ...(places && { places }) }
  const { temporaries, result } = writeBody(body, (inner) => write(inner, plan))
  // The action is known to whoever looks at it.
  const roles = direct.masks.size === 0 ? js`` : js`, m = k.masks`
  const opening = js`  const u = undefined, a = ${about.action}${roles}`
  const looks = join([opening, ...openings(module, direct, about)], '\n')
  const text = js`${looks}\n  let x = false, l = 0, y\n${temporaries}${result}`
  const name = module.once(`verdict ${text}`, words, (called) => module.define(called, parameters, text))
  return { name, direct }
}

/** The objects of the request, which have to be plain. The accessor costs nothing where engines know the object; without it all are unusual. */
function openings(module: Module, { inputs: read, fields }: Direct, { type }: About): readonly Code[] {
  const plain = module.support('plain')
  const objects = inputs.flatMap((input) => {
    // Only items have arguments.
    if (input === 'args' && type !== undefined) return []
    const name = known(input)
    // One that nothing is read of is seldom there.
    const isThere = read.has(input) ? js`` : js`${name} !== ${module.support('none')} && `
    return [js`  if (${isThere}${name}.__proto__ !== ${plain}) return 2`]
  })
  const inherited = [...fields].map((field) => js`${module.support('inherited')}[${field}] !== undefined`)
  return inherited.length === 0 ? objects : [...objects, js`  if (${join(inherited, ' || ')}) return 2`]
}

function canCode(body: Body, { allow, deny, index }: Plan): Code {
  const found = index && indexCode(body, index, js`{ allowed = true; break }`)
  const grants = allow.length === 0 ? js`false` : disjunction(body, allow)
  const first = js`  ${known(found === undefined ? 'const' : 'let')} allowed = ${grants}\n`
  const more = found === undefined ? js`` : js`  if (!allowed) {\n${found}\n  }\n`
  if (deny.length === 0) return js`${first}${more}  return x ? 2 : allowed ? 1 : 0`
  return js`${first}${more}  if (!allowed) return x ? 2 : 0\n  const denied = ${disjunction(body, deny)}\n  return x ? 2 : denied ? 0 : 1`
}

function disjunction(body: Body, rules: readonly Ruled[]): Code {
  const [first] = rules
  const masked = masksFirst(
    body.module,
    rules.map(({ condition }) => condition),
  )
  const namesOf = new Map(rules.map(({ condition, names }) => [condition, names]))
  const tests = masked.map((condition) =>
    plainTruth({ ...body, names: namesOf.get(condition) ?? first?.names ?? body.names }, condition),
  )
  return js`(${join(tests, ' || ')})`
}

/** Looks at the grants that the text leads to. */
function indexCode(body: Body, { key, rest }: NonNullable<Plan['index']>, then: Code): Code {
  const text = textAt({ ...body, names: rest.names }, key)
  if (text === undefined) throw new Error('invariant: what is indexed is a text')
  const places = new Map(structureOf(rest.condition).nodes.map((node, i) => [node, i]))
  // Each candidate is looked at on its own: what is read of the request stays.
  const inner = { ...body, names: rest.names, places }
  const test = plainTruth(inner, rest.condition)
  return js`    let found = ${text.when} ? k.byText.get(${text.code}) : void (x = true)
    if (found === undefined) x ||= !${text.isWellFormed}
    for (; found !== undefined; found = found.next) {
      const k = found
      if (${test}) ${then}
    }`
}

/** Every rule is looked at. */
function tellCode(body: Body, { allow, deny, index }: Plan): Code {
  const told = (rules: readonly Ruled[], from: number) =>
    rules.map(
      ({ condition, names }, i) =>
        js`  if (${plainTruth({ ...body, names }, condition)}) hits[c++] = k.rules[${from + i}]`,
    )
  const found = index && js`  {\n${indexCode(body, index, js`hits[c++] = k.rule`)}\n  }`
  return join(
    [
      js`  const hits = r.hits, first = r.hitCount\n  let c = first`,
      ...told(allow, 0),
      ...(found === undefined
        ? []
        : [found, js`  if (c > first + 1) ${body.module.support('inOrder')}(hits, first, c)`]),
      js`  const granting = c`,
      ...told(deny, allow.length),
      js`  if (x) return 2\n  r.hitCount = c\n  r.granting = granting\n  return l + (c > granting ? 3 : c > first ? 1 : 0)`,
    ],
    '\n',
  )
}
