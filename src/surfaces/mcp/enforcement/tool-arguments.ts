import { Ajv, type ErrorObject, type Options } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { canonicalJson } from '../../../base/canonical.ts'
import type { JsonObject } from '../../../base/json.ts'
import { isJsonObject } from '../../../base/json.ts'
import { re2 } from '../../../base/re2.ts'
import type { Lock } from '../../../lock/format.ts'
import { misspelt } from '../protocol/spelling.ts'
import { visible } from '../protocol/visible.ts'

/** Checks the arguments of a call against the input schema in the lock (JSON Schema 2020-12, or the draft that it names). */
export interface ToolArguments {
  /** What is wrong with the arguments, in words that name no value; undefined when nothing is. */
  problem(tool: string, args: JsonObject): string | undefined
}

/**
 * Every schema is compiled at once: a first call that takes longer would tell a tool that is hidden from one that does not
 * exist. A tool that is not in the lock has no schema.
 */
export function createToolArguments(lock: Lock | undefined, report: (problem: string) => void): ToolArguments {
  const checks = new Map(
    lock?.tools.map(({ name, inputSchema }) => {
      const reportSchema = (problem: string) => report(`the input schema of ${visible(name)} ${problem}`)
      return [name, compileSchema(inputSchema, reportSchema)]
    }),
  )
  return { problem: (tool, args) => checks.get(tool)?.(args) }
}

function compileSchema(
  schema: JsonObject,
  report: (problem: string) => void,
): (args: JsonObject) => string | undefined {
  try {
    // One instance a schema: two tools may use one `$id` for different things.
    const validate = validator(schema, report).compile(schema)
    if ('$async' in validate) throw new Error('it is asynchronous')
    const declared = Object.keys(isJsonObject(schema.properties) ? schema.properties : {})
    return (args) => {
      const other = misspelt(args, declared)
      if (other !== undefined) return `${visible(other)} is spelled otherwise in the schema`
      try {
        return validate(args) === true ? undefined : explain(validate.errors?.[0])
      } catch {
        // A schema that refers to itself without end.
        return unusable
      }
    }
  } catch (thrown) {
    report(`cannot be used: ${visible(thrown instanceof Error ? thrown.message : '')}`)
    return () => unusable
  }
}

const unusable = 'the schema of this tool cannot be used'

const options: Options = {
  strict: false,
  // Presence is a matter of own members: `constructor` is not there because every object inherits one.
  ownProperties: true,
  coerceTypes: false,
  useDefaults: false,
  removeAdditional: false,
  validateFormats: false,
  // Nothing outside the schema can be referred to, not even a meta-schema.
  meta: false,
  validateSchema: false,
  logger: false,
}

function validator(schema: JsonObject, report: (problem: string) => void): Ajv {
  const withLinearPatterns: Options = { ...options, code: { regExp: linearPattern(report) } }
  const draft = typeof schema.$schema === 'string' && /draft-0[3-7]/.test(schema.$schema)
  const ajv = draft ? new Ajv(withLinearPatterns) : new Ajv2020(withLinearPatterns)
  // ajv compares each item with each other: quadratic in what a client sends.
  ajv.removeKeyword('uniqueItems')
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    validate: (isUnique: boolean, items: readonly unknown[]) =>
      !isUnique || new Set(items.map((item) => canonicalJson(item))).size === items.length,
  })
  return ajv
}

/** RE2, so that no argument makes a pattern take more than linear time; what RE2 cannot read is not checked. */
function linearPattern(report: (problem: string) => void): NonNullable<NonNullable<Options['code']>['regExp']> {
  const compile = (pattern: string): { test: (text: string) => boolean } => {
    try {
      const regex = re2().compile(re2().translateRegExp(pattern))
      return { test: (text) => regex.matcher(text).find() }
    } catch {
      report(`has a pattern that linear time cannot match, and that is left to the server: ${visible(pattern)}`)
      return { test: () => true }
    }
  }
  return Object.assign(compile, { code: 'linearPattern' })
}

function explain(error: ErrorObject | undefined): string {
  if (error === undefined) return 'not as the schema wants them'
  const { instancePath, message = 'not as the schema wants it' } = error
  return instancePath === ''
    ? visible(message)
    : `${visible(instancePath.slice(1).replaceAll('/', '.'))} ${visible(message)}`
}
