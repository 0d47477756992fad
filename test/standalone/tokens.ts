/**
 * The tokens of a text that the emitter has written, without what is in its strings: literals are `S`, names after the policy's words,
 * which have a dollar sign, are `N`, numbers `0`.
 */
export function structureOf(text: string): readonly string[] {
  const tokens: string[] = []
  const token =
    /\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n\r\u2028\u2029]|\\[^\n\r])*"|'(?:[^'\\\n\r]|\\[^\n\r])*'|`(?:[^`\\$]|\$(?!\{)|\\[\s\S])*`|[\w$]+|\s+|[\s\S]/y
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match
    if (/^\s/.test(found)) continue
    if (/^\/[/*]/.test(found)) tokens.push(found.replace(/"(?:[^"\\]|\\.)*"/g, 'S'))
    else if (/^["'`]/.test(found)) tokens.push('S')
    else if (/^\d/.test(found)) tokens.push('0')
    else tokens.push(/^[A-Za-z_$]/.test(found) && found.includes('$') ? 'N' : found)
  }
  return tokens
}
