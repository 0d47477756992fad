import type { Draw } from '../drawn.ts'
// biome-ignore lint/suspicious/noImportCycles: a value may hang on a condition, and a condition compares values
import { condition } from './condition.ts'
import { either, type Path, path, type Site } from './site.ts'
import { type Attribute, type Kind, numbers, type TypeName, types, words } from './world.ts'

/** Expressions that are no conditions, as text, by what they come to. */

/** A read of an attribute of this kind, guarded where it may be absent by `otherwise`. */
function read(draw: Draw, site: Site, kind: Kind, otherwise: string): string | undefined {
  const from = path(draw, site, 2, true)
  if (from.many) return undefined
  const found = sharedAttributes(from.to).filter((one) => one.kind === kind)
  if (found.length === 0) return undefined
  const { name, optional } = draw.of(found)
  const text =
    from.text === 'resource' && site.bare && from.steps === 0 ? name : `${from.text}${from.loose ? '?.' : '.'}${name}`
  return optional || from.loose ? `(${text} ?? ${otherwise})` : text
}

function sharedAttributes(of: readonly TypeName[]): readonly Attribute[] {
  const [first, ...others] = of
  if (first === undefined) return []
  return types[first].attributes.filter((one) =>
    others.every((type) =>
      types[type].attributes.some(
        ({ name, kind, optional }) => name === one.name && kind === one.kind && optional === one.optional,
      ),
    ),
  )
}

export function int(draw: Draw, site: Site, depth = 1): string {
  const number = draw.of(numbers)
  const inner = () => int(draw, site, depth - 1)
  const choices: (() => string | undefined)[] = [
    () => number,
    () => read(draw, site, 'int', number),
    () => read(draw, site, 'int', number),
    () => 'grade',
    () => draw.of(['double', 'context.depth', '(context.max ?? 2)', `count(${number})`, 'now.hourIn("Europe/Berlin")']),
    () => local(draw, site, 'int'),
    () => (site.items.includes('args.limit') ? `(args.limit ?? ${number})` : undefined),
    () => {
      const strings = read(draw, site, 'strings', '[]')
      return strings && `${strings}.length`
    },
    ...(depth <= 0
      ? []
      : [
          () => `(${inner()} ${draw.of(['+', '-'])} ${inner()})`,
          () => `(${inner()} * ${number})`,
          () => `(${condition(draw, either(site), 0)} ? ${inner()} : ${inner()})`,
          () => `(${condition(draw, either(site), 1)} ? 1 : 0)`,
          () => `-(${inner()})`,
          () => `(${inner()} + 9223372036854775805)`,
          () => `(${string(draw, site, 0)}).length`,
        ]),
  ]
  return first(draw, choices, number)
}

export function string(draw: Draw, site: Site, depth = 1): string {
  const word = `"${draw.of(words)}"`
  const argument = draw.of(['args.id', 'args.body', 'args.query', 'id', 'folder', 'path', 'uri'])
  return first(
    draw,
    [
      () => word,
      () => read(draw, site, 'string', word),
      () => read(draw, site, 'string', word),
      () => draw.of(['context.mode', '(token.dept ?? "none")']),
      () => local(draw, site, 'string'),
      () => (site.items.includes(argument) ? argument : undefined),
      () => (site.items.includes(argument) ? `"{${argument}}-x"` : undefined),
      () => (site.items.includes(argument) ? `${argument}.toLowerCase()` : undefined),
      ...(depth <= 0
        ? []
        : [
            () => `(${condition(draw, either(site), 0)} ? ${string(draw, site, 0)} : ${word})`,
            () => `(${string(draw, site, 0)} + ${word})`,
          ]),
    ],
    word,
  )
}

export function strings(draw: Draw, site: Site): string {
  return first(
    draw,
    [
      () => read(draw, site, 'strings', '["a"]'),
      () => read(draw, site, 'strings', '[]'),
      () => 'context.names',
      () => (site.rank >= 2 ? draw.of(['token.groups', 'token.teams', 'token.scopes']) : undefined),
      () => `listed(${string(draw, site, 0)})`,
      () => `parsed(${string(draw, site, 0)}).names`,
      () => `[${string(draw, site, 0)}, ${string(draw, site, 0)}]`,
      () => (site.items.includes('args.body') ? '(args.tags ?? [])' : undefined),
    ],
    '["a", "b"]',
  )
}

/** One entity, or set of them, with what it may be. */
export function entities(draw: Draw, site: Site, most = 2): Path {
  return path(draw, site, most)
}

export function truth(draw: Draw, site: Site): string {
  return first(draw, [() => read(draw, site, 'boolean', draw.of(['true', 'false']))], 'true')
}

export function ofKind(draw: Draw, site: Site, kind: Kind, otherwise: string): string | undefined {
  return read(draw, site, kind, otherwise)
}

function local(draw: Draw, { locals }: Site, type: 'int' | 'string'): string | undefined {
  const found = locals.filter((one) => one.type === type)
  return found.length === 0 ? undefined : draw.of(found).name
}

/** What one of the choices comes to; some cannot be said here. */
export function first(draw: Draw, choices: readonly (() => string | undefined)[], otherwise: string): string {
  for (let i = 0; i < 4; i++) {
    const found = draw.of(choices)()
    if (found !== undefined) return found
  }
  return otherwise
}
