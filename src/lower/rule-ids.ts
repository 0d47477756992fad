import type { Rule } from '../ir/program.ts'
import type { CheckedRule } from '../model/checked-policy.ts'
import { isRecursive } from '../model/rules/annotations.ts'

/**
 * Names every rule for audit logs: what `@id` says, else scope, head and ordinal, `Repo.delete#1`. The head is the verb unless
 * it is `allow`, the first action and the first target; `+` stands for more of them. Never a line number, so that an id
 * outlives edits elsewhere; files are taken by name, so that it does not depend on the order in which they are given.
 */
export function nameRules(rules: readonly CheckedRule[]): readonly Rule[] {
  const counts = new Map<string, number>()
  const inOrder = [...rules].sort((a, b) =>
    a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : a.at.start - b.at.start,
  )
  return inOrder.map((checked): Rule => {
    const { declaration, scope, effect, actions, target, condition, mentionsAgent, limit, label, at } = checked
    const given = declaration.annotations.find((annotation) => annotation.name.text === 'id')?.value?.value
    const id = given ?? ordinal(counts, `${scope === '' ? '' : `${scope}.`}${head(declaration)}`)
    return {
      ...{ id, effect, actions, target, condition, mentionsAgent, at },
      ...(limit === undefined ? {} : { limit }),
      ...(label === undefined ? {} : { label }),
      ...(isRecursive(declaration) ? { recursive: true } : {}),
      ...(declaration.doc === undefined ? {} : { doc: declaration.doc }),
    }
  })
}

function ordinal(counts: Map<string, number>, name: string): string {
  const next = (counts.get(name) ?? 0) + 1
  counts.set(name, next)
  return `${name}#${next}`
}

function head({ verb, actions, target }: CheckedRule['declaration']): string {
  const action = `${actions[0]?.text ?? '*'}${actions.length > 1 ? '+' : ''}`
  const on =
    target.kind === 'file' ? target.types[0]?.text : target.kind === 'server' ? itemName(target.items[0]) : undefined
  const many =
    (target.kind === 'file' && target.types.length > 1) || (target.kind === 'server' && target.items.length > 1)
  return `${verb === 'allow' ? '' : `${verb}:`}${action}${on === undefined ? '' : `:${on}${many ? '+' : ''}`}`
}

type Item = Extract<CheckedRule['declaration']['target'], { kind: 'server' }>['items'][number]

function itemName(item: Item | undefined): string {
  if (item === undefined || item.kind === 'all') return '*'
  return item.kind === 'name' ? item.name.text : item.pattern.value
}
