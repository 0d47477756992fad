// Builds dist/: declarations by tsc, code by esbuild: a file for each entry point of package.json, and what they share.
// Does nothing when dist/ is newer than everything it is made from.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
const inputs = ['src', 'scripts/build.mjs', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json']

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
const declared = spawnSync(
  process.execPath,
  [tsc, '-p', 'tsconfig.build.json', '--emitDeclarationOnly', '--outDir', fresh],
  { cwd: root, stdio: 'inherit' },
)
if (declared.status !== 0) {
  rmSync(fresh, { recursive: true, force: true })
  process.exit(1)
}
await bundle()
writeFileSync(join(fresh, '.stamp'), String(changed))
rmSync(dist, { recursive: true, force: true })
renameSync(fresh, dist)
console.log(`built dist in ${((Date.now() - started) / 1000).toFixed(1)} s`)

/**
 * A file for each entry point and for what some of them share, since every file costs an import; what an entry point does not
 * need is in none of those that it loads. What standalone modules import shares nothing, and is made small: reading it is most of
 * their start. The command line imports the others by their names, as any program would. What users do not install is inlined,
 * with the licences of what went in beside it.
 */
async function bundle() {
  const { build } = await import('esbuild')
  const { name, exports, bin, dependencies, peerDependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  const source = (file) => join(root, file.replace(/^(?:\.\/)?dist\/(.*)\.js$/, 'src/$1.ts'))
  const library = new Map(
    Object.entries(exports).flatMap(([path, entry]) =>
      entry.default === undefined ? [] : [[source(entry.default), path.replace('.', name)]],
    ),
  )
  const commandLine = Object.values(bin).map(source)
  const options = {
    absWorkingDir: root,
    bundle: true,
    external: ['node:*', `${name}/*`, ...Object.keys({ ...dependencies, ...peerDependencies })],
    format: 'esm',
    legalComments: 'none',
    logLevel: 'warning',
    mainFields: ['module', 'main'],
    metafile: true,
    outbase: 'src',
    outdir: fresh,
    platform: 'neutral',
    splitting: true,
    target: 'node20',
  }
  const late = { name: 'late-re2', setup: lateRe2 }
  const isRuntime = (file) => file.startsWith(join(root, 'src/runtime/'))
  const { metafile } = await build({
    ...options,
    chunkNames: 'chunks/[hash]',
    entryPoints: [...library.keys()].filter((file) => !isRuntime(file)),
    plugins: [late, { name: 'node-of-vscode', setup: nodeOfVscode }],
  })
  await build({
    ...options,
    entryPoints: [...library.keys()].filter(isRuntime),
    minify: true,
    plugins: [late],
    splitting: false,
  })
  await build({
    ...options,
    chunkNames: 'surfaces/cli/[name]-[hash]',
    entryPoints: commandLine,
    plugins: [{ name: 'by-name', setup: (plugins) => byName(plugins, library) }],
  })
  writeFileSync(join(fresh, 'inlined.LICENSE.txt'), notices(metafile))
}

/** re2js runs when it is first asked for, and not before: esbuild wraps what is required in a function. */
function lateRe2({ onLoad }) {
  onLoad({ filter: /[\\/]src[\\/]base[\\/]re2\.ts$/ }, () => ({
    contents: `export const re2 = () => require('re2js').RE2JS`,
    resolveDir: root,
  }))
}

/**
 * The protocol's library has its Node side under a condition of its own, and requires Node's modules by their bare names: those become
 * imports, which esbuild can leave in an ES module.
 */
function nodeOfVscode({ onLoad, onResolve }) {
  onResolve({ filter: /^vscode-(?:jsonrpc|languageserver-protocol)\/node$/ }, ({ path }) => ({
    path: join(root, 'node_modules', dirname(path), 'lib/node/main.js'),
  }))
  onResolve({ filter: /^[a-z_]+$/ }, ({ path, importer }) =>
    isBuiltin(path) && /[\\/]vscode-/.test(importer) ? { path, namespace: 'node' } : undefined,
  )
  onLoad({ filter: /.*/, namespace: 'node' }, ({ path }) => ({
    contents: `export * from 'node:${path}'\nexport { default } from 'node:${path}'`,
  }))
}

/** An import of an entry point is one of its public name. */
function byName({ onResolve }, names) {
  onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
    const known = names.get(join(resolveDir, path))
    return known === undefined ? undefined : { path: known, external: true }
  })
}

function notices({ outputs }) {
  const used = Object.values(outputs).flatMap((output) => Object.entries(output.inputs))
  const folders = used
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0])
  return [...new Set(folders)]
    .filter(Boolean)
    .sort()
    .map(notice)
    .join(`\n${'-'.repeat(80)}\n\n`)
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry))
  if (file === undefined) throw new Error(`${name} has no licence file to hand on`)
  return `${name} ${version} (${license})\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`
}
