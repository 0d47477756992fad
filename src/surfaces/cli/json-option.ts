import * as z from 'zod'
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { parseJson } from '../../base/json.ts'
import { locate } from '../../base/json-locate.ts'
import type { SourceFile } from '../../index.ts'

const record = z.record(z.string(), z.unknown())
const texts = z.array(z.string()).optional()
const text = z.string().optional()

/** The claims that every policy can read (others are for the policy to declare); the engine checks what it reads again. */
const token = z.looseObject({
  scopes: texts,
  roles: texts,
  groups: texts,
  permissions: texts,
  acr: text,
  amr: texts,
  authTime: z.union([z.string(), z.number()]).optional(),
  clientId: text,
  tenant: text,
  iss: text,
  sub: text,
})

const shapes = { args: record, context: record, token } as const

export type JsonOption = keyof typeof shapes

/** The value of an option that is a JSON object, or what is wrong with its text and where. */
export function readJsonOption(
  name: JsonOption,
  json: string,
): {
  readonly value?: Readonly<Record<string, unknown>>
  readonly diagnostics: readonly Diagnostic[]
  readonly source: SourceFile
} {
  const source = { name: `--${name}`, text: json }
  const at = (start: number, end: number) => ({ file: source.name, start, end })
  const { value, error } = parseJson(json, { bigints: true })
  if (error !== undefined) {
    const start = Math.min(error.offset, json.length)
    return { diagnostics: [diagnostic('syntax', at(start, Math.min(start + 1, json.length)), error.message)], source }
  }
  const checked = shapes[name].safeParse(value)
  if (checked.success) return { value: value as Readonly<Record<string, unknown>>, diagnostics: [], source }
  const diagnostics = checked.error.issues.map(({ path, message }) => {
    const range = locate(json, path as (string | number)[]) ?? { start: 0, end: json.length }
    const what = message.replace(/^Invalid input: /, '')
    return diagnostic('type-mismatch', at(range.start, range.end), `${[source.name, ...path].join('.')}: ${what}`)
  })
  return { diagnostics, source }
}
