import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type { CompiledDecision, CompiledEngine } from '../../src/precompiled/engine.ts'
import type { Vocabulary } from '../../src/precompiled/vocabulary.ts'

/** Requests of tests are made of data: there are no words to check them by. */
export type AnyEngine = Omit<CompiledEngine<Vocabulary>, 'can' | 'authorize' | 'for'> &
  AnyQuestions<[actor: unknown]> & {
    for(actor: unknown, env?: unknown): AnyQuestions<[]>
  }

interface AnyQuestions<Who extends readonly unknown[]> {
  can(...question: [...Who, action: string, resource: unknown, env?: unknown]): boolean
  authorize(...question: [...Who, action: string, resource: unknown, env?: unknown]): CompiledDecision
}

export interface Written {
  readonly createEngine: (options?: object) => AnyEngine
}

/** A user's package, in which `licet/runtime` is installed with its regular expressions, and nothing else. */
export interface Package {
  readonly folder: string
  write(name: string, text: string): string
  /** Writes a module, and imports it as Node does. */
  load(text: string): Promise<Written>
  remove(): void
}

const source = (file: string) => fileURLToPath(new URL(`../../src/runtime/${file}.ts`, import.meta.url))

export async function newPackage(): Promise<Package> {
  const folder = mkdtempSync(join(tmpdir(), 'licet-standalone-'))
  const installed = join(folder, 'node_modules/licet')
  mkdirSync(installed, { recursive: true })
  const exports = { './runtime': './index.mjs', './runtime/regexes': './regexes.mjs' }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  writeFileSync(join(installed, 'package.json'), JSON.stringify({ name: 'licet', type: 'module', exports }))
  await build({
    entryPoints: [source('index'), source('regexes')],
    outdir: installed,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'node20',
    logLevel: 'error',
  })
  let written = 0
  const write = (name: string, text: string) => {
    const file = join(folder, name)
    writeFileSync(file, text)
    return file
  }
  return {
    folder,
    write,
    load: async (text) => {
      written += 1
      return import(/* @vite-ignore */ pathToFileURL(write(`policy-${written}.mjs`, text)).href)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
