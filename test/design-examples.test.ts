import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compile } from '../src/language.ts'
import { runTests } from '../src/surfaces/testing/index.ts'

// The design's own policies, read in place: they are no part of this repository, so a clone without them skips.
const shared = new URL('../../shared/', import.meta.url)
const present = existsSync(shared)

function lockOf(server: string, definitions: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ lock: 1, server, ...definitions })
}

/** What an npm or public server answers, in the form of a lock. */
function recorded(server: string, file: string, more: Readonly<Record<string, unknown>> = {}): string {
  const { tools } = JSON.parse(readFileSync(new URL(`conformance/mcp-servers/${file}`, shared), 'utf8'))
  return lockOf(server, { tools, ...more })
}

const text = { type: 'string' }
const texts = { type: 'array', items: text }

function tool(name: string, properties: Readonly<Record<string, unknown>> = {}, optional: readonly string[] = []) {
  const required = Object.keys(properties).filter((key) => !optional.includes(key))
  return { name, inputSchema: { type: 'object', properties, required } }
}

const slack = [
  tool('slack_list_channels'),
  tool('slack_get_users'),
  tool('slack_get_channel_history', { channel_id: text }),
  tool('slack_get_thread_replies', { channel_id: text }),
  tool('slack_post_message', { channel_id: text, text }),
  tool('slack_reply_to_thread', { channel_id: text, text }),
]
const mail = { to: texts, cc: texts, bcc: texts, attachments: texts, subject: text, body: text }
const gmail = [
  tool('search_emails', { query: text }),
  tool('read_email', { id: text }),
  tool('list_labels'),
  tool('draft_email', { to: texts }),
  tool('send_email', mail, ['cc', 'bcc', 'attachments']),
]

const locks: Readonly<Record<string, () => Readonly<Record<string, string>>>> = {
  'database.licet': () => ({}),
  'drive.licet': () => ({}),
  'filesystem.licet': () => ({ 'fs.lock.json': recorded('filesystem', 'filesystem.json') }),
  'gitcloud.licet': () => ({}),
  'github.licet': () => ({
    'github.lock.json': recorded('github', 'github.json', {
      prompts: [{ name: 'AssignCodingAgent' }, { name: 'issue_to_fix_workflow' }],
      resourceTemplates: [
        { name: 'contents', uriTemplate: 'repo://{owner}/{repo}/contents{/path*}' },
        { name: 'commit', uriTemplate: 'repo://{owner}/{repo}/sha/{sha}/contents{/path*}' },
      ],
    }),
  }),
  'mail.licet': () => ({
    'slack.lock.json': lockOf('slack', { tools: slack }),
    'gmail.lock.json': lockOf('gmail', { tools: gmail }),
  }),
  'tags-and-roles.licet': () => ({}),
}

describe.skipIf(!present)('the policies of the design (skipped where they are absent)', () => {
  it.each(Object.keys(locks))('%s checks against suitable locks and passes its tests', (file) => {
    const source = readFileSync(new URL(`design/examples/${file}`, shared), 'utf8')
    const { policy, diagnostics } = compile({ [file]: source, ...locks[file]?.() })
    const meant: Readonly<Record<string, readonly string[]>> = {
      // An agent without redirect URIs is delegated all that mail.licet delegates.
      'mail.licet': ['every-over-empty'],
      // `"*_sub_issue"` takes in `remove_sub_issue`, which undoes what `add_sub_issue` does.
      'github.licet': ['destructive-pattern'],
    }
    const known = ['unlocked-server', ...(meant[file] ?? [])]
    expect(diagnostics.filter(({ code }) => !known.includes(code))).toEqual([])
    if (policy === undefined) throw new Error('no errors, no policy')
    const functions = { sql: () => ({ tables: [], hasWhere: false }) }
    const { tests } = runTests(policy, { functions })
    expect(tests.flatMap(({ name, failures }) => failures.map((failure) => ({ name, failure })))).toEqual([])
    expect(tests.length > 0).toBe(source.includes('\ntest "'))
  })
})
