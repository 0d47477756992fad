// Has `licet compile` write the standalone module of the ten rules, into a folder where the name `licet` leads to this build.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { dist } from '../../licet.mjs'
import { policyText } from '../s4-many-rules/policy.mjs'

/**
 * @param {{ rules: object[] }} data
 * @returns {{ file: string } | { problem: string }} the module, or why there is none
 */
export function standaloneModule(data) {
  const folder = mkdtempSync(join(tmpdir(), 'licet-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(dirname(dist), join(folder, 'node_modules/licet'))
  const policy = join(folder, 'policy.licet')
  const file = join(folder, 'policy.mjs')
  writeFileSync(policy, policyText(data))
  const command = [join(dist, 'surfaces/cli/main.js'), 'compile', '-p', policy, '-o', file]
  const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  return status === 0 ? { file } : { problem: stderr.trim().split('\n')[0] ?? `it ended with ${status}` }
}
