import { visibleText } from '../../base/visible.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text for an element or an attribute in quotes, of HTML and of XML: nothing in it can be markup, or is a character that does not show. */
export function markupText(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

/**
 * JSON that can stand in a `script` element: nothing in it ends the element or begins a comment. What its texts have of characters that do
 * not show, or reorder others, is made visible, but for the ends of lines.
 */
export function scriptJson(value: unknown): string {
  const json = JSON.stringify(value, (_, one) => (typeof one === 'string' ? shownLines(one) : one))
  return json.replace(/[<>&]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function shownLines(text: string): string {
  const lines = text.replaceAll('\t', '  ').split(/\r?\n/)
  return lines.map(visibleText).join('\n')
}
