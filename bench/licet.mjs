// Licet as a user has it: built, and through its public entry point. LICET_DIST points to another build.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

export const dist = resolve(process.env.LICET_DIST ?? new URL('../dist', import.meta.url).pathname)
const { compile, createEngine, render, resource, tool } = await import(pathToFileURL(`${dist}/index.js`).href)

export { resource, tool }

/** @typedef {'auto' | 'interpreted'} Backend */

/**
 * An engine for policy text, with facts.
 *
 * @param {string | Record<string, string>} source
 * @param {{ backend?: Backend, facts?: Iterable<object> }} [options]
 */
export function engineOf(source, { backend = 'auto', facts = [] } = {}) {
  const compiled = compile(source)
  const { policy } = compiled
  // Warnings are looked for when diagnostics are read.
  if (policy === undefined) throw new Error(render(compiled.diagnostics, [], { color: false }))
  const engine = createEngine(policy, { backend })
  const refused = engine.facts.load(facts)
  if (refused.length > 0) throw new Error(`${refused.length} facts are refused, the first: ${refused[0].message}`)
  return engine
}

const shared = new WeakMap()

/** The engine of a data set: its rows share one, as an application has one. */
export function sharedEngine(data, key, make) {
  if (!shared.has(data)) shared.set(data, new Map())
  const engines = shared.get(data)
  if (!engines.has(key)) engines.set(key, make())
  return engines.get(key)
}

/** What a row says about the backend that was really used: `auto` may choose the interpreter. */
export const backendNote = (engine) => (engine.backend === 'interpreted' ? 'interpreted' : '')
