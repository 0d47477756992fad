import { fileURLToPath, pathToFileURL } from 'node:url'

/** What files are called inside, and what the client calls them. */
export interface Names {
  readonly nameOf: (uri: string) => string
  readonly uriOf: (name: string) => string
}

/**
 * A file goes by its path with `/`, whatever else by its URI. A client hears the URI that it has said.
 *
 * @throws TypeError for what is no text, as a client may send it
 */
export function newNames(): Names {
  const said = new Map<string, string>()
  return {
    nameOf: (uri) => {
      if (typeof uri !== 'string') throw new TypeError('a URI is a text')
      const name = pathIn(uri) ?? uri
      said.set(name, uri)
      return name
    },
    uriOf: (name) => said.get(name) ?? (isPath(name) ? pathToFileURL(name).href : name),
  }
}

function pathIn(uri: string): string | undefined {
  if (!/^file:/i.test(uri)) return undefined
  try {
    return fileURLToPath(uri).replaceAll('\\', '/')
  } catch {
    return undefined
  }
}

function isPath(name: string): boolean {
  return name.startsWith('/') || /^[A-Za-z]:\//.test(name)
}
