import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
const direct = ['node', '/work/main/node_modules/@modelcontextprotocol/server-filesystem/dist/index.js', '/tmp/gwtrial/data']
async function run(cmd: string[], label: string) {
  const p = spawn(cmd[0], cmd.slice(1), { stdio: ['pipe','pipe','ignore'] })
  const waits = new Map<number, () => void>()
  createInterface({ input: p.stdout }).on('line', (l) => { const m = JSON.parse(l); if (m.error) console.log(l); waits.get(m.id)?.() })
  let id = 0
  const ask = (method: string, params: unknown) => new Promise<void>((r) => { const i = ++id; waits.set(i, r); p.stdin.write(JSON.stringify({ jsonrpc: '2.0', id: i, method, params }) + '\n') })
  await ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'b', version: '1' } })
  p.stdin.write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }) + '\n')
  const times: number[] = []
  for (let i = 0; i < 6000; i++) {
    const t = performance.now()
    await ask('tools/call', { name: process.argv[2] ?? 'list_allowed_directories', arguments: JSON.parse(process.argv[3] ?? '{}') })
    if (i >= 2000) times.push(performance.now() - t)
  }
  times.sort((a, b) => a - b)
  const q = (f: number) => times[Math.floor(times.length * f)].toFixed(3)
  console.log(label, 'median', q(0.5), 'p90', q(0.9), 'p99', q(0.99))
  p.stdin.end(); p.kill()
}
await run(direct, 'direct')
await run(['node', '--import', 'tsx', '/work/main/gwtrial.mts'], 'gateway')
await run(direct, 'direct')
await run(['node', '--import', 'tsx', '/work/main/gwtrial.mts'], 'gateway')
