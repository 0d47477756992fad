import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { transformSync } from 'esbuild'

const runner = fileURLToPath(new URL('runner.mjs', import.meta.url))

/** Runs the scripts of pages in one process of their own, for a user who has installed the package. */
export interface Scripts {
  /** What the module prints. */
  readonly run: (text: string, language: string, cwd: string) => Promise<string>
  /** The TypeScript that was run, for a check of its types. */
  readonly typed: readonly string[]
  readonly end: () => void
}

export function scripts(): Scripts {
  let child: ChildProcess | undefined
  let count = 0
  const typed: string[] = []
  return {
    typed,
    run: async (text, language, cwd) => {
      const name = join(cwd, `block-${++count}`)
      if (language === 'ts') {
        writeFileSync(`${name}.mts`, text)
        typed.push(`${name}.mts`)
      }
      const source = `import assert_ from 'node:assert/strict'\n${withClaims(text)}`
      const code =
        language === 'ts' ? transformSync(source, { loader: 'ts', format: 'esm', target: 'node20' }).code : source
      writeFileSync(`${name}.mjs`, code)
      if (child?.connected !== true) child = fork(runner, { silent: true, execArgv: [] })
      child.send({ file: pathToFileURL(`${name}.mjs`).href, cwd })
      const answered = once(child, 'message')
      const [answer] = (await Promise.race([
        answered,
        once(child, 'exit').then(() => [{ out: '', error: 'it ended the process' }]),
      ])) as [{ readonly out: string; readonly error?: string }]
      if (answer.error !== undefined) throw new Error(answer.error)
      return answer.out
    },
    end: () => void child?.kill(),
  }
}

/** `expression // => value` says what an expression is; of a declaration, what it declares. */
function withClaims(text: string): string {
  return text.replace(/^( *)(\S.*?);? \/\/ => (.+)$/gm, (_, indent: string, code: string, value: string) => {
    const declared = /^const (\w+)(?:: [^=]+)? = /.exec(code)?.[1]
    return declared === undefined
      ? `${indent};assert_.deepEqual(await (${code}), ${value})`
      : `${indent}${code};assert_.deepEqual(${declared}, ${value})`
  })
}
