import type { EntityInput, FactInput } from '../facts/fact.ts'
import { toJson } from '../facts/fact-json.ts'
import { outlineOf } from '../ir/outline.ts'
import { irVersion, type Program } from '../ir/program.ts'
import { someNode } from '../ir/walk.ts'
import { type Code, indented, join, js, json, known } from './code.ts'
import type { Passes } from './module.ts'
import { newProgramModule } from './program-module.ts'
import { tablesCode } from './tables.ts'

/** What a module is made from. */
export interface StandaloneSource {
  readonly program: Program
  /** The facts of the policy text. */
  readonly facts: readonly (FactInput | EntityInput)[]
  /** What it was compiled from, for its reader. */
  readonly sources: readonly { readonly name: string }[]
  /** The version of licet that compiles it. */
  readonly version: string
}

/** A policy as the text of an ECMAScript module that imports `licet/runtime` and, for its regular expressions, `licet/runtime/regexes`. */
export function standaloneModule(
  { program, facts, sources, version }: StandaloneSource,
  passes: Partial<Passes> = {},
): string {
  const module = newProgramModule(program, passes)
  const tables = tablesCode(module)
  const { functions, constants, uses } = module.chunk()
  const calls = uses.map(known)
  const hasRegexes = someNode(program, (node) => node.kind === 'builtin' && node.name === 'matches')
  const link = join([functions, constants, js`return ${tables}`].filter(isWritten), '\n\n')
  return `${join(
    [
      js`// Compiled by licet ${version} from ${sources.map(({ name }) => name)}. To change it, change the policy and compile it again.
// IR version ${irVersion}. Types are beside this file.
import { createCompiledEngine } from 'licet/runtime'${hasRegexes ? importRegexes : js``}

export { prompt, resource, server, template, tool } from 'licet/runtime'

/** An engine for this policy: \`createEngine({ facts, functions, now })\`. */
export function createEngine(options) {
  return createCompiledEngine(policy, options)
}`,
      js`/** Everything but the conditions. */\nconst program = ${json(outlineOf(program))}`,
      js`/** The facts of the policy text. */\nconst facts = ${json(toJson(facts))}`,
      js`/** What the code refers to: where its parts stand in the policy and what they are called there, and types. */\nconst d = ${json(module.pool)}`,
      js`/** The conditions. \`r\` is what a decision works with; s, e, g, u, a, k: subject, entity, agent, URI variables, action, literals. */
function link(r, { ${calls} }) {
${indented(link)}
}`,
      js`const policy = {
  irVersion: ${irVersion},
  compiledBy: ${version},
  program,
  facts,${hasRegexes ? js`\n  regexes,` : js``}
  calls: [${uses}],
  link,
}`,
    ],
    '\n\n',
  )}\n`
}

const importRegexes = js`\nimport { regexes } from 'licet/runtime/regexes'`

function isWritten(code: Code): boolean {
  return `${code}` !== ''
}
