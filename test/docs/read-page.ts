/** A fenced code block of a page. What stands after the language, the info string, says what it is: see CONTRIBUTING.md. */
export interface Block {
  readonly language: string
  /** The file that it is, or goes on with. */
  readonly file?: string
  /** The files that a policy is checked with. */
  readonly others: readonly string[]
  /** It goes on where the block before of its kind ended. */
  readonly goesOn: boolean
  /** It is what the block before prints, or what its fixes make of it. */
  readonly is?: 'output' | 'fixed'
  /** The codes of the diagnostics that it has. */
  readonly codes: readonly string[]
  /** Why it is not run. */
  readonly notRun?: string
  readonly text: string
  /** Of its first line of text, from 1. */
  readonly line: number
}

/** A page: text as it stands, blocks, and the files of the repository that its blocks use. */
export type Part = { readonly kind: 'prose'; readonly text: string } | { readonly kind: 'block'; readonly block: Block }

export function readPage(text: string): readonly Part[] {
  const parts: Part[] = []
  const lines = text.split(/(?<=\n)/)
  let prose = ''
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? ''
    prose += line
    const info = /^```(\S.*)\n$/.exec(line)?.[1]
    if (info === undefined) continue
    parts.push({ kind: 'prose', text: prose })
    prose = ''
    const first = i + 2
    const body: string[] = []
    for (i++; i < lines.length && !/^```\n?$/.test(lines[i] ?? ''); i++) body.push(lines[i] ?? '')
    parts.push({ kind: 'block', block: { ...readInfo(info, first), text: body.join(''), line: first } })
    prose = lines[i] ?? ''
  }
  return [...parts, { kind: 'prose', text: prose }]
}

function readInfo(info: string, line: number): Omit<Block, 'text' | 'line'> {
  const [, words = '', notRun] = /^(.*?)(?: not run: (.*))?$/.exec(info) ?? []
  const [language = '', ...rest] = words.split(' ')
  const withAt = rest.indexOf('with')
  const own = withAt === -1 ? rest : rest.slice(0, withAt)
  const isCode = (word: string) => /^[a-z][a-z-]*$/.test(word) && word !== 'output' && word !== 'fixed'
  const [file, ...more] = own.filter((word) => /\.\w+$/.test(word))
  const unknown = own.filter((word) => !['+', 'output', 'fixed', file].includes(word) && !isCode(word))
  if (unknown.length + more.length > 0) throw new Error(`line ${line - 1}: \`${unknown[0] ?? more[0]}\` says nothing`)
  const is = own.includes('output') ? 'output' : own.includes('fixed') ? 'fixed' : undefined
  return {
    language,
    ...(file === undefined ? {} : { file }),
    others: withAt === -1 ? [] : rest.slice(withAt + 1),
    goesOn: own.includes('+'),
    ...(is === undefined ? {} : { is }),
    codes: own.filter(isCode),
    ...(notRun === undefined ? {} : { notRun }),
  }
}

/** `<!-- file: PATH -->` puts a file of the repository beside the blocks, under its own name. */
export function filesNamedIn(prose: string): readonly string[] {
  return [...prose.matchAll(/^<!-- file: (\S+) -->$/gm)].map(([, path = '']) => path)
}
