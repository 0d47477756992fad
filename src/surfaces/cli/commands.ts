import type { Command } from './command.ts'

/** What each command is for, known without loading it. */
export const commands: Readonly<
  Record<string, { readonly about: string; readonly load: () => Promise<{ readonly command: Command }> }>
> = {
  init: { about: 'write a starter policy with facts, tests and a lock', load: () => import('./commands/init.ts') },
  check: { about: 'report what is wrong with policies', load: () => import('./commands/check.ts') },
  fmt: { about: 'format policies', load: () => import('./commands/fmt.ts') },
  test: { about: 'run the tests in policies', load: () => import('./commands/test.ts') },
  authorize: { about: 'make one decision', load: () => import('./commands/authorize.ts') },
  explain: {
    about: 'say why a decision is what it is, and what would change it',
    load: () => import('./commands/explain.ts'),
  },
  matrix: { about: 'show who may do what', load: () => import('./commands/matrix.ts') },
  graph: {
    about: 'show types, roles and actions, and what gives what',
    load: () => import('./commands/graph.ts'),
  },
  repl: { about: 'ask questions about a policy', load: () => import('./commands/repl.ts') },
  compile: { about: 'write a policy as a JavaScript module', load: () => import('./commands/compile.ts') },
  import: { about: 'make a policy of what another system has', load: () => import('./commands/import.ts') },
  bench: { about: 'measure how fast decisions are', load: () => import('./commands/bench.ts') },
  keys: { about: 'make, list and revoke API keys', load: () => import('./commands/keys.ts') },
  lock: { about: 'lock what an MCP server offers, or find drift', load: () => import('./commands/lock.ts') },
  approvals: { about: 'grant or deny what a guard has asked for', load: () => import('./commands/approvals.ts') },
  gateway: { about: 'guard MCP servers', load: () => import('./commands/gateway.ts') },
  lsp: { about: 'serve an editor', load: () => import('./commands/lsp.ts') },
  audit: { about: 'verify or show the log of a gateway', load: () => import('./commands/audit.ts') },
}
