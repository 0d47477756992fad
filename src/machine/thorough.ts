import { notLocked } from '../runtime/asked-target.ts'
import type { Decision } from '../runtime/decision.ts'
import { denial, failure } from '../runtime/denial.ts'
import { whyLeft } from '../runtime/guarded.ts'
import { normalise } from '../runtime/normalise.ts'
import type { Question } from '../runtime/question.ts'
import { timed } from '../runtime/timed.ts'
import { isError } from '../value/evaluation-error.ts'
import { decide, decideQuick, isGranted } from './decide.ts'
import { enter } from './enter.ts'
import { type Asker, type Entry, enterUsual, type ReadQuestion } from './entry.ts'
import { allows } from './group.ts'
import { reset } from './registers.ts'

/** The way of all questions that no verdict tells. Within an evaluation of the store; nothing throws. */

/** `asking`: who asks, if that is to be told quickly. */
export function canThoroughly(question: ReadQuestion, asking: () => Asker | undefined): boolean {
  const { entry, action, resource } = question
  const { decider } = entry
  const { r } = decider
  entry.isBusy = true
  try {
    if (enterUsual(entry, asking, action, resource.input)) return allows(r, r.group, r.entity)
    return checked(
      question,
      () => false,
      (about) => isGranted(decider, about),
    )
  } catch {
    return false
  } finally {
    entry.isBusy = false
  }
}

export function decideThoroughly(question: ReadQuestion, asking: () => Asker | undefined): Decision {
  const { entry, action, resource } = question
  const { decider } = entry
  entry.isBusy = true
  try {
    if (enterUsual(entry, asking, action, resource.input)) return decideQuick(decider)
    return checked(
      question,
      (refused) => refused,
      (about) => decide(decider, about),
    )
  } catch (thrown) {
    return failure(whyLeft(thrown))
  } finally {
    entry.isBusy = false
  }
}

/** The request checked in every way there is, with all that it brings. */
function checked<T>(
  { entry, actor, action, resource, env }: ReadQuestion,
  refused: (decision: Decision) => T,
  answer: (question: Question) => T,
): T {
  const { policy, clock, store } = entry
  const { r } = entry.decider
  const input = {
    actor: actor.input,
    action,
    resource: resource.input,
    env: timed(env === undefined ? {} : env, clock),
  }
  const asked = normalise(policy, input, new Set())
  if (isError(asked)) return refused(denial('error', [asked]))
  const { question, layers } = asked
  const evaluation = () => {
    enter(r, question)
    return answer(question)
  }
  try {
    learn(entry, question)
    return layers.length === 0 ? evaluation() : away(entry, () => store.with(layers, evaluation))
  } finally {
    reset(r)
  }
}

/** An evaluation on other facts than the present ones. */
export function away<T>(entry: Entry, evaluation: () => T): T {
  const before = entry.isElsewhere
  entry.isElsewhere = true
  try {
    return evaluation()
  } finally {
    entry.isElsewhere = before
  }
}

/** What a name of the policy leads to is found at once the next time. */
function learn({ decider: { groups, r }, policy, quick }: Entry, { action, target }: Question): void {
  if (target.kind === 'entity') {
    const type = r.table.typeNumber(target.entity.type)
    if (type !== undefined) quick.learnEntity(action, type, groups.ofType(action, target.entity.type))
  } else if (target.kind === 'tool' && action === 'call' && notLocked(policy, target) === undefined) {
    const group = groups.ofItem('tool', action, target.server, target.name)
    if (group !== undefined) quick.learnTool(target.server, target.tool, group)
    else {
      const others = groups.ofOtherTools(action, target.server)
      if (others !== undefined) quick.learnOtherTools(target.server, others)
    }
  }
}
