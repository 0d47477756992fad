// Builds dist/: tsc, then one bundling step for the one dependency that is slow to load unbundled.
// Does nothing when dist/ is newer than everything it is made from.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
const inputs = ['src', 'scripts/build.mjs', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json']

/** Newest change under a path. Folders count too: a deleted file leaves its trace only there. */
function newest(path) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

const started = Date.now()
const changed = Math.max(...inputs.map((input) => newest(join(root, input))))
const stamp = join(dist, '.stamp')
if (existsSync(stamp) && Number(readFileSync(stamp, 'utf8')) >= changed) process.exit(0)

// Built aside and moved into place at the end, so that a failed or a parallel build never leaves half a dist/.
const fresh = join(root, `dist.${process.pid}.tmp`)
const tsc = join(root, 'node_modules/typescript/bin/tsc')
const compiled = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh], {
  cwd: root,
  stdio: 'inherit',
})
if (compiled.status !== 0) {
  rmSync(fresh, { recursive: true, force: true })
  process.exit(1)
}
const parser = join(fresh, 'syntax/chevrotain.js')
if (existsSync(parser)) await inlineDependencies(parser)
writeFileSync(join(fresh, '.stamp'), String(changed))
rmSync(dist, { recursive: true, force: true })
renameSync(fresh, dist)
console.log(`built dist in ${((Date.now() - started) / 1000).toFixed(1)} s`)

/** Replaces a compiled file by one that holds everything it imports, with the licences of what went in beside it. */
async function inlineDependencies(file) {
  const { build } = await import('esbuild')
  const { metafile } = await build({
    absWorkingDir: root,
    allowOverwrite: true,
    bundle: true,
    entryPoints: [file],
    format: 'esm',
    legalComments: 'none',
    logLevel: 'warning',
    mainFields: ['module', 'main'],
    metafile: true,
    minify: true,
    outfile: file,
    platform: 'neutral',
    target: 'node20',
  })
  const used = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs))
  const folders = used
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0])
  const notices = [...new Set(folders)].filter(Boolean).sort().map(notice)
  writeFileSync(file.replace(/\.js$/, '.LICENSE.txt'), notices.join(`\n${'-'.repeat(80)}\n\n`))
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry))
  if (file === undefined) throw new Error(`${name} has no licence file to hand on`)
  return `${name} ${version} (${license})\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`
}
