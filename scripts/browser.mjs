// Tries the page of `licet matrix --html` in a browser: `npm run browser [FOLDER]`, which is where its pictures go. The browser is
// `CHROMIUM`, else chromium where distributions have it. Not part of the tests: not everybody has a browser.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { compile } from 'licet'
import { matrixOf, matrixPage } from 'licet/pictures'
import { chromium } from 'playwright-core'

const hostile = '</script><img src=x onerror=\\"document.title=1\\">'
const { policy, diagnostics } = compile({
  'policy.licet': `
actor User in Group { suspended: boolean }
resource Group
role staff: User
resource Repo {
  private: boolean
  role owner: User
  role reader: User if owner or (staff and not private)
  /// </script><script>document.title = 1</script>
  @id("${hostile}")
  allow read if reader
  allow write if owner
  deny write if actor.suspended
}
server files from "./files.lock.json" {
  allow call "*" if staff and args.path == "${hostile}"
  allow call get if scope("files")
}
given Repo:site { owner: User:ann, private: false }
given User:ann { suspended: false }
`,
  'files.lock.json': JSON.stringify({
    lock: 1,
    server: 'files',
    tools: ['get', 'put', 'delete'].map((name) => ({
      name,
      inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
    })),
  }),
})
if (policy === undefined) throw new Error(JSON.stringify(diagnostics))

const folder = mkdtempSync(join(tmpdir(), 'licet-browser-'))
const pictures = resolve(process.argv[2] ?? folder)
mkdirSync(pictures, { recursive: true })
const file = join(folder, 'matrix.html')
writeFileSync(file, await matrixPage(matrixOf(policy), 'Who may do what'))

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
})
let failures = 0
const check = (what, holds) => {
  if (!holds) failures++
  console.log(`${holds ? 'ok  ' : 'FAIL'}  ${what}`)
}
try {
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1180, height: 860 } })
    const said = []
    const asked = []
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(error.message))
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(pathToFileURL(file).href)
    const panel = page.locator('aside')
    const cell = (name) => page.locator(`.cell[aria-label="${name}"]`)

    await cell('reader: read: allowed').click()
    check(`${colorScheme}: a click explains a cell`, (await panel.innerText()).includes('allow read if reader'))
    check(
      'what a policy says is text',
      (await panel.innerText()).includes('<img src=x') && (await page.title()) !== '1',
    )
    await page.screenshot({ path: join(pictures, `matrix-${colorScheme}.png`) })
    await page.keyboard.press('ArrowRight')
    check('arrow keys go on, and explain as they go', (await panel.innerText()).includes('write on Repo'))
    await page.keyboard.press('Escape')
    check('Escape closes it', await panel.isHidden())
    check(
      'and the cell has the focus again',
      (await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))) === 'reader: write: denied',
    )
    await page.keyboard.press('/')
    await page.keyboard.type('put')
    check('/ filters', (await page.locator('tbody tr:visible').count()) === 1)
    await page.fill('#search', '')
    await page.uncheck('input[value=deny]')
    check('outcomes filter', await cell('staff: write: denied').evaluate((one) => one.classList.contains('out')))
    await page.setViewportSize({ width: 420, height: 800 })
    await page.check('input[value=deny]')
    await cell('staff: call put: depends').click()
    check(
      'it fits a telephone',
      await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth),
    )
    await page.screenshot({ path: join(pictures, `matrix-${colorScheme}-narrow.png`) })
    check('nothing is loaded, and nothing is refused by its policy', asked.length === 1 && said.length === 0)
    if (said.length > 0) console.log(said)
    await page.close()
  }
} finally {
  await browser.close()
  if (pictures === folder) console.log(`pictures in ${folder}`)
  else rmSync(folder, { recursive: true })
}
process.exitCode = failures === 0 ? 0 : 1
