import { assertNever } from '../../base/assert-never.ts'
import { visibleText } from '../../base/visible.ts'
import type { EntityName, FactInput, SubjectInput } from '../../facts/fact.ts'
import { containment } from '../../facts/store.ts'
import { describeEntity } from '../../value/describe.ts'
import { entity } from '../../value/entity.ts'
import { printMissing } from '../print-missing.ts'
import type { Change } from './change.ts'

const maxLength = 80

/** A change as a sentence without its period, for people who may know the policy and the facts. */
export function printChange(change: Change): string {
  switch (change.kind) {
    case 'obtain':
      return `the caller needs ${printMissing([change.fact])}`
    case 'add':
    case 'remove':
      return factText(change)
    case 'set': {
      const { of, path, to, from } = change
      const place = of.includes(':') ? `\`${path.join('.')}\` of ${nameOf(of)}` : `\`${[of, ...path].join('.')}\``
      const was = from === undefined ? '' : ` (it is ${json(from)})`
      return visibleText(`${place} needs to be ${to === null ? 'not set' : json(to)}${was}`)
    }
    case 'condition':
      return `\`${change.condition}\` ${change.holds ? 'needs to' : 'must not'} hold`
    case 'rule':
      return `the deny \`${visibleText(change.rule)}\` would have to fall`
    default:
      return assertNever(change)
  }
}

type FactChange = Extract<Change, { fact: FactInput }>

function factText({ kind, fact: { object, relation, subject, when }, at }: FactChange): string {
  const needs = kind === 'add' ? 'needs' : 'must not have'
  const condition = when === undefined ? '' : ` when ${when.let}`
  if (object === undefined) return `${subjectOf(subject)} ${needs} \`${relation}\`${condition}`
  if (relation === containment) {
    return `${nameOf(object)} ${kind === 'add' ? 'needs to be' : 'must not be'} in ${subjectOf(subject)}`
  }
  // Of a role it is said where it stands.
  if (at === undefined) return `\`${relation}\` of ${nameOf(object)} ${needs} ${subjectOf(subject)}`
  return `${subjectOf(subject)} ${needs} \`${relation}\` on ${nameOf(object)}${condition}`
}

function subjectOf(subject: SubjectInput): string {
  if (typeof subject === 'string' || 'id' in subject) return nameOf(subject)
  return 'any' in subject ? `any ${subject.any}` : `${nameOf(subject.entity)}.${subject.role}`
}

function nameOf(name: EntityName): string {
  if (typeof name !== 'string') return describeEntity(entity(name.type, name.id))
  const colon = name.indexOf(':')
  return describeEntity(entity(name.slice(0, colon), name.slice(colon + 1)))
}

function json(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`
}
