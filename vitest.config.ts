import { defineConfig } from 'vitest/config'
import { closingLine } from './test/closing-line.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // A slow test says so itself, with `{ timeout: 60_000 }`.
    testTimeout: 60_000,
    reporters: ['default', closingLine],
    coverage: { include: ['src/**/*.ts'], reporter: ['text-summary', 'html'] },
    // The file that the chevrotain package ships but does not export: it loads in 20 ms, the module graph in 450 ms.
    alias: { chevrotain: new URL('./node_modules/chevrotain/lib/chevrotain.mjs', import.meta.url).pathname },
  },
})
