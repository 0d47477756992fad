/**
 * The same JSON text without the characters that end a line to some readers, steer a terminal, or reorder what it shows. Its own line feeds, which are
 * between tokens, stay.
 */
export function printableJson(json: string): string {
  if (allPrintable.test(json)) return json
  return json.replace(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, i) => {
      return `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`
    }).join(''),
  )
}

/** What most texts are, and is told in a fraction of the time. */
const allPrintable = /^[ -~]*$/
