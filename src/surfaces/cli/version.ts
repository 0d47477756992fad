import { readFileSync } from 'node:fs'

/** The version of this package, as its manifest says. */
export function version(): string {
  // As far up from dist/surfaces/cli as from src/surfaces/cli.
  const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { readonly version: string }).version
}
