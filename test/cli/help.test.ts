import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { commands } from '../../src/surfaces/cli/commands.ts'
import { licet } from './command-line.ts'

const names = Object.keys(commands)
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const documentation = fileURLToPath(new URL('../../docs/command-line.md', import.meta.url))

describe('every command', () => {
  it.each(names)('has help with an example and exit codes: %s', async (name) => {
    const { code, out, err } = await licet([name, '--help'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain(`Usage: licet ${name} `)
    expect(out).toMatch(new RegExp(`\nExamples?:\n  licet ${name} `))
    expect(out).toMatch(/\nExit codes:\n {2}0 {2}/)
    expect(await licet([name, '-h', 'and', 'more'])).toMatchObject({ code: 0, out })
    expect(await licet(['help', name])).toMatchObject({ code: 0, out })
  })

  it.each(names)('says its version: %s', async (name) => {
    expect(await licet([name, '--version'])).toEqual(await licet(['--version']))
  })

  it.each(names)('refuses what it does not know: %s', async (name) => {
    const { code, out, err } = await licet([name, '--hepl'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('there is no option `--hepl`\n  did you mean `--help`?')
  })

  it.each(names)('calls itself by its name and says what it is for: %s', async (name) => {
    const { command } = (await commands[name]?.load()) ?? {}
    expect(command).toMatchObject({ name, about: commands[name]?.about })
  })
})

describe('licet', () => {
  it.each([
    [['--help'], 0, 'out', 'licet check policy.licet'],
    [['-h'], 0, 'out', 'Usage: licet COMMAND'],
    [['help'], 0, 'out', 'Usage: licet COMMAND'],
    [['--version'], 0, 'out', version],
    [[], 2, 'err', 'Usage: licet COMMAND'],
    [['chek'], 2, 'err', 'there is no command `chek`\n  did you mean `check`?'],
    [
      ['watch'],
      2,
      'err',
      'there is no command `watch`\n  commands are init, check, fmt, test, authorize, explain, matrix, graph, repl, compile, import, bench, keys, lock, approvals, gateway, lsp, audit',
    ],
    [['format'], 2, 'err', 'there is no command `format`\n  did you mean `fmt`?'],
    [['matrix', 'policy.licet'], 2, 'err', 'files are named by options: `-p policy.licet -f facts.licet`'],
    [['compile', 'policy.licet'], 2, 'err', 'files are named by options: `-p policy.licet`\n'],
    [['test', '-p', 'policy.licet'], 2, 'err', 'are named without an option: `policy.licet facts.licet`'],
    [['test', 'policy.licet', '--facts', 'facts.licet'], 2, 'err', 'are named without an option'],
    [['explain', '--via', 'Agent:a'], 2, 'err', 'there is no option `--via`\n  did you mean `--agent`?'],
    [['check', '--via', 'Agent:a'], 2, 'err', 'there is no option `--via`\n  `licet check --help`'],
    [['--verson'], 2, 'err', 'there is no option `--verson`\n  did you mean `--version`?'],
    [['help', 'chek'], 2, 'err', 'did you mean `check`?'],
    [['__proto__'], 2, 'err', 'there is no command `__proto__`'],
    [['constructor', '--help'], 2, 'err', 'there is no command `constructor`'],
  ] as const)('%j', async (argv, code, stream, text) => {
    const ran = await licet(argv)
    expect(ran.code).toBe(code)
    expect(ran[stream]).toContain(text)
    expect(ran[stream === 'out' ? 'err' : 'out']).toBe('')
  })
})

// `npx vitest run test/cli/help.test.ts -u` writes what `--help` says into the documentation.
it('docs/command-line.md shows what --help says', async () => {
  const shown = new Set<string>()
  const parts = readFileSync(documentation, 'utf8').split(/(?<=^```text\n\$ licet [^\n]*--help\n)(.*?)(?=^```$)/ms)
  for (const [i, part] of parts.entries()) {
    const asked = /\$ licet (.*--help)\n$/.exec(part)?.[1]
    if (asked === undefined) continue
    shown.add(asked.replace(/ ?--help$/, ''))
    parts[i + 1] = (await licet(asked.split(' '))).out
  }
  expect([...shown].sort()).toEqual(['', ...names].sort())
  await expect(parts.join('')).toMatchFileSnapshot(documentation)
})
