/** A line as a shell would take it: words, and where its input comes from and its output goes to. */
export interface CommandLine {
  readonly words: readonly string[]
  readonly input?: string
  readonly output?: string
}

/** Commands joined by `&&`; quotes, `\` and comments as in a shell. What else a shell can is refused. */
export function readCommandLine(text: string): readonly CommandLine[] {
  const commands: { words: string[]; input?: string; output?: string }[] = [{ words: [] }]
  let redirect: 'input' | 'output' | undefined
  for (const token of text.match(/&&|[<>]|(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s'"\\<>&])+|[&]/g) ?? []) {
    const command = commands.at(-1)
    if (command === undefined) break
    if (token.startsWith('#')) break
    if (token === '&&') commands.push({ words: [] })
    else if (token === '<') redirect = 'input'
    else if (token === '>') redirect = 'output'
    else if (token === '|' || token === '&') throw new Error(`no \`${token}\` in commands of pages`)
    else if (redirect !== undefined) {
      command[redirect] = unquoted(token)
      redirect = undefined
    } else command.words.push(unquoted(token))
  }
  return commands
}

function unquoted(word: string): string {
  return word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g, (_, double?: string, single?: string, one?: string) =>
    double === undefined ? (single ?? one ?? '') : double.replace(/\\(["\\$`])/g, '$1'),
  )
}

export interface Exchange {
  /** The command as it is shown, over all its lines. */
  readonly command: string
  /** What is shown below it. */
  readonly shown: string
}

/** A session: commands behind `$ `, each with what it prints; `\` at the end of a line goes on in the next. */
export function readSession(text: string): readonly Exchange[] {
  const exchanges: { command: string; shown: string }[] = []
  let open = false
  for (const line of text.split(/(?<=\n)/)) {
    const last = exchanges.at(-1)
    if (line.startsWith('$ ')) exchanges.push({ command: line.slice(2), shown: '' })
    else if (last === undefined) throw new Error('a session begins with a command, behind `$ `')
    else if (open) last.command += line
    else last.shown += line
    open = (line.startsWith('$ ') || open) && line.endsWith('\\\n')
  }
  return exchanges
}

/** One command after another, none shown with what it prints. */
export function readCommands(text: string): readonly string[] {
  return text.split(/(?<!\\)\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'))
}

/** A command over several lines, as one. */
export const joined = (command: string): string => command.replaceAll('\\\n', ' ').trim()

/** What is shown, where it stands for what is printed: `…` is any text on a line, and alone on a line any lines. Else what is printed. */
export function shownFor(printed: string, shown: string): string {
  if (printed === shown) return shown
  const pattern = shown
    .split(/(?<=\n)/)
    .map((line) => (line.trim() === '…' ? '(?:.*\\n)*?' : line.split('…').map(escaped).join('.*')))
    .join('')
  return new RegExp(`^${pattern}$`).test(printed) ? shown : printed
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
