import { type Analysed, analyse } from '../../src/assist.ts'

/** A text with a `|` where the cursor is, among other files. */
export function marked(
  text: string,
  others: Readonly<Record<string, string>> = {},
): { readonly analysis: Analysed; readonly file: string; readonly offset: number; readonly text: string } {
  const offset = text.indexOf('|')
  if (offset === -1) throw new Error('the text has no cursor')
  const plain = text.slice(0, offset) + text.slice(offset + 1)
  const file = 'policy.licet'
  return { analysis: analyse(new Map([[file, plain], ...Object.entries(others)])), file, offset, text: plain }
}

export const lock = JSON.stringify({
  lock: 1,
  server: 'github',
  tools: [
    {
      name: 'get_issue',
      description: 'Reads an issue.',
      annotations: { readOnlyHint: true },
      inputSchema: {
        type: 'object',
        properties: { owner: { type: 'string', description: 'Who owns the repository.' }, number: { type: 'integer' } },
        required: ['owner'],
      },
    },
    { name: 'get-file', inputSchema: { type: 'object', properties: { path: { type: 'string' } } } },
  ],
  prompts: [{ name: 'review', arguments: [{ name: 'style' }] }],
  resources: [{ name: 'readme', uri: 'repo://readme' }],
})

export const types = `actor User in Group {
  email: string
  manager?: User
}
actor Agent { trusted: boolean }
resource Group in Group
/// Everyone on the pay roll.
role employee: User
context { device: { trusted: boolean } }
let in_net(range: string) = ip("10.0.0.1") in cidr(range)
`
