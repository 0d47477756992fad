import { didYouMean } from '../base/suggest.ts'
import { isError } from '../value/evaluation-error.ts'
import { materialise } from '../value/materialise.ts'
import { isPlainObject, ownMembers } from '../value/plain-object.ts'
import { absent, type Value } from '../value/value.ts'
import { shown } from './entity-name.ts'
import { type Checked, type Reason, reason, refused } from './reason.ts'
import type { FactSchema } from './schema.ts'
import type { Fact } from './store.ts'

/** The condition that a fact carries. Parameters left out are read from `context` when a decision needs them. */
export function checkCondition(schema: FactSchema, input: unknown): Checked<NonNullable<Fact['when']>> {
  if (!isPlainObject(input)) return refused('bad-fact', '`when` has a `let` and its `args`', 'when')
  const stray = Object.keys(input).find((key) => key !== 'let' && key !== 'args')
  if (stray !== undefined) return refused('bad-fact', `\`when\` has no ${shown(stray)}`, 'when')
  const { let: name, args = {} } = ownMembers(input, ['let', 'args'])
  if (typeof name !== 'string' || !isPlainObject(args ?? {})) {
    return refused('bad-fact', '`when` has a `let`, a name, and `args`, an object', 'when')
  }
  const condition = schema.conditions.get(name)
  if (condition === undefined) {
    const help = didYouMean(name.slice(0, 100), schema.conditions.keys())
    return refused('unknown-name', `no fact can carry ${shown(name)}`, 'when.let', help)
  }
  const values = new Map<string, Value>()
  const reasons: Reason[] = []
  const params = new Map(condition.params.map((param) => [param.name, param]))
  for (const [key, raw] of Object.entries(args ?? {})) {
    const param = params.get(key)
    if (param === undefined) {
      const help = didYouMean(key.slice(0, 100), params.keys())
      reasons.push(reason('wrong-arguments', `\`${name}\` has no parameter ${shown(key)}`, `when.args.${key}`, help))
      continue
    }
    const value = materialise(raw, param.type)
    if (isError(value)) reasons.push(reason('type-mismatch', `\`${key}\`: ${value.message}`, `when.args.${key}`))
    else if (value !== absent) values.set(key, value)
  }
  return reasons.length === 0 ? { value: { let: name, args: values } } : { reasons }
}
