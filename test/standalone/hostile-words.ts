import fc from 'fast-check'
import { compile, type Policy } from '../../src/index.ts'

/** What a policy may hold anywhere that a string can stand. */
const fragments = [
  '"',
  "'",
  '`',
  '\\',
  '${',
  `\${process.exit(1)}`,
  '*/',
  '/*',
  '//',
  '</script>',
  '<!--',
  ']]>',
  '\n',
  '\r',
  '\u2028',
  '\u2029',
  '\u0000',
  '\u0085',
  '\ufeff',
  '\u202e',
  '__proto__',
  'constructor',
  '$&',
  '$1',
  '{',
  '}',
  ');',
  "');process.exit(1);('",
  'd[0]',
  'link',
  'é',
  '😀',
]

const hostileText = fc
  .array(
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...fragments) }, fc.string({ unit: 'grapheme', maxLength: 4 })),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((parts) => parts.join(''))

/** Names that are something in JavaScript or in emitted code. `__proto__` and its like cannot be declared. */
const names = [
  'arguments',
  'eval',
  'await',
  'yield',
  'undefined',
  'link',
  'program',
  'facts',
  'policy_',
  'createEngine',
  'd',
  'r',
  's',
  'e',
  'k',
  'x1',
  'lines',
  'holders',
  'carried',
  'mask',
  'assigned',
  'body',
  'n'.repeat(120),
  `${'n'.repeat(119)}m`,
]

/** Every object has members of these names, so that reads of such a field are written in another way. */
export const inherited = ['toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf', 'toLocaleString']

/** Types begin with a capital. */
const typeNames = ['JSON', 'NaN', 'Infinity', 'Object', 'Map', 'BigInt', 'Symbol', 'Promise', 'T'.repeat(120)]

export interface Words {
  readonly texts: readonly string[]
  readonly names: readonly string[]
}

const textCount = 14
/** Those that stand where a pattern can. */
const patterns = [4, 10, 11]
const typeCount = 3
const nameCount = 6

/** All different: what is equal is written once. */
export const hostileWords = (others: readonly string[] = []): fc.Arbitrary<Words> =>
  fc.record({
    texts: fc
      .array(hostileText, { minLength: textCount, maxLength: textCount })
      .map((all) =>
        all.map((text, i) => `${(patterns.includes(i) ? plain(text) : text).replace(/t(?=\d)/g, 'T')}_${i}`),
      ),
    names: fc
      .tuple(
        fc.shuffledSubarray(typeNames, { minLength: typeCount, maxLength: typeCount }),
        fc.shuffledSubarray([...names, ...others], { minLength: nameCount, maxLength: nameCount }),
      )
      .map((all) => all.flat()),
  })

export const tameWords: Words = {
  texts: Array.from({ length: textCount }, (_, i) => `tame${i}`),
  names: ['User', 'Doc', 'Agent', 'reader', 'owner', 'title', 'open', 'close', 'probe'],
}

/** A literal in which nothing but letters and digits stands for itself. */
function literal(text: string): string {
  const characters = [...text].map((one) =>
    /[A-Za-z0-9]/.test(one) ? one : `\\u{${one.codePointAt(0)?.toString(16)}}`,
  )
  return `"${characters.join('')}"`
}

/** Without what makes a pattern of it: those are compiled by their form. */
function plain(text: string): string {
  return text.replace(/[*\\]/g, '')
}

function line(text: string): string {
  return text.replace(/[\n\r\u2028\u2029]/g, ' ')
}

/** A policy with words in every place that words can have; undefined where the language does not allow them there. */
export function policyOfWords({ texts, names }: Words): Policy | undefined {
  const t = (i: number) => literal(texts[i] ?? '')
  const [user, doc, group, reader, owner, title, open, close, probe] = names
  const parent = `${owner}_`
  const text = `
actor ${user} in ${group} { ${title}: string }
resource ${group} in ${group} { role ${owner}: ${user} }
context { ${title}?: string, ${owner}?: string[] }
token { ${title}?: string }
function ${probe}(${title}: string): boolean
let in_${reader}(${title}: string) = context has ${title} and context.${title} == ${title}
resource ${doc} {
  ${title}: string
  ${parent}?: ${group}
  role ${owner}: ${user} | ${group}.${owner}
  role ${reader}: ${user} | ${group} | any ${user} | ${user} when in_${reader} if ${owner} unless ${title} == ${t(0)}
  /// ${line(texts[1] ?? '')}
  @id(${literal((texts[2] ?? '').replaceAll('#', ''))})
  allow ${open} if ${reader} and (${title} == ${t(3)} or ${title}.like(${t(4)}) or ${probe}(${t(5)}))
  allow ${close} if ${owner} or ${parent}.${owner} or ${title} in [${t(6)}, "x"] or actor == ${user}:${t(7)} or scope(${t(8)}) or actor.${title} == "{resource.${title}}-x"
  deny ${close} if ${title} == ${t(2)} unless acr(${t(9)})
  limit ${open} to 3 per 1m by actor.${title}
}
server srv {
  allow call ${t(10)}, ${t(11).slice(0, -1)}*" if args.${title} == ${t(12)}
  label call ${t(10)} as l
}
given ${user}:${t(7)} { ${title}: ${t(13)} }
given ${doc}:${t(13)} { ${title}: ${t(3)}, ${reader}: ${user}:${t(7)} }
`
  return compile({ [`${texts[0]}.licet`]: text }).policy
}
