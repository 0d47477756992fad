// Makes a checkout ready to run: installs what package-lock.json names unless it is there already, then builds.
// Runs before anything is installed, so it uses nothing but Node.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Whether node_modules holds exactly the versions of package-lock.json; optional packages depend on the platform. */
function installed() {
  const record = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(record)) return false
  const versions = (file) => JSON.parse(readFileSync(file, 'utf8')).packages
  const [wanted, present] = [versions(join(root, 'package-lock.json')), versions(record)]
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || (present[path] === undefined ? optional === true : present[path].version === version),
  )
}

function run(command, args, options) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (error !== undefined) console.error(`cannot run ${command}: ${error.message}`)
  if (status !== 0) process.exit(status ?? 1)
}

if (!installed()) {
  console.log('installing the packages of package-lock.json (npm ci)')
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath
  if (npm === undefined) run('npm', args, { shell: process.platform === 'win32' })
  else run(process.execPath, [npm, ...args])
}
run(process.execPath, [join(root, 'scripts/build.mjs')])
