import { lists, whos } from '../invariants/queries.ts'
import type { Mutant } from './mutant.ts'

/** Of `list`, `who` and `actions`. */
export const queryMutants: readonly Mutant[] = [
  {
    name: 'what a list finds is not decided about',
    module: 'query/list.ts',
    change: ({ list }) => ({
      list: (question: unknown, asking: object) => list(question, { ...asking, can: () => true }),
    }),
    caughtBy: lists,
  },
  {
    name: 'only the first that names an entity is found from it',
    module: 'query/walk.ts',
    change: ({ against }) => ({
      against: (...args: unknown[]) => new Set([...against(...args)].slice(0, 1)),
    }),
    caughtBy: lists,
    seed: 5,
  },
  {
    name: 'what everyone of a type was assigned to is not found',
    module: 'query/walk.ts',
    change: ({ pointing }) => ({
      pointing: (walk: unknown, subject: string, ...rest: unknown[]) =>
        subject.startsWith('*') ? [] : pointing(walk, subject, ...rest),
    }),
    caughtBy: lists,
    seed: 7,
  },
  {
    name: 'of several alternatives only the first is followed',
    module: 'query/sources.ts',
    change: ({ sourcesOf }) => ({ sourcesOf: (...args: unknown[]) => sourcesOf(...args).slice(0, 1) }),
    caughtBy: lists,
  },
  {
    name: 'what a condition on the actor alone opens is not looked for',
    module: 'query/known.ts',
    change: () => ({ canHold: () => false }),
    caughtBy: lists,
  },
  {
    name: 'a list of what there is no end of is complete',
    module: 'query/backward.ts',
    change: ({ walkBackward }) => ({
      walkBackward: (...args: unknown[]) => {
        walkBackward(...args)
        return false
      },
    }),
    caughtBy: lists,
  },
  {
    name: 'every action that there is is allowed',
    module: 'runtime/actions.ts',
    change: ({ actions }) => ({
      actions: (policy: unknown, resource: unknown) => actions(policy, resource, () => true),
    }),
    caughtBy: lists,
  },
  {
    name: 'of everyone nobody is shut out',
    module: 'query/forward.ts',
    change: ({ walkForward }) => ({
      walkForward: (run: unknown, walk: unknown, wanted: string, found: unknown) => {
        if (wanted === 'permitted') walkForward(run, walk, wanted, found)
      },
    }),
    caughtBy: whos,
  },
  {
    name: 'nothing belongs to a caller',
    module: 'query/reachable.ts',
    change: () => ({ traitsOf: () => ({ requestBound: false, judgesOthers: false }) }),
    caughtBy: whos,
  },
]
