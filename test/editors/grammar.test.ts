import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import oniguruma from 'vscode-oniguruma'
import textmate from 'vscode-textmate'
import { lexicalClass } from '../../src/assist/classes.ts'
import { endOf } from '../../src/syntax/grammar/core.ts'
import { lex } from '../../src/syntax/lexer.ts'
import * as t from '../../src/syntax/tokens.ts'
import { keywordNames } from '../../src/syntax/tokens.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const grammarFile = `${root}/editors/vscode/syntaxes/licet.tmLanguage.json`
const examples = readdirSync(`${root}/examples`, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.licet'),
)

let grammar: textmate.IGrammar

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm')
  await oniguruma.loadWASM(readFileSync(wasm).buffer)
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(readFileSync(grammarFile, 'utf8'), grammarFile),
  })
  const loaded = await registry.loadGrammar('source.licet')
  if (loaded === null) throw new Error('there is no grammar')
  grammar = loaded
})

/** The innermost scope at each offset of a text. */
function scopesIn(text: string): readonly string[] {
  const scopes: string[] = []
  let state = textmate.INITIAL
  for (const line of text.split(/(?<=\n)/)) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line.replace(/\r?\n$/, ''), state)
    state = ruleStack
    for (let i = 0; i < line.length; i++) {
      const token = tokens.findLast(({ startIndex }) => startIndex <= i)
      scopes.push(
        token?.scopes.findLast((scope) => !/^(?:punctuation\.section|constant\.character|meta)/.test(scope)) ?? '',
      )
    }
  }
  return scopes
}

const classes: readonly (readonly [scope: RegExp, what: string])[] = [
  [/^comment/, 'comment'],
  [/^string\.regexp/, 'regexp'],
  [/^string/, 'string'],
  [/^constant\.numeric/, 'number'],
  [/^(?:constant\.language|keyword\.(?:operator\.word|control|other)|storage\.(?:type\.licet|modifier))/, 'keyword'],
  [/^storage\.type\.annotation/, 'decorator'],
  [/^variable\.other\.property/, 'property'],
  [/^(?:variable\.other|entity\.name\.type)/, 'variable'],
  [/^keyword\.operator/, 'operator'],
]

function classOf(scope: string | undefined): string | undefined {
  return classes.find(([pattern]) => pattern.test(scope ?? ''))?.[1]
}

/** Where the colours of the grammar and the tokens of the lexer are not the same. */
function differences(text: string): readonly string[] {
  const scopes = scopesIn(text)
  const { tokens } = lex({ name: '', text })
  return tokens.flatMap((token, i) => {
    const start = token.startOffset
    const shown = `${token.image} at ${start}: ${scopes[start]}`
    if (token.tokenType === t.Entity) {
      const isSame = classOf(scopes[start]) === 'variable' && classOf(scopes[endOf(token) - 1]) === 'string'
      return isSame ? [] : [shown]
    }
    const lexical = lexicalClass(tokens, i)
    // What stands between brackets and what is a bracket need no colour of their own.
    if (lexical === undefined) return []
    const ends = [start, endOf(token) - 1].map((at) => classOf(scopes[at]))
    return ends.every((one) => one === lexical) ? [] : [`${shown}, not ${lexical}`]
  })
}

describe('the grammar for colours', () => {
  it.each(examples)('sees what the lexer sees: %s', (name) => {
    expect(differences(readFileSync(`${root}/examples/${name}`, 'utf8'))).toEqual([])
  })

  it.each([
    'role limit: User | any User',
    'resource Doc { role: string, action?: int  contextual on: User }',
    'allow read if actor.role == "a\\"b{token.sub}" and x ?? 1.5e-3 <= 1h30m',
    'let a = "x".matches(/^[/]a\\/b$/) or not (b in [1, 2])',
    'given User:"a b" in Team:x-y { role: true }',
    'let b = c ? true : false',
    '@id("x") /// not a comment in "// a text"\nallow read on Doc',
    'let c = x?.y.if',
    'let d = "not closed\nlet e = 3',
  ])('sees what the lexer sees: %j', (text) => {
    expect(differences(text)).toEqual([])
  })

  it('knows every word of the language', () => {
    for (const word of keywordNames) expect(classOf(scopesIn(`${word} x`)[0]), word).toBe('keyword')
  })

  it('ends a comment with its line', () => {
    expect(
      scopesIn('/// a\n// b\nlet')
        .map(classOf)
        .join(' ')
        .replaceAll(/(comment )+/g, 'comment '),
    ).toBe('comment keyword keyword keyword')
  })
})
