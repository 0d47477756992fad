import type { EngineOptions, Environment, PartialDecision, Policy, ResourceInput, UnknownInput } from '../../index.ts'
import { createEngine, printResidual, prompt, resource, template, tool } from '../../index.ts'
import { nodes } from '../../ir/walk.ts'
import { holdersOf } from './holders.ts'
import { type RuleShown, rulesShown } from './rules-shown.ts'
import { freeName, widened } from './sample.ts'

/**
 * Who may do what. As far as the policy alone tells: a table for each type, and for each server with a lock; and with facts, a table of
 * the entities of each type.
 */
export interface Matrix {
  readonly tables: readonly MatrixTable[]
  /** Rules that cells refer to, by id. */
  readonly rules: Readonly<Record<string, RuleShown>>
  /** False where there are more cells than are worked out (20,000). */
  readonly complete: boolean
}

export interface MatrixTable {
  readonly kind: 'type' | 'server' | 'entities'
  readonly name: string
  readonly subjects: readonly MatrixSubject[]
  readonly uses: readonly MatrixUse[]
  /** A row for each subject, in it a cell for each use. */
  readonly cells: readonly (readonly MatrixCell[])[]
}

/**
 * Someone who has nothing but this: an actor of a type, who is just anyone, or holds a role, or has a token with one scope. Of a table of
 * entities, one of these.
 */
export interface MatrixSubject {
  readonly kind: 'anyone' | 'role' | 'global-role' | 'scope' | 'entity'
  /** The role, scope or entity. */
  readonly name?: string
  /** Actor types: those of which all cells of this row are the same. */
  readonly actors: readonly string[]
}

export interface MatrixUse {
  readonly action: string
  /** Of a server: the tool, prompt, URI or URI template. */
  readonly item?: string
}

export interface MatrixCell {
  readonly outcome: 'allow' | 'depends' | 'deny'
  /** It depends on nothing but whether something is denied: some rule allows it in any case. */
  readonly granted: boolean
  /**
   * What it depends on, a line for each rule and for each role or permission in them, without the name of the resource. In a table of
   * entities: who may, a line for each of them, and under what condition.
   */
  readonly condition: string
  /** The ids of the rules that decide, or may. */
  readonly rules: readonly string[]
  /** No more and no less than anyone may. */
  readonly asAnyone: boolean
}

const maxCells = 20_000
const ofRequest: readonly UnknownInput[] = ['fields', 'context', 'session', 'now', 'approvals', 'confirmed']

/** Every cell is a partial evaluation, with whatever the row does not say unknown: fields, token, context, arguments, time. */
export function matrixOf(policy: Policy, options: Pick<EngineOptions, 'facts' | 'functions'> = {}): Matrix {
  const { functions } = options
  const { program } = policy
  const actors = program.types.filter(({ actor }) => actor).map(({ name }) => name)
  const engine = createEngine(widened(policy), functions === undefined ? {} : { functions })
  const id = freeName(policy)
  for (const { name } of program.types) engine.facts.put({ type: name, id })
  let left = maxCells

  const cell = (actor: string, use: MatrixUse, target: ResourceInput, env: Environment): MatrixCell => {
    left--
    const unknown: UnknownInput[] = [
      ...ofRequest,
      'args',
      'uri',
      ...(env.token === undefined ? (['token'] as const) : []),
    ]
    const decision = engine.partial({ actor: `${actor}:${id}`, action: use.action, resource: target, env, unknown })
    return cellOf(decision, (text) => withoutNames(text, id))
  }
  const row = (subject: MatrixSubject, actor: string, type: string | undefined, targets: readonly Target[]) => {
    const { kind, name } = subject
    const env = kind === 'scope' && name !== undefined ? { token: { scopes: [name] } } : {}
    const object = kind === 'role' ? { object: `${type}:${id}` } : {}
    const fact =
      kind === 'role' || kind === 'global-role'
        ? { ...object, relation: name ?? '', subject: `${actor}:${id}` }
        : undefined
    if (fact !== undefined) engine.facts.add(fact)
    const cells = targets.map(({ use, target }) => cell(actor, use, target, env))
    if (fact !== undefined) engine.facts.remove(fact)
    return cells
  }
  const table = (kind: MatrixTable['kind'], name: string, targets: readonly Target[]): MatrixTable => {
    const type = kind === 'type' ? name : undefined
    const subjects: MatrixSubject[] = []
    const cells: MatrixCell[][] = []
    const baseline = new Map<string, readonly MatrixCell[]>()
    for (const subject of subjectsOf(policy, type)) {
      const rows = new Map<string, { readonly actors: string[]; readonly cells: MatrixCell[] }>()
      for (const actor of actors) {
        if (left <= 0) break
        const found = row({ ...subject, actors: [actor] }, actor, type, targets)
        if (subject.kind === 'anyone') baseline.set(actor, found)
        const told = found.map((one, i) => ({ ...one, asAnyone: same(one, baseline.get(actor)?.[i]) }))
        const key = JSON.stringify(told)
        const alike = rows.get(key)
        if (alike === undefined) rows.set(key, { actors: [actor], cells: told })
        else alike.actors.push(actor)
      }
      for (const { actors: alike, cells: one } of rows.values()) {
        // Who gains nothing by a role is not told of by itself.
        if (rows.size > 1 && subject.kind !== 'anyone' && one.every(({ asAnyone }) => asAnyone)) continue
        subjects.push({ ...subject, actors: alike })
        cells.push(one)
      }
    }
    return { kind, name, subjects, uses: targets.map(({ use }) => use), cells }
  }

  const types = program.types.flatMap(({ name }) => {
    const targets = program.actions
      .filter(({ types: on }) => on.includes(name))
      .map(({ action }) => ({ use: { action }, target: `${name}:${id}` }))
    return targets.length === 0 ? [] : [table('type', name, targets)]
  })
  const servers = program.servers.flatMap(({ name }) => {
    const targets = itemsOf(policy, name)
    return targets.length === 0 ? [] : [table('server', name, targets)]
  })
  const holders = holdersOf(policy, options)
  const tables = [...types, ...servers, ...holders.tables]
  const named = new Set(tables.flatMap(({ cells }) => cells.flat().flatMap(({ rules }) => rules)))
  return { tables, rules: rulesShown(policy, named), complete: left > 0 && holders.complete }
}

interface Target {
  readonly use: MatrixUse
  readonly target: ResourceInput
}

/** What the lock of a server has. */
function itemsOf({ locks }: Policy, server: string): readonly Target[] {
  const lock = locks.get(server)
  if (lock === undefined) return []
  const of = (action: string, item: string, target: ResourceInput): Target => ({ use: { action, item }, target })
  return [
    ...(lock.tools ?? []).map(({ name }) => of('call', name, tool(server, name))),
    ...(lock.prompts ?? []).map(({ name }) => of('get', name, prompt(server, name))),
    ...(lock.resources ?? []).map(({ uri }) => of('read', uri, resource(server, uri))),
    ...(lock.resourceTemplates ?? []).map(({ uriTemplate }) => of('read', uriTemplate, template(server, uriTemplate))),
  ]
}

/** Anyone; the roles of the type, and those that are of no type; of servers also the scopes that the policy asks for. */
function subjectsOf({ program }: Policy, type: string | undefined): readonly Omit<MatrixSubject, 'actors'>[] {
  const named = (kind: MatrixSubject['kind'], names: readonly string[]) =>
    [...new Set(names)].map((name) => ({ kind, name }))
  const rolesOf = (of: string | undefined) => program.roles.filter((role) => role.type === of).map(({ name }) => name)
  return [
    { kind: 'anyone' },
    ...(type === undefined ? [] : named('role', rolesOf(type))),
    ...named('global-role', rolesOf(undefined)),
    ...(type === undefined ? named('scope', scopesOf(program)) : []),
  ]
}

/** Those that a condition asks for, and those that are declared. */
function scopesOf({ scopes, rules, roles, conditions }: Policy['program']): readonly string[] {
  const roots = [
    ...rules.map(({ condition }) => condition),
    ...roles.flatMap(({ condition, except }) => [condition, except]),
    ...conditions.map(({ body }) => body),
  ]
  const asked = roots
    .flatMap((root) => (root === undefined ? [] : nodes(root)))
    .flatMap((node) => (node.kind === 'obtainable' && node.fact.kind === 'scope' ? [node.fact.scope] : []))
  return [...new Set([...scopes.map(({ scope }) => scope), ...asked])].sort()
}

function cellOf({ outcome, residual }: PartialDecision, shown: (text: string) => string): MatrixCell {
  const lines = [
    ...residual.allow,
    ...residual.deny,
    ...residual.agents.flatMap(({ delegate, deny }) => [...delegate, ...deny]),
  ]
  return {
    outcome,
    granted: outcome === 'depends' && residual.allow.some(({ condition: { kind } }) => kind === 'constant'),
    condition: outcome === 'depends' ? shown(printResidual(residual)) : '',
    rules: [...new Set(lines.map(({ rule }) => rule))],
    asAnyone: false,
  }
}

function same(a: MatrixCell, b: MatrixCell | undefined): boolean {
  return b !== undefined && a.outcome === b.outcome && a.condition === b.condition && a.rules.join() === b.rules.join()
}

/** Of the entities that are nobody in particular only the fields are named: `not private`, `org.admin`. */
function withoutNames(text: string, id: string): string {
  const any = `\\b\\w+:${id}`
  return text
    .replace(new RegExp(`${any}\\.`, 'g'), '')
    .replace(new RegExp(`${any} in (?=\\w+:)`, 'g'), 'actor in ')
    .replace(new RegExp(`${any} in `, 'g'), '')
}
