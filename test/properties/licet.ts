export type Licet = typeof import('./parts.ts').licet

/**
 * The modules as they are now: after `vi.doMock` and `vi.resetModules`, a mutant. One import brings all of them: a mock is
 * registered by the first import that follows it, and others that are begun meanwhile may still see the original.
 */
export async function loadLicet(): Promise<Licet> {
  const { licet } = await import('./parts.ts')
  return licet
}
