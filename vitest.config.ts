import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { closingLine } from './test/closing-line.ts'

/** What takes minutes has a script of its own: `npm run mutants`. */
const long = ['test/long/**/*.test.ts']

/** Files that replace modules, or that look at what their process is like. */
const alone = [
  'test/properties/{mutants,drift}.test.ts',
  'test/compile/allocation.test.ts',
  'test/facts/memory/numbering.test.ts',
  'test/mcp/{audit-races,telemetry}.test.ts',
]

export default defineConfig({
  test: {
    // Loading the sources costs more than most files take: all others share what their process has loaded.
    projects: [
      ...(process.env.LONG === undefined
        ? [
            {
              extends: true as const,
              test: { name: 'together', include: ['test/**/*.test.ts'], exclude: [...alone, ...long], isolate: false },
            },
            { extends: true as const, test: { name: 'alone', include: alone } },
          ]
        : [{ extends: true as const, test: { name: 'long', include: long } }]),
    ],
    setupFiles: ['test/fixed-seed.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Node 20 inlines calls of WebAssembly wrongly, and Cedar's parser then ends a long process.
    execArgv: ['--no-turbo-inline-js-wasm-calls'],
    // Only what hangs is to be stopped: a shared machine can be thirty times slower than an idle one.
    testTimeout: 300_000,
    reporters: ['default', closingLine],
    coverage: { include: ['src/**/*.ts'], reporter: ['text-summary', 'html'] },
    // The file that the chevrotain package ships but does not export: it loads in 20 ms, the module graph in 450 ms.
    alias: [
      {
        find: 'chevrotain',
        replacement: fileURLToPath(new URL('./node_modules/chevrotain/lib/chevrotain.mjs', import.meta.url)),
      },
      // The command line reaches other surfaces by the package's name; tests take them from the sources, not from a build.
      {
        find: /^licet\/(mcp|node|pictures|testing|lsp|import\/\w+|claims(?:\/\w+)?)$/,
        replacement: `${fileURLToPath(new URL('./src/surfaces', import.meta.url))}/$1/index.ts`,
      },
    ],
  },
})
