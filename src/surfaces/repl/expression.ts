import type { Engine, PolicyQuestion } from '../../index.ts'
import { type Answer, errorLines, type Line, styled, told } from './answer.ts'
import { environment } from './asked.ts'
import { verdict } from './decision.ts'
import type { Said } from './state.ts'

/** How many members of a set are shown to a person. */
const most = 50

/** Yes or no of a condition, the value of anything else. */
export function expressionAnswer(
  engine: Engine,
  { expression, condition }: Extract<PolicyQuestion, { readonly kind: 'expression' }>,
  { by, inputs }: Said,
): Answer {
  const env = environment(inputs, by)
  const actor = by?.actor ?? null
  if (condition) {
    const { holds, errors } = engine.evaluate(expression, env, actor)
    return told(
      { kind: 'condition', holds, errors },
      ...(errors.length > 0 && !holds ? errorLines(errors) : [[verdict(holds)]]),
    )
  }
  const { value, text, members, errors } = engine.value(expression, env, actor)
  const shown: readonly Line[] =
    members === undefined || members.length === 0 ? [[text]] : members.slice(0, most).map((member) => [member])
  const more = members === undefined ? 0 : members.length - most
  return told(
    { kind: 'value', ...(value === undefined ? {} : { value }), errors },
    ...(errors.length > 0 && (members === undefined || members.length === 0) ? [] : shown),
    ...(more > 0 ? [[styled('faint', `and ${more} more`)]] : []),
    ...errorLines(errors),
  )
}
