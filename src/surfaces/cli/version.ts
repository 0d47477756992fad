import { createRequire } from 'node:module'

/** The version of this package, as its manifest says. */
export function version(): string {
  return (createRequire(import.meta.url)('licet/package.json') as { readonly version: string }).version
}
