import { assertNever } from '../base/assert-never.ts'
import type { JsonValue } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import { type BuiltinSignature, builtins } from '../ir/builtins.ts'
import type { RecordField } from '../ir/type.ts'
import { claims } from '../model/expression/variables.ts'
import type { Declaration, Referent } from '../model/notes.ts'
import { type Shape, showType } from '../model/shape.ts'
import type { Analysis } from './analysis.ts'
import { annotationDocs, builtinDocs, mcpActionDocs, typeDocs, variableDocs } from './keywords.ts'

/** What something is, in the language's own words, and what its author or the language says of it. */
export interface Description {
  readonly code: string
  readonly doc?: string | undefined
}

type Known = Pick<Analysis, 'files' | 'schema' | 'occurrences'>

/** Declarations of one thing that are shown. */
const most = 8

export function describe(known: Known, referent: Referent): Description {
  const { name } = referent
  switch (referent.kind) {
    case 'type':
    case 'function':
    case 'group':
    case 'scope':
    case 'let':
    case 'parameter':
    case 'key':
      return declared(known, referent, '')
    case 'field':
      return declared(known, referent, `${referent.of}.`)
    case 'role':
      return declared(known, referent, referent.of === undefined ? '' : `${referent.of}: `)
    case 'action':
      return declared(known, referent, '')
    case 'label':
      return { code: `label ${name}` }
    case 'server':
      return declared(known, referent, '')
    case 'builtin-type':
      return { code: name, doc: typeDocs[name] }
    case 'mcp-action':
      return { code: `action ${name}`, doc: mcpActionDocs[name] }
    case 'variable':
      return { code: name, doc: variableDocs[name] }
    case 'claim': {
      const claim = claims.find((one) => one.name === name)
      return { code: claim === undefined ? name : `token.${fieldText(claim)}`, doc: 'a claim that every token has' }
    }
    case 'builtin':
      return { code: builtinText(name, referent.receiver), doc: builtinDocs[name] }
    case 'local':
      return { code: name }
    case 'entity':
      return declared(known, referent, '')
    case 'file':
      return { code: `import ${JSON.stringify(name)}` }
    case 'tool':
    case 'prompt':
    case 'resource':
      return item(known, referent)
    case 'argument':
      return argument(known, referent.server, name)
    default:
      return assertNever(referent)
  }
}

/** A shape as a type, where it has one. */
export function shapeText(shape: Shape): string | undefined {
  if (shape.kind === 'unknown') return undefined
  return shape.kind === 'actors' ? 'a set of actors' : showType(shape)
}

export function fieldText({ name, optional, type }: RecordField): string {
  return `${name}${optional ? '?' : ''}: ${showType(type)}`
}

export function builtinText(name: string, receiver: string | undefined): string {
  const written = obtainable[name]
  if (receiver === undefined && written !== undefined) return written
  if (name === 'some' || name === 'every') return `${name}(x => boolean): boolean`
  const found = builtins.find((one) => one.name === name && one.receiver === receiver)
  return found === undefined ? name : `${receiver === undefined ? '' : `${receiver}.`}${signatureText(found)}`
}

/** `startsWith(prefix: string): boolean` */
export function signatureText({ name, form, params, result, optional }: BuiltinSignature): string {
  const args = params.map(({ name: param, type, literal }) =>
    literal === 'regex'
      ? '/regex/'
      : `${param}: ${type === 'element' ? 'element' : type === 'receiver' ? 'set' : showType(type)}`,
  )
  return `${name}${form === 'property' ? '' : `(${args.join(', ')})`}${optional ? '?' : ''}: ${showType(result)}`
}

/** How those are called that are no built-in functions of values. */
export const obtainable: Readonly<Record<string, string>> = {
  scope: 'scope(scope: string): boolean',
  acr: 'acr(class: string): boolean',
  authAge: 'authAge(): duration',
  confirmed: 'confirmed(): boolean',
  approvedBy: 'approvedBy(set: actors, n?: int): boolean',
  recover: 'recover(condition: boolean, otherwise: false): boolean',
}

function declared({ files, occurrences }: Known, referent: Referent, before: string): Description {
  const all = occurrences
    .of(referent)
    .filter(
      ({ referent: one }) =>
        one.kind !== 'action' || referent.kind !== 'action' || one.of === referent.of || referent.of === undefined,
    )
    .flatMap(({ declaration }) => declaration ?? [])
  const shown = all.slice(0, most).map((one) => before + headOf(files, one))
  const more = all.length > most ? [`// and ${all.length - most} more`] : []
  const docs = [...new Set(all.flatMap(({ doc }) => doc ?? []))]
  const name = referent.kind === 'entity' ? `${referent.type}:${referent.name}` : referent.name
  return {
    code: all.length === 0 ? `${before}${name}` : [...shown, ...more].join('\n'),
    doc: docs.length === 0 ? undefined : docs.join('\n\n'),
  }
}

const longest = 300

/** A declaration as it is written, without the members of its block. */
function headOf(files: ReadonlyMap<string, string>, { span }: Declaration): string {
  const text = (files.get(span.file) ?? '').slice(span.start, span.end)
  const withoutBlock = /^(?:[\w\s|]*\b(?:actor|resource|server)\b[^{]*)/.exec(text)?.[0] ?? text
  const line = withoutBlock.replace(/\s*,?\s*$/, '').replaceAll(/\s*\n\s*/g, ' ')
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}

function item(
  { schema }: Known,
  { kind, server, name }: Referent & { readonly kind: 'tool' | 'prompt' | 'resource' },
): Description {
  const info = schema.servers.get(server)
  const title = `${kind} ${server}/${name}`
  if (kind === 'resource' || info?.lock === undefined) return { code: title }
  const locked = (kind === 'tool' ? info.lock.tools : info.lock.prompts).find((one) => one.name === name)
  const args = (kind === 'tool' ? info.index?.tools : info.index?.prompts)?.argumentsOf([name])
  const fields = args?.kind === 'record' ? args.fields.map((field) => `\n  ${fieldText(field)}`).join('') : ''
  const hints = Object.entries(isJsonObject(locked?.annotations) ? locked.annotations : {})
    .flatMap(([hint, value]) => (hint.endsWith('Hint') && value === true ? [hint.slice(0, -'Hint'.length)] : []))
    .join(', ')
  const about = [
    text(locked?.description) ?? text(locked?.title),
    hints === '' ? undefined : `The lock says: ${hints}.`,
  ]
  return {
    code: `${title}${fields === '' ? '' : ` {${fields}\n}`}`,
    doc: about.filter((one) => one !== undefined).join('\n\n') || undefined,
  }
}

/** What the schemas of a lock say of an argument: of each tool that says something else. */
function argument({ schema }: Known, server: string, name: string): Description {
  const info = schema.servers.get(server)
  const said = new Map<string, string[]>()
  for (const tool of info?.lock?.tools ?? []) {
    const { properties } = tool.inputSchema
    const property = isJsonObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined
    const about = isJsonObject(property) ? text(property.description) : undefined
    if (about !== undefined) said.set(about, [...(said.get(about) ?? []), tool.name])
  }
  const docs = [...said].slice(0, most)
  return {
    code: `args.${name}`,
    doc:
      docs.length === 1
        ? docs[0]?.[0]
        : docs
            .map(
              ([about, tools]) =>
                `- ${tools
                  .slice(0, 3)
                  .map((one) => `\`${one}\``)
                  .join(', ')}: ${about}`,
            )
            .join('\n') || undefined,
  }
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function describeAnnotation(name: string): Description | undefined {
  return Object.hasOwn(annotationDocs, name) ? { code: `@${name}`, doc: annotationDocs[name] } : undefined
}
