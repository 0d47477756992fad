/**
 * The normative text for small programs, computed the slow way: every atom of every entity, level by level, by repetition until
 * nothing changes. It shares nothing with the runtime. A truth is the interval (low, high).
 */
export type Condition =
  | { readonly kind: 'holds'; readonly of: 'own' | 'parent'; readonly relation: string }
  | { readonly kind: 'owner' | 'open' | 'trusted' }
  | { readonly kind: 'level'; readonly atLeast: number }
  | { readonly kind: 'not'; readonly operand: Condition }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Condition[] }

/** `role`, or a rule about an action: *condition* and not *except*. `agent`: it is about each agent. */
export interface Line {
  readonly effect: 'role' | 'allow' | 'deny' | 'delegate'
  readonly relation: string
  readonly agent: boolean
  readonly condition?: Condition
  readonly except?: Condition
}

export interface World {
  readonly users: readonly { readonly id: string; readonly level?: number }[]
  readonly agents: readonly { readonly id: string; readonly trusted?: boolean }[]
  readonly docs: readonly {
    readonly id: string
    readonly owner?: string
    readonly open?: boolean
    readonly parent?: string
  }[]
  readonly contained: readonly { readonly inner: string; readonly outer: string; readonly ended: boolean }[]
  readonly assigned: readonly Assigned[]
}

export interface Assigned {
  readonly doc: string
  readonly role: string
  readonly subject: { readonly entity: string } | { readonly doc: string; readonly role: string } | 'any'
  readonly ended: boolean
}

export interface Asked {
  /** Null: anonymous. */
  readonly actor: string | null
  readonly agents: readonly string[]
  readonly action: string
  readonly doc: string
}

type Truth = readonly [low: boolean, high: boolean]
const yes: Truth = [true, true]
const no: Truth = [false, false]
const error: Truth = [false, true]

const truth = (value: boolean | undefined): Truth => (value === undefined ? error : value ? yes : no)
const not = ([low, high]: Truth): Truth => [!high, !low]
const and = (all: readonly Truth[]): Truth => [all.every(([low]) => low), all.every(([, high]) => high)]
const or = (all: readonly Truth[]): Truth => [all.some(([low]) => low), all.some(([, high]) => high)]

/** Relations in the order in which they may depend on each other. */
export function decide(order: readonly string[], lines: readonly Line[], world: World, asked: Asked) {
  const { actor, agents } = asked
  const known = new Map(world.docs.map((doc) => [doc.id, doc]))
  const docs = [...new Set([...known.keys(), asked.doc])]
  const atoms = new Map<string, Truth>()
  const value = (kind: string, relation: string, doc: string) => atoms.get(`${kind} ${relation} ${doc}`) ?? no

  const groups = new Set([actor ?? ''])
  for (const inner of groups)
    for (const link of world.contained) if (link.inner === inner && !link.ended) groups.add(link.outer)

  const evaluate = (condition: Condition, doc: string, agent?: string): Truth => {
    switch (condition.kind) {
      case 'not':
        return not(evaluate(condition.operand, doc, agent))
      case 'and':
      case 'or':
        return (condition.kind === 'and' ? and : or)(condition.operands.map((one) => evaluate(one, doc, agent)))
      case 'owner': {
        const owner = known.get(doc)?.owner
        return owner === undefined ? error : truth(owner === actor)
      }
      case 'open':
        return truth(known.get(doc)?.open)
      case 'level': {
        const level = world.users.find(({ id }) => id === actor)?.level
        return level === undefined ? error : truth(level >= condition.atLeast)
      }
      case 'trusted':
        return truth(world.agents.find(({ id }) => id === agent)?.trusted)
      case 'holds': {
        const of = condition.of === 'own' ? doc : known.get(doc)?.parent
        if (condition.of === 'parent' && !known.has(doc)) return error
        if (of === undefined) return no
        const { relation } = condition
        if (isRole(relation)) return value('role', relation, of)
        const [low, high] = value('own', relation, of)
        return [low && value('delegated', relation, of)[0], high]
      }
    }
  }
  const isRole = (relation: string) => lines.some((line) => line.effect === 'role' && line.relation === relation)
  const holdsLine = (line: Line, doc: string, agent?: string): Truth =>
    and([
      line.condition === undefined ? yes : evaluate(line.condition, doc, agent),
      line.except === undefined ? yes : not(evaluate(line.except, doc, agent)),
    ])
  const any = (effect: Line['effect'], relation: string, doc: string, agent?: string): Truth =>
    or(
      lines
        .filter((line) => line.effect === effect && line.relation === relation && line.agent === (agent !== undefined))
        .map((line) => holdsLine(line, doc, agent)),
    )
  const matches = ({ subject }: Assigned): Truth => {
    if (subject === 'any') return truth(actor !== null)
    return 'entity' in subject ? truth(groups.has(subject.entity)) : value('role', subject.role, subject.doc)
  }
  const role = (relation: string, doc: string): Truth => {
    const line = lines.find((one) => one.effect === 'role' && one.relation === relation)
    if (line === undefined || !known.has(doc)) return error
    const facts = world.assigned.filter((one) => one.doc === doc && one.role === relation && !one.ended)
    const derived = line.condition === undefined ? no : evaluate(line.condition, doc)
    const except = line.except === undefined ? yes : not(evaluate(line.except, doc))
    return and([or([...facts.map(matches), derived]), except])
  }
  const own = (action: string, doc: string) => and([any('allow', action, doc), not(any('deny', action, doc))])
  const delegated = (action: string, doc: string) =>
    and(agents.flatMap((agent) => [any('delegate', action, doc, agent), not(any('deny', action, doc, agent))]))

  for (const relation of order) {
    for (let changed = true; changed; ) {
      changed = false
      for (const doc of docs) {
        const found = isRole(relation)
          ? { role: role(relation, doc) }
          : { own: own(relation, doc), delegated: delegated(relation, doc) }
        for (const [kind, next] of Object.entries(found)) {
          if (String(value(kind, relation, doc)) === String(next)) continue
          atoms.set(`${kind} ${relation} ${doc}`, next)
          changed = true
        }
      }
    }
  }

  const { action, doc } = asked
  const [low, high] = and([own(action, doc), delegated(action, doc)])
  if (low) return 'granted'
  if (high) return 'error'
  if (any('deny', action, doc)[0] || agents.some((agent) => any('deny', action, doc, agent)[0])) return 'forbidden'
  return any('allow', action, doc)[1] ? 'not-delegated' : 'not-permitted'
}
