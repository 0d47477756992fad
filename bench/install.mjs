// The peers are dependencies of this folder alone: who uses Licet or works on it never installs them.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))

/** Installs the peers where they are missing. Without them a run goes on, with Licet and hand-written code only. */
export function installPeers() {
  if (existsSync(`${folder}node_modules/.package-lock.json`)) return true
  console.log('installing the peers of bench/package-lock.json (npm ci), once; --no-peers does without')
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath
  const { status } =
    npm === undefined
      ? spawnSync('npm', args, { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' })
      : spawnSync(process.execPath, [npm, ...args], { cwd: folder, stdio: 'inherit' })
  if (status === 0) return true
  console.error('the peers cannot be installed: this run has none')
  return false
}
