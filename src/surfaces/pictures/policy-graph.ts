import type { Policy } from '../../index.ts'
import type { Expr } from '../../ir/expr.ts'
import { children } from '../../ir/walk.ts'
import type { Drawing, DrawnNode } from './drawing.ts'

/** What a policy is made of: types, roles, actions and servers, and how one gives another. */
export interface PolicyGraph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
}

export interface GraphNode {
  /** `User`, `Repo.writer`, `Repo.write`, `employee`, `server github`. */
  readonly id: string
  readonly kind: 'actor' | 'resource' | 'role' | 'action' | 'server'
  /** Of a role or action, unless the role is global. */
  readonly type?: string
  readonly name: string
}

export interface GraphEdge {
  readonly from: string
  readonly to: string
  /**
   * `in`: can be contained in; `field`: has a field of the type; `assigned`: facts can give it the role; `gives`: holding the one is, perhaps
   * with more conditions, holding or being allowed the other; `prevents`: it counts against it.
   */
  readonly kind: 'in' | 'field' | 'assigned' | 'gives' | 'prevents'
  /** The field; of a role of something else, the way there. */
  readonly label?: string
}

export function policyGraph({ program }: Policy): PolicyGraph {
  const nodes = new Map<string, GraphNode>()
  const edges = new Map<string, GraphEdge>()
  const add = (node: GraphNode) => nodes.set(node.id, nodes.get(node.id) ?? node)
  const link = (edge: GraphEdge) => edges.set(JSON.stringify(edge), edge)
  for (const { name, actor } of program.types) add({ id: name, kind: actor ? 'actor' : 'resource', name })
  for (const { name, type } of program.roles)
    add({ id: idOf(type, name), kind: 'role', name, ...(type === undefined ? {} : { type }) })
  for (const { action, types } of program.actions) {
    for (const type of types) add({ id: idOf(type, action), kind: 'action', type, name: action })
  }
  for (const { name } of program.servers) add({ id: `server ${name}`, kind: 'server', name })

  for (const { name, containers, fields } of program.types) {
    for (const container of containers) link({ from: name, to: container, kind: 'in' })
    for (const field of fields) {
      for (const to of entityTypes(field.type))
        if (nodes.has(to)) link({ from: name, to, kind: 'field', label: field.name })
    }
  }
  const depends = (to: string, condition: Expr | undefined, positive: boolean, own: string | undefined) => {
    if (condition === undefined || !nodes.has(to)) return
    for (const { expr, sign } of held(condition, positive)) {
      const label = pathOf(expr.of)
      for (const type of expr.types.length === 0 ? [undefined] : expr.types) {
        const from = idOf(type, expr.relation)
        if (!nodes.has(from)) continue
        const way =
          label === '' || (label === 'resource' && type === own) ? {} : { label: label.replace(/^resource\./, '') }
        link({ from, to, kind: sign ? 'gives' : 'prevents', ...way })
      }
    }
  }
  for (const { type, name, assignable, condition, except } of program.roles) {
    const to = idOf(type, name)
    for (const one of assignable) {
      link({
        from: one.kind === 'holders' ? idOf(one.type, one.role ?? '') : one.type,
        to,
        kind: 'assigned',
        ...(one.kind === 'any' ? { label: 'any' } : {}),
      })
    }
    depends(to, condition, true, type)
    depends(to, except, false, type)
  }
  for (const { effect, actions, target, condition } of program.rules) {
    if (effect !== 'allow' && effect !== 'deny') continue
    const positive = effect === 'allow'
    if (target.kind === 'items') {
      const servers = target.server === undefined ? program.servers.map(({ name }) => name) : [target.server]
      for (const server of servers) depends(`server ${server}`, condition, positive, undefined)
      continue
    }
    for (const { action, types } of program.actions) {
      if (actions !== '*' && !actions.includes(action)) continue
      for (const type of types) {
        if (target.kind === 'types' && !target.types.includes(type)) continue
        depends(idOf(type, action), condition, positive, type)
      }
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] }
}

function idOf(type: string | undefined, name: string): string {
  return type === undefined ? name : `${type}.${name}`
}

type Held = Extract<Expr, { readonly kind: 'holds' }>

/** Roles and permissions that a condition asks for, each with its sign. */
function held(root: Expr, positive: boolean): readonly { readonly expr: Held; readonly sign: boolean }[] {
  const found: { expr: Held; sign: boolean }[] = []
  const seen = { true: new Set<Expr>(), false: new Set<Expr>() }
  const open = [{ expr: root, sign: positive }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { expr, sign } = next
    if (seen[`${sign}`].has(expr)) continue
    seen[`${sign}`].add(expr)
    if (expr.kind === 'holds') found.push({ expr, sign })
    for (const part of children(expr)) open.push({ expr: part, sign: expr.kind === 'not' ? !sign : sign })
  }
  return found.reverse()
}

/** `resource.folder`, as far as it is a path. */
function pathOf(of: Expr | undefined): string {
  switch (of?.kind) {
    case undefined:
      return ''
    case 'variable':
      return of.name
    case 'field':
    case 'entities':
      return `${pathOf(of.of)}.${of.name}`
    case 'construct':
      return of.type
    default:
      return '…'
  }
}

function entityTypes(type: Policy['program']['types'][number]['fields'][number]['type']): readonly string[] {
  if (type.kind === 'entity') return [type.name]
  if (type.kind === 'set') return entityTypes(type.of)
  return type.kind === 'union' ? type.of.flatMap(entityTypes) : []
}

const tones = { actor: 'actor', resource: 'plain', role: 'role', action: 'action', server: 'action' } as const
const words = { in: 'in', field: '', assigned: '', gives: '', prevents: 'unless' } as const

/** The graph as boxes and arrows. */
export function graphDrawing({ nodes, edges }: PolicyGraph): Drawing {
  return {
    nodes: nodes.map(
      ({ id, kind, type, name }): DrawnNode => ({
        id,
        label: type === undefined ? [kind === 'server' ? id : name] : [name, type],
        tone: tones[kind],
      }),
    ),
    edges: edges.map(({ from, to, kind, label = '' }) => ({
      from,
      to,
      label: [words[kind], label].filter((word) => word !== '').join(' '),
      line: kind === 'prevents' ? 'bad' : kind === 'in' || kind === 'field' ? 'dashed' : 'solid',
    })),
  }
}
