import type { EntityType, HostFunction, Program, Server } from '../ir/program.ts'
import type { RecordField, Type } from '../ir/type.ts'
import { type Code, join, js, known } from './code.ts'
import type { StandaloneSource } from './standalone.ts'
import { type Member, typeCode, union } from './type-declarations.ts'

export interface DeclaredSource extends Pick<StandaloneSource, 'program' | 'sources' | 'version'> {
  /** The claims that every token may have. */
  readonly claims: readonly RecordField[]
  /** What a tool of a locked server takes; undefined: it is not known. */
  readonly argumentsOf: (server: string, tool: string) => Type | undefined
}

/** The types of the module that `standaloneModule` writes: the policy's words, so that a misspelt one is an error. */
export function declarations({ program, sources, version, claims, argumentsOf }: DeclaredSource): string {
  const { types, functions, servers } = program
  const actors = types.filter(({ actor }) => actor)
  const options = functions.length === 0 ? js`options?` : js`options`
  const kinds = ['tool', 'prompt', 'resource', 'template', 'server']
  const parts = [
    js`// Compiled by licet ${version} from ${sources.map(({ name }) => name)}. To change it, change the policy and compile it again.
import type { CompiledEngine, CompiledEngineOptions, EntityOf, ItemsOf, NameOf, SubjectInput } from 'licet/runtime'`,
    js`/** The types of entities, each with what a request may say of such an entity. */
export interface Entities ${block(types.map((type) => ({ name: type.name, code: entityCode(program, type) })))}`,
    js`/** The actions that some \`allow\` can grant, by the type of entity. */
export interface Actions ${block(types.map(({ name }) => ({ name, code: actionsOn(program, name) })))}`,
    js`/** The MCP servers, each with its tools and their arguments, its prompts, and its resource templates. */
export interface Servers ${block(servers.map((server) => ({ name: server.name, code: serverCode(server, argumentsOf) })))}`,
    js`/** The claims of a token. Others may be there: they are not looked at. */
export interface Token ${block(fields([...claims.map((claim) => ({ ...claim, optional: true })), ...program.token]), 'open')}`,
    js`/** What the policy reads of the context. */
export interface Context ${block(fields(program.context))}`,
    js`/** The host functions that the policy declares. */
export interface Functions ${block(functions.map((one) => ({ name: one.name, code: functionCode(one) })))}`,
    js`/** The words of this policy. */
export interface Words {
  readonly entities: Entities
  readonly actors: ${union(actors.map(({ name }) => js`${name}`))}
  readonly actions: Actions
  readonly servers: Servers
  readonly token: Token
  readonly context: Context
  readonly functions: Functions
}`,
    js`/** An entity of one of these types: its name, \`Type:id\`, or what a request says of it. */
export type Entity<Type extends keyof Entities = keyof Entities> = EntityOf<Words, Type>

export type Engine = CompiledEngine<Words>

/**
 * An engine for this policy, with the facts of its text.
 *
 * @throws TypeError for a host function that is not given, initial facts that the policy does not allow, or a \`licet/runtime\` of
 *   another version
 */
export declare function createEngine(${options}: CompiledEngineOptions<Words>): Engine`,
    join(
      kinds.map((kind) => js`export declare const ${known(kind)}: ItemsOf<Words>[${kind}]`),
      '\n',
    ),
  ]
  return `${join(parts, '\n\n')}\n`
}

/** Members one below the other; names are quoted, whatever they are. `open`: there may be others. */
function block(members: readonly Member[], open?: 'open'): Code {
  const lines = members.map(({ name, optional, code }) => js`  readonly ${name}${optional ? js`?` : js``}: ${code}`)
  if (open !== undefined) lines.push(js`  readonly [other: string]: unknown`)
  return lines.length === 0 ? js`{}` : js`{\n${join(lines, '\n')}\n}`
}

function fields(all: readonly RecordField[]): readonly Member[] {
  return all.map(({ name, type, optional }) => ({ name, optional, code: typeCode(type, 'given') }))
}

function entityCode({ roles }: Program, { name, fields: own, open }: EntityType): Code {
  const contextual = roles.filter((role) => role.type === name && role.contextual)
  const members: readonly Member[] = [
    ...fields(own),
    ...[...new Set(contextual.map((role) => role.name))].map((role) => ({
      name: role,
      optional: true,
      code: js`SubjectInput | readonly SubjectInput[]`,
    })),
  ]
  const lines = members.map(({ name, optional, code }) => js`readonly ${name}${optional ? js`?` : js``}: ${code}`)
  if (open) lines.push(js`readonly [attribute: string]: unknown`)
  return lines.length === 0 ? js`{}` : js`{ ${join(lines, '; ')} }`
}

function actionsOn({ actions }: Program, type: string): Code {
  return union(actions.filter(({ types }) => types.includes(type)).map(({ action }) => js`${action}`))
}

function serverCode({ name, lock }: Server, argumentsOf: DeclaredSource['argumentsOf']): Code {
  const any = js`Readonly<Record<string, unknown>>`
  if (lock === undefined) return js`{ readonly tools: ${any}; readonly prompts: ${any}; readonly templates: string }`
  const tools = lock.tools.map((tool) => {
    const type = argumentsOf(name, tool.name)
    return js`readonly ${tool.name}: ${type === undefined ? js`unknown` : typeCode(type, 'given')}`
  })
  const prompts = lock.prompts.map((prompt) => js`readonly ${prompt.name}: Readonly<Record<string, string>>`)
  const templates = union(lock.templates.map(({ text }) => js`${text}`))
  return js`{
    readonly tools: { ${join(tools, '; ')} }
    readonly prompts: { ${join(prompts, '; ')} }
    readonly templates: ${templates}
  }`
}

function functionCode({ params, result }: HostFunction): Code {
  const written = params.map(({ type, optional }, i) => {
    const code = typeCode(type, 'received')
    return js`${known(`argument${i + 1}`)}: ${optional ? js`${code} | undefined` : code}`
  })
  return js`(${written}) => ${typeCode(result, 'given')}`
}
