import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { folder } from '../node/folder.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const main = join(root, 'dist/surfaces/cli/main.js')
const lookAhead = 'actor User { name: string }\nresource Doc { allow read if actor.name.matches(/^a(?=b)$/) }\n'
const good = 'actor User\nresource Doc {\n  role owner: User\n  allow read if owner\n}\n'

function run(command: string, cwd = folder({ 'p.licet': good, 're2.licet': lookAhead }), stdin = '') {
  const child = spawn('sh', ['-c', command], {
    cwd,
    env: { ...process.env, LICET: `${process.execPath} ${main}`, NO_COLOR: '' },
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

// Real processes, of what is built: streams, exit codes, and nothing but a message in any trouble.
describe('the executable', () => {
  it.each([
    ['says its version', '$LICET --version', '', 0, /^\d+\.\d+\.\d+\n$/, /^$/],
    ['checks a policy', '$LICET check p.licet', '', 0, /^1 file: 0 errors\n$/, /^$/],
    ['reads standard input', '$LICET check -', good, 0, /^1 file: 0 errors\n$/, /^$/],
    ['reads a pipe', 'mkfifo f; (cat p.licet > f &) ; $LICET check f', '', 0, /^1 file: 0 errors\n$/, /^$/],
    ['fails on an error', '$LICET check -', 'allow', 1, /^$/, /error\[/],
    ['has RE2 at hand', '$LICET check re2.licet', '', 1, /^$/, /^error\[bad-regex\]: [^\n]* `\(\?=`/],
    ['fails on misuse', '$LICET authorize', '', 2, /^$/, /^licet authorize: /],
    ['denies', '$LICET authorize -p p.licet --actor User:a --action read --resource Doc:d', '', 1, /^denied: /, /^$/],
    ['writes no colours into a file', '$LICET check - 2>log; cat log', 'allow', 0, /error\[/, /^$/],
    ['minds no closed pipe', '$LICET check --sarif p.licet | head -c 1', '', 0, /^\{$/, /^$/],
    [
      'keeps its exit code behind a closed pipe',
      '{ $LICET authorize -p p.licet --actor User:a --action read --resource Doc:d --json; echo $? >&2; } | true',
      '',
      0,
      /^$/,
      /^1\n$/,
    ],
    ['answers questions', '$LICET repl -p p.licet', 'test\n1 + 1\n', 0, /^0 passed, 0 failed\n2\n$/, /^$/],
    [
      'ends a session before its input does',
      'mkfifo q; (echo :quit; sleep 60) > q & $LICET repl -p p.licet < q; kill $!',
      '',
      0,
      /^$/,
      /^$/,
    ],
    [
      'runs tests',
      '$LICET init x >/dev/null && cd x && $LICET test tests.licet',
      '',
      0,
      /\n3 passed, 0 failed\n$/,
      /^$/,
    ],
    ['does not read a device to its end', '$LICET check /dev/zero', '', 1, /^$/, /`\/dev\/zero` is larger than 16 MiB/],
    [
      'tells in a line that functions cannot be loaded',
      'echo "}" > f.mjs; $LICET test --functions f.mjs p.licet',
      '',
      2,
      /^$/,
      /^licet test: `f.mjs` cannot be loaded: [^\n]*\n/,
    ],
  ])('%s', async (_, command, stdin, code, out, err) => {
    const ran = await run(command, undefined, stdin)
    expect(ran.err).not.toMatch(/^\s+at /m)
    expect(ran).toEqual({ code, out: expect.stringMatching(out), err: expect.stringMatching(err) })
  })

  it('ends a watch when it is asked to', async () => {
    const ran = await run('$LICET test --watch p.licet & sleep 3; kill -TERM $!; wait $!')
    expect(ran).toMatchObject({ code: 0, out: '0 passed, 0 failed\n' })
  })

  it('is what the manifest names, and can be executed as such', () => {
    const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(join(root, bin.licet)).toBe(main)
    expect(readFileSync(main, 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true)
  })

  // What it imports is loaded before it knows what it is asked; the rest comes with the command.
  it('starts without the parser, the engine, zod or the gateway', () => {
    const loaded = new Set([main])
    for (const file of loaded) {
      for (const [, specifier] of readFileSync(file, 'utf8').matchAll(
        /^(?:import|export)\s(?:[\w\s{},*]*\bfrom\s)?['"]([^'"\n]+)['"]/gm,
      )) {
        if (specifier === undefined || specifier.startsWith('node:')) continue
        expect(specifier).toMatch(/^\./)
        loaded.add(join(dirname(file), specifier))
      }
    }
    const names = [...loaded].map((file) => file.slice(join(root, 'dist/').length))
    expect(names.filter((name) => !name.startsWith('surfaces/cli/'))).toEqual([])
    expect([...loaded].every(existsSync)).toBe(true)
    // Whatever it were that came in with it, it would be larger.
    expect([...loaded].reduce((bytes, file) => bytes + statSync(file).size, 0)).toBeLessThan(20_000)
  })
})
