import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import type { ClientSide } from '../../../src/surfaces/mcp/gateway/listener/client-side.ts'
import type { Connections } from '../../../src/surfaces/mcp/gateway/listener/connections.ts'
import { createEndpoint } from '../../../src/surfaces/mcp/gateway/listener/endpoint.ts'
import { post, standalone } from './listening.ts'

it('requests that have waited together for a server are bounded as others are', async () => {
  let open = () => {}
  const opened = new Promise<boolean>((resolve) => {
    open = () => resolve(true)
  })
  let inFlight = 0
  let waiting = 0
  const side = {
    get inFlight() {
      return inFlight
    },
    opened: () => {
      waiting++
      return opened
    },
    post: (_, response) => {
      inFlight++
      response.writeHead(200).end('{}')
    },
  } as Partial<ClientSide> as ClientSide
  const connections = { stateless: () => side } as Partial<Connections> as Connections
  const endpoint = createEndpoint(connections, () => undefined)
  const server = createServer((request, response) => void endpoint(request, response, { actor: 'User:ann' }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const answers = Array.from({ length: 300 }, (_, id) => {
    const { message, headers } = standalone(id, 'ping')
    return post(url, message, headers)
  })
  while (waiting < 300) await new Promise((resolve) => setTimeout(resolve, 10))
  open()
  const statuses = (await Promise.all(answers)).map(({ status }) => status)
  expect([inFlight, statuses.filter((status) => status === 429).length]).toEqual([256, 44])
})
