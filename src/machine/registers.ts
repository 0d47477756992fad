import type { Ent, Table } from '../facts/table.ts'
import type { Tool } from '../ir/program.ts'
import type { Limits } from '../runtime/budget.ts'
import type { BuiltinFunction } from '../runtime/builtins/builtin.ts'
import type { Unknown } from '../runtime/cases.ts'
import type { HostFunctions } from '../runtime/host-call.ts'
import type { Policy } from '../runtime/policy.ts'
import { noSession } from '../runtime/request-inputs.ts'
import type { Absent, EvaluationError, Value } from '../value/value.ts'
import { type Doubt, erring, type Truth } from './doubt.ts'
import type { Group } from './group.ts'
import { type HeldRoles, newHeldRoles } from './held-roles.ts'
import type { Memo } from './memo.ts'

/**
 * What an expression has come to in emitted code. An entity is an `Ent` where the type says that it is one, and a value like the
 * interpreter's inside of sets and of what may be anything.
 */
export type Outcome = Value | Ent | Absent | Unknown | Doubt

export type Raw = Readonly<Record<string, unknown>>

/** What a decision works with: emitted code reads it, whoever asks the question fills it. One decision at a time. */
export interface Registers {
  readonly policy: Policy
  readonly table: Table
  readonly functions: HostFunctions
  readonly builtins: ReadonlyMap<string, BuiltinFunction>
  readonly limits: Pick<Limits, 'atoms'>
  /** Of the facts that the table shows; -1 where they are those of another time, or with facts of a request. */
  readonly revision: () => number
  /** The global roles of the actor that have bits: of one request, or of a bound session. */
  roles: HeldRoles
  readonly ownRoles: HeldRoles
  /** What a question is about that was told quickly. */
  group: Group
  entity: Ent | undefined
  actor: Ent
  agents: readonly Ent[]
  /** Milliseconds since the epoch; not a number: the clock is asked when somebody looks. */
  time: number
  readonly now: number
  /** The objects that the request brought, as they came; undefined where it has none of that kind. Claims that are sets may be missing. */
  token: Raw | Unknown | undefined
  context: Raw | Unknown | undefined
  args: Raw | Unknown | undefined
  client: Raw | undefined
  session: Value | EvaluationError | undefined
  /** Of an item: its server, its annotations if it is a tool, its name if it is a prompt, its URI. */
  server: string | undefined
  tool: Tool | undefined
  prompt: string | undefined
  uri: string | Unknown | undefined
  approvals: readonly Ent[] | Unknown
  confirmed: boolean | Unknown
  /** What a condition is that hangs on something unknown: only while an item is listed. */
  leaf: Truth
  /** Somebody wants to know what errs, not only that something does. */
  tracing: boolean
  /** How many atoms are still looked into without remembering them. */
  fuel: number
  /** How many atoms may still be looked into. */
  atoms: number
  /** Begun only once the fuel is spent. */
  memo: Memo | undefined
  /** The rules that `hit` has been told of, so many of them, and whether all of them are true. */
  readonly hits: number[]
  hitCount: number
  allTrue: boolean
  /** Goes on with everything that can change what a part of a rule comes to. */
  turn: number
}

const noGroup: Group = {
  action: '',
  allow: undefined,
  deny: undefined,
  delegate: undefined,
  agentDeny: undefined,
  obliges: false,
}

export function newRegisters(
  given: Pick<Registers, 'policy' | 'table' | 'functions' | 'builtins' | 'limits'> & {
    readonly clock: () => number
    /** Without it nothing is remembered from one request to the next. */
    readonly revision?: () => number
  },
): Registers {
  const ownRoles = newHeldRoles()
  return {
    ...given,
    revision: given.revision ?? (() => -1),
    roles: ownRoles,
    ownRoles,
    group: noGroup,
    entity: undefined,
    actor: '',
    agents: [],
    time: Number.NaN,
    get now() {
      if (Number.isNaN(this.time)) this.time = given.clock()
      return this.time
    },
    token: undefined,
    context: undefined,
    args: undefined,
    client: none,
    session: noSession,
    server: undefined,
    tool: undefined,
    prompt: undefined,
    uri: undefined,
    approvals: [],
    confirmed: false,
    leaf: erring,
    tracing: false,
    fuel: 0,
    atoms: 0,
    memo: undefined,
    hits: [],
    hitCount: 0,
    allTrue: true,
    turn: 0,
  }
}

/** What a question is taken to have brought that says nothing of it. */
const none: Raw = Object.freeze({})

/** Before so many atoms nothing is remembered: most decisions need fewer, and remembering costs more than looking again. */
const fuel = 256

/** Sets out on an evaluation of the question that is in the registers. */
export function begin(r: Registers, how: 'quick' | 'traced' = 'quick'): void {
  r.tracing = how === 'traced'
  r.fuel = r.tracing ? 0 : fuel
  r.atoms = r.limits.atoms
  r.memo = undefined
  r.turn += 1
}

/** Leaves behind what a question that is told quickly does not set. */
export function reset(r: Registers): void {
  r.agents = []
  r.client = none
  r.session = noSession
  r.prompt = undefined
  r.uri = undefined
  r.approvals = []
  r.confirmed = false
  r.leaf = erring
}
