import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline'
import { visibleText } from '../../base/visible.ts'
import type { Answer } from './answer.ts'
import { type History, isKept, mostLines } from './history.ts'
import { renderLines, renderProblems } from './render-answer.ts'
import type { Session } from './session.ts'

export interface Terminal {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
}

export interface TerminalOptions {
  readonly color: boolean
  readonly history: History
  /** Said first. */
  readonly greeting: string
  /** Calls back when a watched file has changed. */
  readonly onChange: (changed: () => void) => void
}

/** How much of who asks a prompt has. */
const longestPrompt = 50

/**
 * A session at a terminal: lines can be edited, completed and found again. Ctrl-C takes back what is being typed, and ends the session
 * where that is nothing, the second time; so does the end of input, Ctrl-D.
 */
export function runTerminal(session: Session, { input, output }: Terminal, options: TerminalOptions): Promise<void> {
  const { color, history, greeting, onChange } = options
  let block = ''
  let interrupted = false
  /** Answers are told in the order of the questions, whatever is typed or pasted meanwhile. */
  let work: Promise<void> = Promise.resolve()
  let closed = false
  const line: Interface = createInterface({
    input,
    output,
    terminal: true,
    history: [...history.lines],
    historySize: mostLines,
    removeHistoryDuplicates: true,
    completer: (text: string) => {
      const { from, options } = session.complete(block + text)
      const [only = ''] = options
      const isWhole = options.length === 1 && !/[:. (]$/.test(only)
      return [isWhole ? [`${only} `] : [...options], (block + text).slice(from)]
    },
  })

  const prompt = (keep = false) => {
    if (closed) return
    line.setPrompt(block === '' ? `${bold(shortened(session.asker()), color)}> ` : '… ')
    line.prompt(keep)
  }
  const show = (answer: Answer | undefined) => {
    if (answer === undefined) return
    output.write(renderLines(answer.lines, color) + renderProblems(answer, color))
  }
  const afterwards = (next: () => Promise<void>) => {
    work = work.then(next).then(() => prompt(true))
  }

  // A block is one entry, so that it can be called back as a whole; of what is not kept, neither is what follows in its block.
  let kept = true
  line.on('history', (entries) => {
    const [latest = '', before = ''] = entries
    const goesOn = block !== '' && kept && !block.includes('//')
    if (goesOn) entries.splice(0, 2, `${before} ${latest.trim()}`)
    kept = (block === '' || kept) && isKept(entries[0] ?? '')
    if (!kept) entries.shift()
  })
  line.on('line', (typed) => {
    interrupted = false
    const text = block + typed
    if (session.isUnfinished(text)) {
      block = `${text}\n`
      prompt()
      return
    }
    block = ''
    if (text.trim() !== '') history.add(text.includes('//') ? typed : text.replaceAll('\n', ' '))
    afterwards(async () => {
      show(await session.answer(text))
      if (session.ended()) line.close()
    })
  })
  line.on('SIGINT', () => {
    const isEmpty = block === '' && line.line === ''
    if (isEmpty && interrupted) {
      line.close()
      return
    }
    interrupted = isEmpty
    block = ''
    line.write(null, { ctrl: true, name: 'e' })
    line.write(null, { ctrl: true, name: 'u' })
    output.write(isEmpty ? '\n(once more ends the session)\n' : '\n')
    prompt()
  })
  onChange(() =>
    afterwards(async () => {
      const answer = await session.reload()
      if (closed) return
      moveCursor(output, 0, -line.getCursorPos().rows)
      cursorTo(output, 0)
      clearScreenDown(output)
      show(answer)
    }),
  )
  output.write(greeting)
  prompt()
  return new Promise((resolve) => {
    line.on('close', () => {
      closed = true
      output.write('\n')
      work.then(resolve, resolve)
    })
  })
}

function shortened(asker: string): string {
  if (asker === '') return 'licet'
  const shown = visibleText(asker)
  return shown.length > longestPrompt ? `${shown.slice(0, longestPrompt - 1)}…` : shown
}

function bold(text: string, color: boolean): string {
  return color ? `\u001b[1m${text}\u001b[0m` : text
}
