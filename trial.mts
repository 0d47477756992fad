import { captureLock, checkLock } from './src/surfaces/mcp/index.ts'
import { writeLock } from './src/lock/write-lock.ts'
import { writeFileSync } from 'node:fs'
const lock = await captureLock({ server: 'files', reach: { command: 'node', args: ['/work/main/node_modules/@modelcontextprotocol/server-filesystem/dist/index.js', '/tmp/gwtrial/data'] } })
writeFileSync('/tmp/gwtrial/files.lock.json', writeLock(lock))
console.log(lock.tools.map(t => t.name), lock.reached, lock.instructions)
console.log((await checkLock(lock)).items.every(i => i.status === 'unchanged'))
for (const reach of [{command:'nope',args:[]},{command:'node',args:['-e','console.log("hi")']},{command:'node',args:['-e','process.stderr.write("boom\\n");process.exit(3)']},{command:'sleep',args:['100']}, {url:'http://127.0.0.1:9/mcp'}]) {
  const t = Date.now()
  await captureLock({ server: 'x', reach, timeout: 1500 }).catch((e) => console.log(e.message, Date.now()-t))
}
