import type { VariableName } from '../ir/expr.ts'
import { unknown } from '../runtime/cases.ts'
import { tokenRecord } from '../runtime/request-inputs.ts'
import type { EvaluationError, RecordValue, Value } from '../value/value.ts'
import type { Outcome, Raw, Registers } from './registers.ts'

/** The value of a variable of the request, as values are everywhere; undefined where this request gives it none. */
export function inputOf(r: Registers, name: VariableName): Outcome | EvaluationError | undefined {
  switch (name) {
    case 'token':
      return r.token === undefined || r.token === unknown ? r.token : tokenRecord(r.token)
    case 'context':
      return record(r.context)
    case 'args':
      return record(r.args)
    case 'client':
      return record(r.client)
    case 'now':
      return { kind: 'datetime', milliseconds: r.now }
    case 'session':
      return r.session
    case 'server':
      return r.server === undefined ? undefined : fixed({ name: r.server })
    case 'prompt':
      return r.prompt === undefined ? undefined : fixed({ name: r.prompt })
    case 'tool':
      return r.tool && fixed({ ...r.tool })
    case 'uri':
      return r.uri
    case 'actor':
    case 'agent':
    case 'resource':
    case 'action':
      return undefined
  }
}

function record(raw: Raw | typeof unknown | undefined): Outcome | undefined {
  return raw === undefined || raw === unknown ? raw : { kind: 'record', raw, type: { kind: 'json' } }
}

function fixed(fields: Readonly<Record<string, Value>>): RecordValue {
  return { kind: 'record', raw: new Map(Object.entries(fields)), type: { kind: 'json' } }
}
