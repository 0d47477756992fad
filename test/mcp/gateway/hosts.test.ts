import { expect, it } from 'vitest'
import { hostCheck } from '../../../src/surfaces/mcp/gateway/listener/hosts.ts'

it.each([
  ['no page', 'localhost:7000', undefined, true],
  ['its own page', 'localhost:7000', 'http://localhost:7000', true],
  ['its own page, by another name', '127.0.0.1:7000', 'http://127.0.0.1:7000', true],
  ['a page of another port', 'localhost:7000', 'http://localhost:3000', false],
  ['a page of the usual port', 'localhost:7000', 'http://localhost', false],
  ['a page that names the usual port', 'localhost', 'http://localhost:80', true],
  ['its own page behind a proxy', 'mcp.example.com', 'https://mcp.example.com', true],
  ['its own page behind a proxy that says another host', '127.0.0.1:7000', 'https://mcp.example.com', true],
  ['another port of the proxy', '127.0.0.1:7000', 'https://mcp.example.com:8443', false],
  ['another site', 'localhost:7000', 'https://evil.example', false],
  ['no site', 'localhost:7000', 'null', false],
  ['more than an origin', 'localhost:7000', 'http://localhost:7000/x', false],
  ['a name in another name', 'localhost:7000', 'http://localhost:7000@evil.example', false],
  ['a host that is not this one', 'evil.example', undefined, false],
  ['a host in two', 'evil.example@localhost:7000', undefined, false],
  ['no host', undefined, undefined, false],
])('a request of %s: %s %s', (_, host, origin, isAnswered) => {
  expect(hostCheck('127.0.0.1', ['MCP.example.com'])(host, origin) === undefined).toBe(isAnswered)
})
