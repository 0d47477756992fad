import { runGateway, policyFiles } from './src/surfaces/mcp/index.ts'
process.exitCode = await runGateway({
  server: 'files', command: 'node', args: ['/work/main/node_modules/@modelcontextprotocol/server-filesystem/dist/index.js', '/tmp/gwtrial/data'],
  source: policyFiles({ policies: ['/tmp/gwtrial/p.licet'] }), principal: { actor: 'User:ann' }, audit: '/tmp/gwtrial/audit.jsonl',
})
