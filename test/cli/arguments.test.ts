import { describe, expect, it } from 'vitest'
import { readArguments } from '../../src/surfaces/cli/arguments.ts'
import { Misuse } from '../../src/surfaces/cli/misuse.ts'

const command = {
  arguments: { least: 0, most: 2, called: 'FILE' },
  trailing: true,
  options: [
    { name: 'json', about: '' },
    { name: 'output', short: 'o', values: ['FILE'], about: '' },
    { name: 'facts', short: 'f', values: ['FILE'], many: true, about: '' },
    { name: 'uri', values: ['S', 'URI'], about: '' },
  ],
}

function read(line: string) {
  const args = readArguments(
    command,
    line.split(' ').filter((word) => word !== ''),
  )
  return {
    positionals: args.positionals,
    trailing: args.trailing,
    json: args.has('json'),
    output: args.one('output'),
    facts: args.all('facts'),
    uri: args.all('uri'),
  }
}

describe('a command line is read', () => {
  it.each([
    ['a b', { positionals: ['a', 'b'] }],
    ['- --json', { positionals: ['-'], json: true }],
    ['--output x', { output: 'x' }],
    ['--output=x=y', { output: 'x=y' }],
    ['--output=-x', { output: '-x' }],
    ['-o x', { output: 'x' }],
    ['-ox', { output: 'x' }],
    ['-o -', { output: '-' }],
    ['-f a --facts b -fc', { facts: ['a', 'b', 'c'] }],
    ['--uri s file:///x a', { uri: ['s', 'file:///x'], positionals: ['a'] }],
    ['a -- b --json -x', { positionals: ['a'], trailing: ['b', '--json', '-x'], json: false }],
    ['--', { trailing: [] }],
  ])('%s', (line, wanted) => {
    expect(read(line)).toMatchObject(wanted)
  })
})

describe('a command line is refused', () => {
  it.each([
    ['--jsn', 'there is no option `--jsn`', 'did you mean `--json`?'],
    ['-x', 'there is no option `-x`', undefined],
    ['--json=yes', '`--json` takes no value', undefined],
    ['--output', '`--output` needs a value: FILE', undefined],
    ['--output -- x', '`--output` needs a value: FILE', undefined],
    ['--output --json', '`--output` needs a value: FILE', 'write `--output=--json` if `--json` is meant to be it'],
    ['--output a --output b', '`--output` is given twice', undefined],
    ['--uri s', '`--uri` needs a value: URI', undefined],
    ['a b c', '`c` is one argument too many', undefined],
  ])('%s', (line, message, help) => {
    expect(() => read(line)).toThrow(expect.objectContaining({ message, help }))
    expect(() => read(line)).toThrow(Misuse)
  })

  it('where an argument is missing, unless only help is asked for', () => {
    const needy = { ...command, arguments: { least: 1, most: 1, called: 'FILE' } }
    expect(() => readArguments(needy, [])).toThrow('FILE is missing')
    expect(readArguments(needy, ['--help']).has('help')).toBe(true)
  })
})
