import { stripVTControlCharacters } from 'node:util'
import { compile, type EntityInput, type FactInput } from '../../src/index.ts'
import type { Answer } from '../../src/surfaces/repl/answer.ts'
import type { Host, LoadedFiles } from '../../src/surfaces/repl/host.ts'
import { renderLines, renderProblems } from '../../src/surfaces/repl/render-answer.ts'
import { createSession, type Session } from '../../src/surfaces/repl/session.ts'

const known = new Map<string, ReturnType<typeof compile>>()

/** Each policy once, however many sessions there are about it. */
function compiled(files: readonly (readonly [string, string])[]): ReturnType<typeof compile> {
  const key = JSON.stringify(files)
  const found = known.get(key) ?? compile(Object.fromEntries(files))
  known.set(key, found)
  return found
}

/** A session on texts: those of policies are named so; what would be written is kept. */
export function sessionOn(
  files: Record<string, string>,
  facts: readonly (FactInput | EntityInput)[] = [],
): {
  readonly session: Session
  readonly files: Record<string, string>
  readonly say: (text: string) => Promise<string>
} {
  const load = (): LoadedFiles => {
    const { 'facts.licet': given = '' } = files
    const { policy, diagnostics } = compiled(Object.entries(files).filter(([name]) => /^policy|\.json$/.test(name)))
    const sources = Object.entries(files).map(([name, text]) => ({ name, text }))
    const common = { functions: {}, sources }
    if (policy === undefined) return { ...common, facts: [], diagnostics }
    const parsed = policy.parseFacts(given, 'facts.licet')
    return { ...common, policy, facts: [...parsed.facts, ...facts], diagnostics: parsed.diagnostics }
  }
  const host: Host = {
    load: async () => load(),
    facts: (policy, file) => ({ ...policy.parseFacts(files[file] ?? '', file), sources: [] }),
    write: (file, text) => {
      if (file in files) return 'it exists'
      files[file] = text
      return undefined
    },
    watch: () => undefined,
    version: '0.0.0',
  }
  const loaded = load()
  if (loaded.policy === undefined) throw new Error(JSON.stringify(loaded.diagnostics))
  const session = createSession({ ...loaded, policy: loaded.policy }, host)
  return { session, files, say: async (text) => shown(await session.answer(text)) }
}

/** An answer as a file has it; of what is wrong, message, excerpt and help. */
export function shown(answer: Answer | undefined): string {
  if (answer === undefined) return ''
  const text = renderLines(answer.lines, false) + renderProblems(answer, false)
  if (stripVTControlCharacters(renderLines(answer.lines, true)) !== renderLines(answer.lines, false))
    throw new Error('colours change what is said')
  return text
}
