import type { Span } from '../base/source.ts'
import type { EntityDeclaration, Policy, Rule, Server, Statement } from '../syntax/ast.ts'
import { type SyntaxNode, walk } from '../syntax/walk.ts'
import { conditionMutations } from './expressions.ts'
import { inList, inside, type Mutation, without } from './mutation.ts'
import { type Granted, roleMutations, ruleMutations } from './rules.ts'

/** A mutation of a policy, with the statement or member that it is in. */
export interface PolicyMutation extends Omit<Mutation<Policy>, 'nodes'> {
  readonly policy: Policy
  readonly of: Span
  /** The texts and numbers that the statement or member names. */
  readonly literals: readonly (string | number)[]
}

/** All mutations of the files of a program: each changes one thing in one of them. */
export function mutationsOf(policies: readonly Policy[]): readonly PolicyMutation[] {
  const granted = grantedIn(policies)
  return policies.flatMap((policy) =>
    policy.statements.flatMap((statement, i) =>
      statementMutations(statement, granted).map(
        ({ nodes, of, ...rest }): PolicyMutation => ({
          ...rest,
          of: of.span,
          literals: literalsIn(of),
          policy: { ...policy, statements: policy.statements.toSpliced(i, 1, ...nodes) },
        }),
      ),
    ),
  )
}

interface Placed extends Mutation<Statement> {
  readonly of: Statement | Server['members'][number] | EntityDeclaration['members'][number]
}

function literalsIn(root: SyntaxNode): readonly (string | number)[] {
  const found = new Set<string | number>()
  walk(root, {
    string: ({ parts }) => {
      for (const part of parts) if (part.kind === 'text') found.add(part.value)
      return undefined
    },
    int: ({ value }) => void found.add(Number(value)),
    number: ({ value }) => void found.add(value),
  })
  return [...found]
}

function statementMutations(statement: Statement, granted: Granted): readonly Placed[] {
  const placed = (mutations: readonly Mutation<Statement>[]) =>
    mutations.map((one): Placed => ({ ...one, of: statement }))
  switch (statement.kind) {
    case 'entity':
      return membersOf<EntityDeclaration, EntityDeclaration['members'][number]>(statement, (member) => {
        if (member.kind === 'rule') return ruleMutations(member, statement.name.text, granted)
        return member.kind === 'role' ? roleMutations(member) : []
      })
    case 'server':
      return membersOf<Server, Server['members'][number]>(statement, (member) => {
        if (member.kind === 'rule') return ruleMutations(member, undefined, granted)
        return member.kind === 'let' ? letMutations(member) : []
      })
    case 'rule':
      return placed(ruleMutations(statement, undefined, granted))
    case 'role':
      return placed(roleMutations(statement))
    case 'let':
      return placed(letMutations(statement))
    case 'scope':
      return placed([
        ...(statement.includes.length === 1
          ? [{ nodes: [], at: statement.span, change: 'without this' }]
          : inside(without(statement.includes, 'without this scope'), (includes) => ({ ...statement, includes }))),
      ])
    case 'action-group':
      return placed(inside(without(statement.actions, 'without this action'), (actions) => ({ ...statement, actions })))
    default:
      return []
  }
}

function letMutations<T extends Statement & { readonly kind: 'let' }>(node: T): readonly Mutation<T>[] {
  return inside(conditionMutations(node.value), (value) => ({ ...node, value }))
}

function membersOf<T extends EntityDeclaration | Server, M extends T['members'][number]>(
  block: T,
  of: (member: M) => readonly Mutation<M>[],
): readonly Placed[] {
  const members = block.members as readonly M[]
  return members.flatMap((member) =>
    inList([member], of, (nodes) => nodes).map(({ nodes: [left = []], ...rest }) => ({
      ...rest,
      nodes: [{ ...block, members: members.flatMap((one) => (one === member ? left : [one])) }],
      of: member,
    })),
  )
}

/** Groups stand for themselves: what they have is the checker's business. */
function grantedIn(policies: readonly Policy[]): Granted {
  const pairs: (readonly [type: string, action: string])[] = []
  const add = ({ verb, actions, target }: Rule, self?: string) => {
    const types = target.kind === 'file' ? target.types.map(({ text }) => text) : self === undefined ? [] : [self]
    if (verb === 'allow') for (const type of types) for (const { text } of actions) pairs.push([type, text])
  }
  for (const { statements } of policies)
    for (const statement of statements) {
      if (statement.kind === 'rule') add(statement)
      if (statement.kind === 'entity')
        for (const member of statement.members) if (member.kind === 'rule') add(member, statement.name.text)
    }
  const distinct = (names: readonly string[]) => [...new Set(names)]
  return {
    actions: (types) => distinct(pairs.flatMap(([type, action]) => (types.includes(type) ? [action] : []))),
    types: (actions) =>
      distinct(pairs.flatMap(([type, action]) => (actions.length === 0 || actions.includes(action) ? [type] : []))),
  }
}
