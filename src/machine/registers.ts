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
import { type Inline, noInlines } from './inline.ts'
import type { Memo } from './memo.ts'
import { none } from './raw.ts'

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
  /** Entities that the request brought, for a verdict. */
  inlines: readonly Inline[]
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
  /** So many of them grant; the others forbid. */
  granting: number
  /** Goes on with everything that can change what a part of a rule comes to. */
  turn: number
}

const noGroup: Group = {
  action: '',
  allow: undefined,
  deny: undefined,
  delegate: undefined,
  agentDeny: undefined,
  verdict: undefined,
  delegation: undefined,
  obliging: undefined,
}

type Given = Pick<Registers, 'policy' | 'table' | 'functions' | 'builtins' | 'limits'> & {
  readonly clock: () => number
  /** Without it nothing is remembered from one request to the next. */
  readonly revision?: () => number
}

/** A class, so that all of its many fields lie in the object itself. */
class RegisterFile implements Registers {
  group = noGroup
  actor: Ent = ''
  entity: Ent | undefined = undefined
  token: Registers['token'] = undefined
  context: Registers['context'] = undefined
  args: Registers['args'] = undefined
  agents: readonly Ent[] = []
  time = Number.NaN
  inlines = noInlines
  server: string | undefined = undefined
  tool: Tool | undefined = undefined
  readonly hits: number[] = []
  hitCount = 0
  granting = 0
  allTrue = true
  tracing = false
  fuel = 0
  atoms = 0
  memo: Memo | undefined = undefined
  turn = 0
  client: Raw | undefined = none
  session: Registers['session'] = noSession
  prompt: string | undefined = undefined
  uri: Registers['uri'] = undefined
  approvals: Registers['approvals'] = []
  confirmed: Registers['confirmed'] = false
  leaf: Truth = erring
  readonly ownRoles = newHeldRoles()
  roles = this.ownRoles
  readonly policy: Policy
  readonly table: Table
  readonly functions: HostFunctions
  readonly builtins: Registers['builtins']
  readonly limits: Registers['limits']
  readonly revision: () => number
  readonly #clock: () => number

  constructor({ policy, table, functions, builtins, limits, clock, revision = () => -1 }: Given) {
    this.policy = policy
    this.table = table
    this.functions = functions
    this.builtins = builtins
    this.limits = limits
    this.revision = revision
    this.#clock = clock
  }

  get now(): number {
    if (Number.isNaN(this.time)) this.time = this.#clock()
    return this.time
  }
}

export function newRegisters(given: Given): Registers {
  return new RegisterFile(given)
}

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
