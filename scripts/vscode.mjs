// The extension for VS Code: `build` bundles it, `package` makes a .vsix of it, from what is installed and nothing else.
// `npm ci --prefix editors/vscode` installs what packs it.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const extension = join(root, 'editors/vscode')

await build({
  absWorkingDir: root,
  bundle: true,
  entryPoints: [join(extension, 'src/extension.ts')],
  external: ['vscode'],
  format: 'cjs',
  legalComments: 'none',
  logLevel: 'warning',
  minify: true,
  outfile: join(extension, 'dist/extension.cjs'),
  platform: 'node',
  target: 'node22',
})
console.log('built editors/vscode/dist/extension.cjs')
if (process.argv[2] === 'package') process.exitCode = pack()

function pack() {
  const vsce = join(extension, 'node_modules/.bin/vsce')
  if (!existsSync(vsce)) {
    console.error('`npm ci --prefix editors/vscode` first')
    return 1
  }
  const licence = join(extension, 'LICENSE')
  copyFileSync(join(root, 'LICENSE'), licence)
  const { status } = spawnSync(vsce, ['package', '--no-dependencies', '--allow-missing-repository'], {
    cwd: extension,
    stdio: 'inherit',
  })
  rmSync(licence)
  return status ?? 1
}
