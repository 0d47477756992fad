import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { folder } from '../node/folder.ts'
import { runPage } from './run-page.ts'
import { scripts } from './scripts.ts'

const running = scripts()
afterAll(() => running.end())

/** What becomes of a page; blocks are written with `~~~` here. */
const run = (page: string) => {
  const cwd = folder({})
  return runPage(page.replaceAll('~~~', '```'), { cwd, bin: join(cwd, 'bin'), code: 0 }, running)
}

const policy = 'actor User\nresource Doc {\n  role owner: User\n  allow read if owner\n}\n'
const wrong = policy.replace('if owner', 'if ownr')

describe('a page fails for', () => {
  it.each([
    ['a policy with a mistake', `~~~licet\n${wrong}~~~\n`, /line 2: has unknown-name, not none/],
    ['a mistake that is not there', `~~~licet unknown-name\n${policy}~~~\n`, /has no diagnostics, not unknown-name/],
    [
      'a test that fails',
      `~~~licet\n${policy}test "all" {\n  expect User:ann can read Doc:1\n}\n~~~\n`,
      /has failed-expectation/,
    ],
    ['a script that throws', '~~~js\nthrow new Error("no")\n~~~\n', /line 2: Error: no/],
    ['a script that ends the process', '~~~js\nprocess.exit(0)\n~~~\n', /it ended the process/],
    ['a value that is another', '~~~ts\nconst n: number = 1 // => 2\n~~~\n', /deep-equal|deepEqual|deeply/],
    ['JSON that is none', '~~~json\n{ a: 1 }\n~~~\n', /line 2: /],
    ['YAML that is none', '~~~yaml\na: [\n~~~\n', /line 2: /],
    ['a command that fails', '~~~sh\nlicet check nothing.licet\n~~~\n', /ends with 1/],
    ['a command that is not known here', '~~~sh\nrm -rf x\n~~~\n', /`rm` is not run here/],
    ['a pipe', '~~~sh\nlicet --help | head\n~~~\n', /no `\|`/],
    ['an option that is not there', '~~~sh not run: waits\nlicet gateway --polisy x\n~~~\n', /no option `--polisy`/],
    ['a package that nothing here knows', '~~~sh\nnpm install left-pad\n~~~\n', /`left-pad`/],
    ['a block that is nothing', '~~~\nplain\n~~~\n~~~http\nGET /\n~~~\n', /what is `http`/],
    ['a word that says nothing', '~~~licet Policy\n~~~\n', /`Policy` says nothing/],
    ['no reason', '~~~sh not run: \nx\n~~~\n', /wants a reason/],
    ['a file that nothing runs', '~~~js main.mjs\n~~~\n', /nothing on this page runs `main.mjs`/],
    ['output of nothing', '~~~text output\n~~~\n', /no block before/],
    ['going on from nothing', '~~~js +\n~~~\n', /nothing before/],
  ])('%s', async (_, page, message) => {
    await expect(run(page)).rejects.toThrow(message)
  })
})

describe('a page is corrected in', () => {
  it.each([
    ['what a policy says', `~~~licet unknown-name\n${wrong}~~~\n~~~text output\n~~~\n`, /\[unknown-name\]: nothing/],
    ['what a script prints', '~~~js\nconsole.log(1)\n~~~\n~~~text output\n2\n~~~\n', /output\n1\n/],
    [
      'what a command prints',
      `~~~licet p.licet\n${policy}~~~\n~~~console\n$ licet check p.licet\nwell\n$ echo $?\n~~~\n`,
      /\$ licet check p\.licet\n1 file: 0 errors\n\$ echo \$\?\n0\n/,
    ],
    ['how a policy is written', '~~~licet\nactor   User { }\n~~~\n', /\nactor User {}\n/],
    ['what is fixed', `~~~licet unknown-name\n${wrong}~~~\n~~~licet fixed\n~~~\n`, /allow read if owner\n}\n```\n$/],
    ['going on', `~~~licet\n${policy}~~~\n~~~licet unknown-type +\ngiven Dok:1\n~~~\n~~~text output\n~~~\n`, /:7:7/],
  ])('%s', async (_, page, expected) => {
    expect(await run(page)).toMatch(expected)
  })

  it('nothing where `…` stands for what is there', async () => {
    const page = '```js\nconsole.log("a 1\\nb\\nc\\nd")\n```\n```text output\na …\n…\nd\n```\n'
    expect(await run(page)).toBe(page)
  })
})
