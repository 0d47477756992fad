import { toPlain } from '../value/plain.ts'
import { formatTime } from '../value/time.ts'
import type { EntityInput, FactInput } from './fact.ts'
import type { Graph } from './memory-graph.ts'
import type { View } from './memory-node.ts'
import { allFacts } from './relation-list.ts'
import { type Fact, globalObject } from './store.ts'
import { subjectKey } from './subject.ts'

/** Facts of global roles first, then entity by entity, by key; of each its record, then its facts by relation and subject. */
export function* dumpGraph(graph: Graph): Iterable<FactInput | EntityInput> {
  const views = [...graph.nodes.values()].sort((a, b) => order(a.entity.key, b.entity.key))
  for (const view of views) {
    if (view.recorded) yield record(view)
    for (const list of [...view.relations].sort((a, b) => order(a.name, b.name))) {
      const facts = allFacts(list).map((fact) => ({ fact, key: factKey(fact) }))
      for (const { fact } of facts.sort((a, b) => order(a.key, b.key)))
        yield factInput(view.entity.key, list.name, fact)
    }
  }
}

function record(view: View): EntityInput {
  const attributes: Record<string, unknown> = Object.create(null)
  const entries = [...(view.attributes ?? [])].sort(([a], [b]) => order(a, b))
  for (const [name, value] of entries) attributes[name] = toPlain(value)
  return { type: view.entity.type, id: view.entity.id, attributes }
}

function factInput(object: string, relation: string, fact: Fact): FactInput {
  const { subject, until, when } = fact
  return {
    ...(object === globalObject ? {} : { object }),
    relation,
    subject:
      subject.kind === 'entity'
        ? subject.entity.key
        : subject.kind === 'any'
          ? { any: subject.type }
          : { entity: subject.entity.key, role: subject.role },
    ...(until === undefined ? {} : { until: formatTime({ kind: 'datetime', milliseconds: until }) }),
    ...(when === undefined ? {} : { when: { let: when.let, args: plainArgs(when) } }),
  }
}

function plainArgs(when: NonNullable<Fact['when']>): Readonly<Record<string, unknown>> {
  const names = [...when.args.keys()].sort()
  return Object.fromEntries(names.map((name) => [name, plainArg(when.args.get(name))]))
}

function plainArg(value: Parameters<typeof toPlain>[0] | undefined): unknown {
  return value === undefined ? undefined : toPlain(value)
}

function factKey(fact: Fact): string {
  const terms = `${fact.until ?? ''} ${fact.when?.let ?? ''}`
  return `${subjectKey(fact.subject)} ${terms} ${fact.when === undefined ? '' : toText(plainArgs(fact.when))}`
}

/** Only to order by: bigints are written as text. */
function toText(args: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(args, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
