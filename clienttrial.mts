import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
const c = new Client({ name: 't', version: '1' }, { capabilities: {} })
await c.connect(new StdioClientTransport({ command: 'npx', args: ['tsx', '/work/main/gwtrial.mts'] }))
console.log((await c.listTools()).tools.map(t => t.name))
for (const [name, args] of [['write_file', {path:'/tmp/gwtrial/data/w.txt',content:'x'}],['read_text_file',{path:'/tmp/gwtrial/data/a.txt'}],['write_file', {path:'/tmp/gwtrial/data/w.txt',content:'x'}],['read_text_file',{path:'/tmp/gwtrial/data/../../etc/passwd'}],['read_text_file',{path:'/etc/passwd'}],['read_text_file',{path:'/tmp/gwtrial/data/.env'}],['read_text_file',{path:3}],['edit_file',{path:3}],['nope',{}],['list_directory',{path:'/tmp/gwtrial/data'}]] as const) {
  console.log(name, JSON.stringify(args), JSON.stringify(await c.callTool({ name, arguments: args }).catch(e => ({code: e.code, message: e.message, data: e.data}))))
}
await c.close()
