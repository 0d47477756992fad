// Holds that the types of the public entry points name only packages that an installation brings along. Chevrotain and
// re2js are inlined by the build, so their types are not there for a user, and a declaration that names them would be broken.
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const brought = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
const entries = Object.values(manifest.exports).flatMap(({ types }) => (types === undefined ? [] : [join(root, types)]))

const problems = []
const files = new Set(entries)
for (const file of files) {
  for (const [, specifier] of readFileSync(file, 'utf8').matchAll(
    /(?<!-)\b(?:from|import)\s*\(?\s*['"]([^'"\n]+)['"]/g,
  )) {
    if (specifier.startsWith('.')) files.add(join(dirname(file), specifier.replace(/\.[jt]s$/, '.d.ts')))
    else if (specifier.startsWith('node:') || brought.some((name) => `${specifier}/`.startsWith(`${name}/`))) continue
    else problems.push(`${relative(root, file)} names \`${specifier}\`, which is not a dependency`)
  }
}
if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
