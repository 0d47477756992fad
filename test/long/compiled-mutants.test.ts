import { afterEach, describe, it, vi } from 'vitest'
import { backends, ofManyRules } from '../properties/invariants/agreement.ts'
import { forms } from '../properties/invariants/entry.ts'
import { store } from '../properties/invariants/store.ts'
import { check, type Mutant, type Original } from '../properties/mutants/mutant.ts'

/** Functions of one argument after another, of which one is replaced. */
type Any = (...args: readonly unknown[]) => unknown

/** The quick way without what has to hold for it. */
const unguarded = (name: string) => (original: Original) => ({
  [name]: (...args: unknown[]) => {
    const operand = original[name](...args)
    return operand && { ...operand, when: operand.when.slice(0, -1), text: undefined }
  },
})

/** One of the ways into the registers replaced. */
const entry = (change: (quick: Original, r: Original) => Readonly<Record<string, Any>>) => (original: Original) => ({
  newQuick: (r: Original, ...rest: unknown[]) => {
    const quick = original.newQuick(r, ...rest)
    return { ...quick, ...change(quick, r) }
  },
})

/** What comes with requests through agents and from guards, changed. */
const besides = (change: (beside: Original) => object) =>
  entry(({ environment, beside }) => {
    const changed = (given: Original | undefined) => given && { ...given, ...change(given) }
    return {
      beside: (...args) => changed(beside(...args)),
      environment: (...args) => {
        const given = environment(...args) as { readonly beside: Original } | undefined
        return given && { ...given, beside: changed(given.beside) }
      },
    }
  })

/** Other agents than those that there are. */
const through =
  (change: (agents: readonly unknown[], actor: unknown) => readonly unknown[]) =>
  ({ canThrough, tellThrough }: Original) => ({
    canThrough: (verdict: unknown, agents: readonly unknown[], actor: unknown, ...rest: unknown[]) =>
      canThrough(verdict, change(agents, actor), actor, ...rest),
    tellThrough: (
      r: unknown,
      told: unknown,
      verdict: unknown,
      agents: readonly unknown[],
      actor: unknown,
      ...rest: unknown[]
    ) => tellThrough(r, told, verdict, change(agents, actor), actor, ...rest),
  })

const mutants: readonly Mutant[] = [
  {
    name: 'a role that takes a closer look is not held',
    module: 'machine/held.ts',
    change: ({ heldByClaim, heldByFacts }) => ({
      heldByClaim: (...args: unknown[]) => heldByClaim(...args) & 1,
      heldByFacts: (...args: unknown[]) => heldByFacts(...args) & 1,
    }),
    caughtBy: backends,
  },
  {
    name: 'rules are told as they are found',
    module: 'machine/verdict-data.ts',
    change: () => ({ inOrder: () => undefined }),
    caughtBy: ofManyRules,
  },
  {
    name: 'what is unusual is denied',
    module: 'machine/linked.ts',
    change: () => ({ unusual: -1 }),
    caughtBy: backends,
  },
  {
    name: 'a doubt under `not` is true',
    module: 'machine/doubt.ts',
    change: () => ({ not: (a: unknown) => a !== true }),
    caughtBy: backends,
  },
  {
    name: 'a doubt is lost beside what is false',
    module: 'machine/doubt.ts',
    change: () => ({ or: (a: unknown, b: unknown) => a === true || b === true }),
    caughtBy: backends,
  },
  {
    name: 'a doubt is false beside what is true',
    module: 'machine/doubt.ts',
    change: () => ({ and: (a: unknown, b: unknown) => a === true && b === true }),
    caughtBy: backends,
  },
  {
    name: 'of several doubts only the first is told',
    module: 'machine/doubt.ts',
    change: ({ errorsIn }) => ({ errorsIn: (truths: readonly unknown[]) => errorsIn(truths).slice(0, 1) }),
    caughtBy: backends,
  },
  {
    name: 'agents are forgotten',
    module: 'machine/quick.ts',
    change: besides(() => ({ agents: [] })),
    caughtBy: forms,
  },
  {
    name: 'a session has no labels',
    module: 'machine/quick.ts',
    change: besides(({ labels }) => ({ labels: labels && [] })),
    caughtBy: forms,
  },
  {
    name: 'a client is forgotten',
    module: 'machine/quick.ts',
    change: besides(() => ({ client: {} })),
    caughtBy: forms,
  },
  {
    name: 'the first agent speaks for all',
    module: 'machine/delegation.ts',
    change: through((agents) => agents.slice(0, 1)),
    caughtBy: forms,
  },
  {
    name: 'an agent is asked about as if it were the actor',
    module: 'machine/delegation.ts',
    change: through((agents, actor) => agents.map(() => actor)),
    caughtBy: forms,
  },
  {
    name: 'what the actor may do is delegated',
    module: 'machine/delegation.ts',
    change: () => ({ canThrough: () => 1, tellThrough: (_: unknown, told: number) => told }),
    caughtBy: forms,
  },
  {
    name: 'an agent is not told to lack a scope',
    module: 'machine/delegation.ts',
    change: ({ tellThrough }) => ({ tellThrough: (...args: unknown[]) => tellThrough(...args) & ~8 }),
    caughtBy: forms,
  },
  {
    name: 'who forbids an agent is told not to delegate',
    module: 'machine/delegation.ts',
    change: ({ tellThrough }) => ({
      tellThrough: (r: Original, told: number, ...rest: unknown[]) => {
        const all = tellThrough(r, told, ...rest)
        return (told & 3) === 1 && (all & 3) === 3 ? 4 : all
      },
    }),
    caughtBy: forms,
  },
  {
    name: 'only the rules of the last agent are told',
    module: 'machine/delegation.ts',
    change: ({ tellThrough }) => ({
      tellThrough: (r: { hits: number[]; hitCount: number }, ...rest: unknown[]) => {
        const all = tellThrough(r, ...rest)
        if (r.hitCount > 1) r.hits[0] = r.hits[--r.hitCount] ?? 0
        return all
      },
    }),
    caughtBy: forms,
  },
  {
    name: 'who speaks of an agent delegates to it',
    module: 'machine/group-rules.ts',
    change: () => ({
      delegationRules: ({ delegate, agentDeny }: Original) => ({ allow: [...delegate, ...agentDeny], deny: [] }),
    }),
    caughtBy: forms,
  },
  {
    name: 'the time is that of the request before',
    module: 'machine/quick.ts',
    change: entry(({ environment }, r) => ({
      environment: (...args) => {
        const given = environment(...args) as object | undefined
        return given && (Number.isNaN(r.time) ? given : { ...given, now: r.time })
      },
    })),
    caughtBy: forms,
  },
  {
    name: 'a group acts',
    module: 'machine/quick.ts',
    change: entry(({ actor }, r) => ({
      actor: (name) => actor(name) ?? (typeof name === 'string' ? r.table.lasting.get(name) : undefined),
    })),
    caughtBy: forms,
  },
  {
    name: 'a target is taken as it was when it was first asked about',
    module: 'machine/quick.ts',
    change: entry(({ tool }) => {
      const seen = new WeakMap<object, unknown>()
      return {
        tool: (action, call) => {
          const known = typeof call === 'object' && call !== null ? seen.get(call) : undefined
          const found = known ?? tool(action, call)
          if (found !== undefined) seen.set(call as object, found)
          return found
        },
      }
    }),
    caughtBy: forms,
  },
  {
    name: 'an environment is taken as it was when it was first given',
    module: 'machine/quick.ts',
    change: entry(({ environment, beside }) => {
      const first = (read: Any): Any => {
        const seen = new WeakMap<object, unknown>()
        return (env, ...rest) => {
          const known = typeof env === 'object' && env !== null ? seen.get(env) : undefined
          const given = known ?? read(env, ...rest)
          if (typeof env === 'object' && env !== null && given !== undefined) seen.set(env, given)
          return given
        }
      }
      return { environment: first(environment), beside: first(beside) }
    }),
    caughtBy: forms,
  },
  {
    name: 'what a request brought stays for the next one',
    module: 'machine/registers.ts',
    change: () => ({ reset: () => undefined }),
    caughtBy: forms,
  },
  {
    name: 'the roles of the request before are kept',
    module: 'machine/held-roles.ts',
    change: () => ({
      forgetRoles: (r: { roles: unknown; readonly ownRoles: unknown }) => {
        r.roles = r.ownRoles
      },
    }),
    caughtBy: forms,
  },
  {
    name: 'a claim that is no list gives no role',
    module: 'machine/roles-by-claims.ts',
    change: ({ addClaim }) => ({
      addClaim: (r: Original, masks: Original, index: number, words: unknown) => {
        const { name, variable } = masks.plan.claims[index]
        if (Array.isArray(r[variable]?.[name])) addClaim(r, masks, index, words)
      },
    }),
    caughtBy: forms,
  },
  {
    name: 'a fact counts after its end',
    module: 'machine/step.ts',
    change: () => ({ inForce: () => true }),
    caughtBy: backends,
  },
  {
    name: 'an entity that nothing is known of has no roles',
    module: 'machine/entity.ts',
    change: () => ({ missed: () => false }),
    caughtBy: backends,
  },
  {
    name: 'all that is named is known',
    module: 'machine/entity.ts',
    change: () => ({ isKnown: () => true }),
    caughtBy: backends,
  },
  {
    name: 'rules whose compared value errs are left out',
    seed: 4,
    module: 'machine/lines-of-rules.ts',
    change: ({ indexedLines }) => ({
      indexedLines: (
        r: unknown,
        key: unknown,
        indexed: readonly (readonly [string, object, object])[],
        ...rest: unknown[]
      ) =>
        indexedLines(
          r,
          key,
          indexed.map(([literal, whole, part]) => [literal, { ...whole, when: () => false }, part]),
          ...rest,
        ),
    }),
    caughtBy: ofManyRules,
  },
  {
    name: 'of rules with one text only one counts',
    module: 'machine/lines-of-rules.ts',
    change: ({ indexedLines }) => ({
      indexedLines: (
        r: unknown,
        key: unknown,
        indexed: readonly (readonly [string, object, object])[],
        ...rest: unknown[]
      ) => {
        const isFirst = ([literal]: readonly [string, ...unknown[]], i: number) =>
          indexed.findIndex(([other]) => other === literal) === i
        return indexedLines(r, key, indexed.filter(isFirst), ...rest)
      },
    }),
    caughtBy: ofManyRules,
  },
  {
    name: 'a rule that errs is told as if it held',
    module: 'machine/lines-of-rules.ts',
    change: ({ hit }) => ({ hit: (r: unknown, rule: unknown) => hit(r, rule, true) }),
    caughtBy: backends,
  },
  {
    name: 'the last rule about a type is lost',
    module: 'machine/group-rules.ts',
    change: ({ rulesOfType }) => ({
      rulesOfType: (...args: unknown[]) => {
        const rules = rulesOfType(...args)
        return { ...rules, deny: rules.deny?.slice(0, -1) }
      },
    }),
    caughtBy: backends,
  },
  {
    name: 'holes of a list are nothing',
    module: 'machine/lists.ts',
    change: ({ elementsOf }) => ({
      elementsOf: (list: unknown) => (Array.isArray(list) ? Object.values(list) : elementsOf(list)),
    }),
    caughtBy: forms,
  },
  {
    name: 'half a character is text',
    module: 'machine/lists.ts',
    change: () => ({ isText: (value: unknown) => typeof value === 'string' }),
    caughtBy: forms,
  },
  {
    name: 'what is folded comes out the other way',
    module: 'compile/passes/fold.ts',
    change: ({ fold }) => ({
      fold: (root: unknown) => {
        const folded = fold(root)
        if (folded === root || folded.kind !== 'constant') return folded
        return { ...folded, value: { ...folded.value, value: !folded.value.value } }
      },
    }),
    caughtBy: backends,
  },
  {
    name: 'the dearest of several tests is not made',
    module: 'compile/passes/cheap-first.ts',
    change: ({ cheapFirst }) => ({
      cheapFirst: (root: unknown) => {
        const sorted = cheapFirst(root)
        return sorted.kind === 'and' && sorted.operands.length > 1
          ? { ...sorted, operands: sorted.operands.slice(0, -1) }
          : sorted
      },
    }),
    caughtBy: backends,
  },
  {
    name: 'what else an indexed rule asks is not asked',
    module: 'compile/passes/index-equality.ts',
    change: ({ indexOf }) => ({
      indexOf: (...args: unknown[]) => {
        const index = indexOf(...args)
        const rest = (at: unknown) => ({ kind: 'constant', value: { kind: 'boolean', value: true }, at })
        return { ...index, indexed: index.indexed.map((one: Original) => ({ ...one, rest: rest(one.rest.at) })) }
      },
    }),
    caughtBy: ofManyRules,
  },
  {
    name: 'a role of facts has no bits',
    module: 'compile/passes/role-masks.ts',
    change: ({ roleMasks }) => ({
      roleMasks: (program: unknown) => {
        const masks = roleMasks(program)
        return masks && { ...masks, plan: { ...masks.plan, facts: masks.plan.facts.slice(1) } }
      },
    }),
    caughtBy: backends,
  },
  {
    name: 'rules that compare with more and with less share a function',
    module: 'compile/structure.ts',
    change: ({ structureOf }) => ({
      structureOf: (...args: unknown[]) => {
        const structure = structureOf(...args)
        return { ...structure, key: structure.key.replace(/"(?:<|>|<=|>=|==|!=)"/g, '"?"') }
      },
    }),
    caughtBy: ofManyRules,
  },
  {
    name: 'a calculation is made of whatever there is',
    module: 'compile/fast/arithmetic.ts',
    change: unguarded('calculation'),
    caughtBy: backends,
  },
  {
    name: 'what is compared is not looked at',
    module: 'compile/fast/comparison.ts',
    change: unguarded('comparison'),
    caughtBy: forms,
  },
  {
    name: 'a list is searched, whatever is in it',
    module: 'compile/fast/membership.ts',
    change: unguarded('membership'),
    caughtBy: forms,
  },
  {
    name: 'a presence is told of whatever it is',
    module: 'compile/fast/presence.ts',
    change: unguarded('presence'),
    caughtBy: forms,
  },
  {
    name: 'text is tested, whatever it is',
    module: 'compile/fast/text.ts',
    change: unguarded('textTest'),
    caughtBy: forms,
  },
  {
    name: 'what has been told to be obtained is not looked at',
    module: 'compile/fast/obtained.ts',
    change: unguarded('obtained'),
    caughtBy: forms,
  },
  {
    name: 'containment never ends',
    module: 'facts/memory/closures.ts',
    change: ({ isWithin, containersReader }) => ({
      isWithin: (rows: unknown, entity: unknown, container: unknown) => isWithin(rows, entity, container, -1e15),
      containersReader: (rows: unknown) => {
        const read = containersReader(rows)
        return (entity: unknown) => read(entity, -1e15)
      },
    }),
    caughtBy: forms,
  },
  {
    name: 'what entities were in is remembered when it changes',
    module: 'facts/memory/closures.ts',
    change: ({ isWithin }) => {
      const remembered = new WeakMap<object, Map<string, boolean>>()
      return {
        isWithin: (rows: object, ...question: readonly unknown[]) => {
          const answers = remembered.get(rows) ?? new Map<string, boolean>()
          const answer = answers.get(question.join()) ?? isWithin(rows, ...question)
          remembered.set(rows, answers.set(question.join(), answer))
          return answer
        },
      }
    },
    caughtBy: store,
  },
  {
    name: 'whoever has been mentioned is known for good',
    module: 'facts/memory/mentions.ts',
    change: () => ({ unmention: () => undefined }),
    caughtBy: store,
  },
  {
    name: 'who is mentioned until a time is known for good',
    module: 'facts/memory/mentions.ts',
    change: () => ({ unmentionUntil: () => undefined }),
    caughtBy: store,
  },
  {
    name: 'sessions see what is written later',
    module: 'facts/memory/moments.ts',
    change: ({ newMoments }) => ({
      newMoments: (rows: unknown, evaluations: Original) => {
        const moments = newMoments(rows, evaluations)
        return {
          get revision() {
            return moments.revision
          },
          changed: moments.changed,
          snapshot: moments.snapshot,
          at: (_: unknown, evaluation: unknown) => evaluations.deciding(evaluation),
        }
      },
    }),
    caughtBy: backends,
  },
  {
    name: 'the facts of a request are not taken back',
    seed: 4,
    module: 'facts/memory/journal.ts',
    change: ({ rewind }) => ({
      rewind: (journal: { readonly passing: boolean }, ids: unknown) => {
        if (!journal.passing) rewind(journal, ids)
      },
    }),
    caughtBy: backends,
  },
  {
    name: 'what a request says of a field is added to what is stored',
    module: 'facts/memory/request-writes.ts',
    change: ({ writeGiven }) => ({
      writeGiven: (
        rows: unknown,
        { records, facts }: { readonly records: readonly object[]; readonly facts: unknown },
      ) => writeGiven(rows, { records: records.map((one) => ({ ...one, relations: [] })), facts }),
    }),
    caughtBy: backends,
  },
]

describe('a mutant of the compiled path is caught:', () => {
  afterEach(() => void vi.resetModules())

  it.each(mutants)('$name', (mutant) => check(mutant, 8 * mutant.caughtBy.runs, /AssertionError/))
})
