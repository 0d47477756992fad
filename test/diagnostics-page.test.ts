import { expect, it } from 'vitest'
import { type Code, codes } from '../src/base/codes.ts'
import type { Diagnostic } from '../src/base/diagnostic.ts'
import { render } from '../src/base/render.ts'
import { compile } from '../src/language.ts'
import { parse } from '../src/syntax/parse.ts'
import { failuresOf, filesOf, readCorpus } from './corpus/read-corpus.ts'

interface Example {
  readonly title: string
  readonly text: string
  readonly diagnostics: readonly Diagnostic[]
}

const finders = {
  syntax: (text: string) => parse({ name: 'policy.licet', text }).diagnostics,
  check: (text: string) => compile(filesOf('policy.licet', text)).diagnostics,
  test: (text: string) => failuresOf(filesOf('policy.licet', text)),
}

const examples = (['syntax', 'check', 'test'] as const).flatMap((folder) =>
  readCorpus(folder).flatMap(({ cases }) =>
    cases
      .filter(({ text }) => text.length < 2000)
      .map(({ title, text }): Example => ({ title, text, diagnostics: finders[folder](text) })),
  ),
)

/** The shortest case of the corpus in which a code is alone, else the shortest in which it is at all. */
function exampleOf(code: Code): Example {
  const size = ({ text, diagnostics }: Example) => (diagnostics.length === 1 ? 0 : 10_000) + text.length
  const [first] = examples
    .filter(({ diagnostics }) => diagnostics.some((one) => one.code === code))
    .sort((a, b) => size(a) - size(b))
  if (first === undefined) throw new Error(`no case for ${code}`)
  return first
}

function section({ code, severity, about }: (typeof codes)[number]): string {
  const { title, text, diagnostics } = exampleOf(code)
  const sources = Object.entries(filesOf('policy.licet', text)).map(([name, content]) => ({ name, text: content }))
  const said = render(
    diagnostics.filter((one) => one.code === code),
    sources,
    { color: false },
  )
  return `## \`${code}\`

${severity === 'error' ? 'Error' : 'Warning'}: ${about}.${diagnostics.some((one) => one.code === code && one.fix !== undefined) ? ' `licet check --fix` mends it.' : ''} Here, ${title}:

\`\`\`licet
${text.trimEnd()}
\`\`\`

\`\`\`text
${said.trimEnd()}
\`\`\`
`
}

// Written by `npx vitest run test/diagnostics-page.test.ts -u`.
it('docs/diagnostics.md says what the code table and the corpus say', async () => {
  const page = `# Diagnostics

Every diagnostic has a code, a place and, where something near was probably meant, a suggestion. This page is made from the code table
and the corpus of the tests.

A warning that is meant is allowed by a comment, at the end of its line or on a line of its own before the statement or member that it is
about: \`// licet-allow CODE: why\`, or several codes with commas. The reason has to be there. A comment that allows nothing is a warning itself,
and errors cannot be allowed.

Warnings tell only what the text of a policy shows. Whether a condition never holds is told from constants, from something beside its own
opposite, and from values and bounds that exclude one another. That another rule covers one is told from rules without a condition; of two
patterns or templates, whether they are the same text. An \`every\` counts as guarded by \`isEmpty\`, \`some\`, \`includes\`, \`containsAny\` or \`in\` of the same set
beside it. Lints about the policy as a whole are silent while any of it is in error.

${codes.map(section).join('\n')}`
  await expect(page).toMatchFileSnapshot('../docs/diagnostics.md')
})
