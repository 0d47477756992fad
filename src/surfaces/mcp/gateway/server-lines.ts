import { StringDecoder } from 'node:string_decoder'

const longest = 4096

/**
 * What a server writes on its standard error, as lines that nobody can take for the gateway's own: its name before each, and
 * what does not show or moves the cursor escaped. A longer line is cut into several.
 */
export function serverLines(server: string, write: (line: string) => void) {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  const line = (text: string): void => {
    const escaped = text.replace(/[^\P{C}\t]|[\p{Zl}\p{Zp}]/gu, (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`)
    write(`${server}: ${escaped}\n`)
  }
  /** Writes what is too long for one line, and leaves what is not. */
  const cut = (text: string): string => {
    let left = text
    for (; left.length > longest; left = left.slice(longest)) line(left.slice(0, longest))
    return left
  }
  return {
    take(chunk: Buffer): void {
      rest += decoder.write(chunk)
      const lines = rest.split(/\r?\n/)
      const last = lines.pop() ?? ''
      for (const one of lines) line(cut(one))
      rest = cut(last)
    },
    end(): void {
      if (rest !== '') line(rest)
      rest = ''
    },
  }
}
