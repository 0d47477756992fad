import type { Io } from '../io.ts'

const variable = /\$\{([A-Za-z_]\w*)\}/g

/** The environment variables that a text names as `${NAME}`. */
export function variablesIn(text: string): readonly string[] {
  return [...text.matchAll(variable)].map(([, name = '']) => name)
}

/** The text with the values of the variables that it names; the first one that is not set, otherwise. */
export function substituted(text: string, env: Io['env']): { readonly text: string } | { readonly missing: string } {
  const missing = variablesIn(text).find((name) => env[name] === undefined)
  return missing === undefined ? { text: text.replace(variable, (_, name: string) => env[name] ?? '') } : { missing }
}

const ours =
  /^(?:host|connection|content-length|content-type|transfer-encoding|te|trailer|upgrade|accept|accept-encoding|last-event-id|mcp-.*)$/i

/** Why a header cannot be sent with every request to a server. */
export function headerProblem(name: string, value: string): string | undefined {
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) return `\`${name}\` is not the name of a header`
  if (ours.test(name)) return `the header \`${name}\` belongs to the gateway`
  if (!/^[\x20-\x7e\t]*$/.test(value)) return `the value of the header \`${name}\` has characters that no header has`
  return undefined
}

/** Why a server cannot be reached at a URL. */
export function urlProblem(url: string): string | undefined {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return `\`${url}\` is no http or https URL`
  const { username, password } = new URL(url)
  return username === '' && password === '' ? undefined : 'credentials do not belong into a URL, but into `headers`'
}

/** An environment without some variables: what the gateway knows is none of a server's business. */
export function environment(env: Io['env'], without: ReadonlySet<string>): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => !without.has(name))
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}
