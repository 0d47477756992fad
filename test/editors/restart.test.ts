import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

/** A client of an editor's: as the library's, it cannot be stopped unless it runs. `starts` says of each in turn whether it can start. */
async function extensionWith(starts: readonly boolean[]) {
  const log: string[] = []
  let made = 0
  class LanguageClient {
    readonly number = made++
    state = 'initial'
    async start() {
      this.state = 'starting'
      await new Promise((resolve) => setImmediate(resolve))
      this.state = starts[this.number] === false ? 'failed' : 'running'
      log.push(`${this.state} ${this.number}`)
      if (this.state === 'failed') throw new Error('no such command')
    }
    async stop() {
      if (this.state !== 'running') throw new Error(`it is ${this.state}`)
      this.state = 'stopped'
      log.push(`stopped ${this.number}`)
    }
  }
  const command = new Map<string, () => Promise<void>>()
  const vscode = {
    commands: { registerCommand: (name: string, run: () => Promise<void>) => command.set(name, run) },
    window: { showErrorMessage: () => log.push('told') },
    workspace: {
      createFileSystemWatcher: () => undefined,
      getConfiguration: () => ({ get: () => 'licet' }),
      onDidChangeConfiguration: () => undefined,
    },
  }
  const given: Readonly<Record<string, unknown>> = {
    vscode,
    'vscode-languageclient/node': { LanguageClient, TransportKind: {} },
  }
  const { outputFiles } = await build({
    bundle: true,
    entryPoints: [fileURLToPath(new URL('../../editors/vscode/src/extension.ts', import.meta.url))],
    external: Object.keys(given),
    format: 'cjs',
    platform: 'node',
    write: false,
  })
  const require = createRequire(import.meta.url)
  const module = { exports: {} as { activate(context: unknown): Promise<void>; deactivate(): Promise<void> } }
  new Function('module', 'require', outputFiles[0]?.text ?? '')(module, (name: string) => given[name] ?? require(name))
  const { activate, deactivate } = module.exports
  return {
    log,
    activate: () => activate({ subscriptions: [] }),
    restart: () => command.get('licet.restart')?.(),
    deactivate,
  }
}

it('starts a server anew after one that could not start', async () => {
  const { log, activate, restart, deactivate } = await extensionWith([false])
  await activate()
  await restart()
  await deactivate()
  expect(log).toEqual(['failed 0', 'told', 'running 1', 'stopped 1'])
})

it('has one server at a time, however soon it is asked for another', async () => {
  const { log, activate, restart, deactivate } = await extensionWith([])
  await Promise.all([activate(), restart(), restart()])
  await deactivate()
  expect(log).toEqual(['running 0', 'stopped 0', 'running 1', 'stopped 1', 'running 2', 'stopped 2'])
})
