import { describe, expect, it } from 'vitest'
import { codeActionsOf } from '../../src/surfaces/lsp/code-actions.ts'
import { completionsAt } from '../../src/surfaces/lsp/completion.ts'
import { diagnosticsOf } from '../../src/surfaces/lsp/diagnostics.ts'
import { foldingRanges } from '../../src/surfaces/lsp/folding.ts'
import { formattingOf } from '../../src/surfaces/lsp/formatting.ts'
import { hoverOver } from '../../src/surfaces/lsp/hover.ts'
import { definitionsOf, highlightsOf, referencesOf } from '../../src/surfaces/lsp/references.ts'
import { prepareRename, renameAt } from '../../src/surfaces/lsp/rename.ts'
import { legend, semanticTokensOf } from '../../src/surfaces/lsp/semantic-tokens.ts'
import { documentSymbols, workspaceSymbols } from '../../src/surfaces/lsp/symbols.ts'
import { changed, lineIndex } from '../../src/surfaces/lsp/text.ts'
import { lock } from '../assist/marked.ts'
import { coreOn } from './core.ts'

const people = `/// Somebody.
actor User in Team { email: string }
resource Team in Team { role member: User }
`
const policy = (rest: string) => `import "./people.licet"
resource Repo {
  role owner: User
  allow read if owner
}
${rest}`

/** `file:line:character`, of ranges as the client gets them. */
function place({
  uri,
  range,
}: {
  readonly uri: string
  readonly range: { readonly start: { line: number; character: number } }
}): string {
  return `${uri.replace('file:///w/', '')}:${range.start.line}:${range.start.character}`
}

describe('places', () => {
  it.each([
    ['a\r\nb𝒳c', 6, { line: 1, character: 3 }],
    ['a\rb\nc', 4, { line: 2, character: 0 }],
    ['', 0, { line: 0, character: 0 }],
    ['\n', 1, { line: 1, character: 0 }],
  ] as const)('%j at %i', (text, offset, position) => {
    expect(lineIndex(text).positionAt(offset)).toEqual(position)
    expect(lineIndex(text).offsetAt(position)).toBe(offset)
  })

  it.each([
    [{ line: 7, character: 0 }, 4],
    [{ line: -1, character: -5 }, 0],
    [{ line: 0, character: 99 }, 2],
    [{ line: Number.NaN, character: 0 }, 0],
  ])('outside of the text are in it: %j', (position, offset) => {
    expect(lineIndex('ab\nc').offsetAt(position)).toBe(offset)
  })

  it('of changes are those after the change before', () => {
    const at = (line: number, character: number) => ({ line, character })
    const changes = [
      { range: { start: at(0, 1), end: at(0, 1) }, text: '\r\n' },
      { range: { start: at(1, 0), end: at(1, 2) }, text: 'x' },
    ]
    expect(changed('a𝒳b', changes)).toBe('a\r\nxb')
    expect(changed('a', [{ text: 'b' }])).toBe('b')
  })
})

describe('programs', () => {
  it('are what imports connect, with the tests beside them and guests that are facts', () => {
    const { core } = coreOn({
      'policy.licet': policy('|'),
      'people.licet': people,
      'tests.licet': 'test "t" { expect User:ann in Repo:"a".owner }',
      'facts.licet': 'given User:ann { email: "a" }',
      'other/policy.licet': 'actor User',
    })
    const all = core.workspace.programs().map(({ names, guest }) => [
      names
        .map((one) => one.slice(3))
        .sort()
        .join(' '),
      guest?.slice(3),
    ])
    expect(all.sort()).toEqual([
      ['facts.licet people.licet policy.licet tests.licet', 'facts.licet'],
      ['other/policy.licet', undefined],
      ['people.licet policy.licet tests.licet', undefined],
    ])
    expect(
      core.workspace
        .programs()
        .flatMap(({ analysis }) => analysis.diagnostics.filter(({ severity }) => severity === 'error')),
    ).toEqual([])
  })

  it('follow imports to files in no folder, and see what changes on disk', () => {
    const { core, disk, name } = coreOn({
      'policy.licet': 'import "./people.licet"\nresource A { role r: User  allow x if r }|',
    })
    const wrong = () => core.workspace.programsWith(name)[0]?.analysis.diagnostics.map(({ code }) => code)
    expect(wrong()).toEqual(['missing-file'])
    disk.set('/w/people.licet', people)
    core.workspace.touched(['/w/people.licet'])
    expect(wrong()).toEqual(['unused-role'])
  })
})

describe('diagnostics', () => {
  it('have a code with its page, a help, related places and tags', () => {
    const { core, name } = coreOn({ 'policy.licet': `actor User\r\nactor User\r\nlet a = "𝒳" == usr\r\nlet b = true|` })
    const [twice, unknown] = diagnosticsOf(core, name, core.workspace.programsWith(name), 'file:///pages')
    expect(twice).toMatchObject({
      range: { start: { line: 1, character: 6 }, end: { line: 1, character: 10 } },
      severity: 1,
      code: 'duplicate-name',
      codeDescription: { href: 'file:///pages/duplicate-name.md' },
      relatedInformation: [
        {
          message: 'first here',
          location: { uri: 'file:///w/policy.licet', range: { start: { line: 0, character: 6 } } },
        },
      ],
    })
    // An astral character is two units.
    expect(unknown?.range).toEqual({ start: { line: 2, character: 16 }, end: { line: 2, character: 19 } })
    const lint = coreOn({ 'policy.licet': 'let b = true|' })
    const [unused] = diagnosticsOf(lint.core, lint.name, lint.core.workspace.programsWith(lint.name), '')
    expect(unused).toMatchObject({ severity: 2, code: 'unused-let', tags: [1] })
  })
})

describe('definitions, references and highlights', () => {
  const texts = (rest: string) => ({
    'policy.licet': policy(rest),
    'people.licet': people,
    'facts.licet': 'given Repo:"a" { owner: User:ann }',
    'github.lock.json': lock,
  })

  it.each([
    ['delegate read on Repo if Repo["x"].ow|ner', ['policy.licet:2:7']],
    ['role r: Us|er', ['people.licet:1:6']],
    ['deny re|ad on Repo', ['policy.licet:3:8']],
    ['import "./peo|ple.licet"', ['people.licet:0:0']],
    [
      'server github from "./github.lock.json" { allow call get_i|ssue if true }',
      [`github.lock.json:0:${lock.indexOf('"get_issue"')}`],
    ],
    [
      'server github from "./github.lock.json" { allow call get_issue if args.own|er == "a" }',
      [`github.lock.json:0:${lock.indexOf('"owner"')}`],
    ],
    ['// nothing| here', []],
  ] as const)('of %j', (rest, places) => {
    const { core, name, at } = coreOn(texts(rest))
    expect(definitionsOf(core, name, at).map(place)).toEqual(places)
  })

  it('are those of all files that have them, guests included', () => {
    const { core, name, at } = coreOn(texts('deny read on Repo if resource.own|er'))
    expect(referencesOf(core, name, at, true).map(place).sort()).toEqual([
      'facts.licet:0:17',
      'policy.licet:2:7',
      'policy.licet:3:16',
      'policy.licet:5:30',
    ])
    expect(referencesOf(core, name, at, false).map(place)).not.toContain('policy.licet:2:7')
    expect(highlightsOf(core, name, at).map(({ kind }) => kind)).toEqual([3, 2, 2])
  })

  it('are renamed there, or it is said why not', () => {
    const { core, name, at } = coreOn(texts('deny read on Repo if resource.own|er'))
    expect(prepareRename(core, name, at)).toMatchObject({ placeholder: 'owner' })
    const { changes = {} } = renameAt(core, name, at, 'holder') ?? {}
    expect(
      Object.entries(changes)
        .map(([uri, edits]) => [uri.slice(10), edits.length])
        .sort(),
    ).toEqual([
      ['facts.licet', 1],
      ['policy.licet', 3],
    ])
    const locked = coreOn(texts('server github from "./github.lock.json" { allow call get_i|ssue if true }'))
    expect(() => prepareRename(locked.core, locked.name, locked.at)).toThrow('`get_issue` is what the lock calls it')
  })
})

describe('hover and completion', () => {
  it('are markdown, and edits', () => {
    const { core, name, at } = coreOn({ 'policy.licet': policy('role r: Us|er'), 'people.licet': people })
    expect(hoverOver(core, name, at)?.contents).toEqual({
      kind: 'markdown',
      value: '```licet\nactor User in Team\n```\n\nSomebody.',
    })
    const items = completionsAt(core, name, at, true)
    expect(items.find(({ label }) => label === 'User')).toMatchObject({
      textEdit: { newText: 'User', range: { start: { character: 8 }, end: { character: 12 } } },
    })
    const start = coreOn({ 'policy.licet': '|' })
    expect(
      completionsAt(start.core, start.name, start.at, true).filter(({ insertTextFormat }) => insertTextFormat === 2),
    ).not.toEqual([])
    expect(
      completionsAt(start.core, start.name, start.at, false).filter(({ insertTextFormat }) => insertTextFormat === 2),
    ).toEqual([])
  })
})

describe('symbols and folding', () => {
  it('are declarations, rules and tests', () => {
    const { core, name } = coreOn({
      'policy.licet': policy(
        'server * { deny call "x*" if tool.destructive }\ntest "t" {\n  given User:ann {}\n\n}\n|',
      ),
      'people.licet': people,
    })
    const names = documentSymbols(core, name).map(({ name: one, children = [] }) => [
      one,
      ...children.map((child) => child.name),
    ])
    expect(names).toEqual([['Repo', 'owner', 'allow read'], ['server *', 'deny call "x*"'], ['t']])
    expect(workspaceSymbols(core, 'mmb').map((one) => `${one.containerName} ${one.name}`)).toEqual(['Team member'])
    expect(foldingRanges(core, name)).toEqual([
      { startLine: 1, endLine: 3 },
      { startLine: 6, endLine: 8 },
    ])
  })

  it('fold comments and imports, whatever else is wrong', () => {
    const { core, name } = coreOn({
      'policy.licet': '// a {\n// b\n// c\nimport "a"\nimport "b"\nimport "c"\nallow { "{"\n|\n\n}',
    })
    expect(foldingRanges(core, name)).toEqual([
      { startLine: 6, endLine: 8 },
      { startLine: 0, endLine: 2, kind: 'comment' },
      { startLine: 3, endLine: 5, kind: 'imports' },
    ])
  })
})

describe('formatting', () => {
  it.each([
    ['actor   User\n\n\n\nactor  Agent|', 'actor User\n\nactor Agent\n'],
    ['actor User\r\nactor   Agent {  trusted:boolean }|\r\n', 'actor User\r\nactor Agent { trusted: boolean }\r\n'],
    ['actor User\n|', 'actor User\n'],
    ['actor   User ( |', 'actor   User ( '],
  ])('of %j', (text, formatted) => {
    const { core, name } = coreOn({ 'policy.licet': text })
    const edits = formattingOf(core, name)
    expect(
      changed(
        core.workspace.text(name) ?? '',
        edits.map(({ range, newText }) => ({ range, text: newText })),
      ),
    ).toBe(formatted)
  })
})

describe('code actions', () => {
  const all = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } }
  const titles = (text: string, kinds: readonly string[] = []) => {
    const { core, name } = coreOn({ 'policy.licet': text })
    return codeActionsOf(core, name, all, kinds).map(({ title, edit }) => {
      const [edits = []] = Object.values(edit?.changes ?? {})
      return [
        title,
        changed(
          core.workspace.text(name) ?? '',
          edits.map(({ range, newText }) => ({ range, text: newText })),
        ),
      ]
    })
  }

  it('mend what is wrong, one by one or all of it', () => {
    expect(titles('actor User\nrole a if actr is User|', ['quickfix'])).toEqual([
      ['write `actor`', 'actor User\nrole a if actor is User'],
    ])
    expect(titles('actor User;\nrole a: User;|', ['source.fixAll'])).toEqual([
      ['fix all 2 that can be fixed', 'actor User\nrole a: User'],
    ])
  })

  it('allow a warning, after which there is none', () => {
    const [, [title, after] = []] = titles('let b = true|\n')
    expect(title).toBe('allow `unused-let` here')
    expect(after).toBe('let b = true // licet-allow unused-let: why\n')
    expect(titles(`${after}|`)).toEqual([])
  })
})

describe('semantic tokens', () => {
  it('tell names from words of the language', () => {
    const { core, name } = coreOn({
      'policy.licet':
        'actor User { role: string } // 𝒳\nresource Doc { role owner: User  allow role if owner and actor.role == "a" }|',
    })
    const { data } = semanticTokensOf(core, name)
    const text = (core.workspace.text(name) ?? '').split('\n')
    let [line, character] = [0, 0]
    const found: string[] = []
    for (let i = 0; i < data.length; i += 5) {
      const [down = 0, right = 0, length = 0, type = 0] = data.slice(i, i + 4)
      line += down
      character = down === 0 ? character + right : right
      found.push(`${text[line]?.slice(character, character + length)}:${legend.tokenTypes[type]}`)
    }
    expect(found.join(' ')).toBe(
      'actor:keyword User:type role:property string:type // 𝒳:comment resource:keyword Doc:type role:keyword owner:enumMember User:type allow:keyword role:event if:keyword owner:enumMember and:keyword actor:variable role:property ==:operator "a":string',
    )
  })
})
