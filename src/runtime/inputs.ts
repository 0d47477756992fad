import type { Local, Variable } from '../ir/expr.ts'
import { matchUri } from '../ir/uri-template.ts'
import { conform } from '../value/conform.ts'
import { evaluationError, isError } from '../value/evaluation-error.ts'
import { readField } from '../value/read.ts'
import { absent } from '../value/value.ts'
import type { Outcome } from './cases.ts'
import { unknown } from './cases.ts'
import type { Run } from './run.ts'
import type { Scope } from './scope.ts'

/** The value of a variable of the language in one scope. */
export function variableOf(run: Run, { name, at }: Variable, scope: Scope): Outcome {
  const value = inScope(name, scope) ?? run.question.inputs.get(name)
  return value ?? evaluationError('absent', `\`${name}\` has no value in this request`, at)
}

function inScope(name: Variable['name'], scope: Scope): Outcome | undefined {
  switch (name) {
    case 'actor':
      return scope.subject
    case 'agent':
      return scope.agent
    case 'resource':
      return scope.resource
    case 'action':
      return scope.action
    default:
      return undefined
  }
}

export function localOf(run: Run, { name, at }: Local, scope: Scope): Outcome {
  const binding = scope.locals.get(name)
  switch (binding?.kind) {
    case undefined:
      return evaluationError('absent', `\`${name}\` has no value here`, at)
    case 'value':
      return binding.value
    case 'absent':
      return absent
    case 'context': {
      const context = run.question.inputs.get('context')
      if (context === unknown || isError(context)) return context
      if (typeof context !== 'object' || context.kind !== 'record') return missing(binding.field, at)
      const value = readField(context, name, binding.field.type, at)
      if (value !== absent) return isError(value) ? value : conform(value, binding.field.type, at)
      return missing(binding.field, at)
    }
    case 'uri': {
      const uri = run.question.inputs.get('uri')
      if (typeof uri !== 'string') return uri ?? absent
      return matchUri(binding.template, uri)?.get(binding.variable) ?? absent
    }
  }
}

function missing(field: { readonly name: string; readonly optional: boolean }, at: Local['at']): Outcome {
  if (field.optional) return absent
  return evaluationError('missing-attribute', `neither the fact nor the context has \`${field.name}\``, at)
}
