/**
 * Licet between an MCP client and an MCP server. `runGateway` guards a server that nobody has to change; `createEnforcement` is the
 * policy enforcement point that it is made of, which sees JSON-RPC messages and does no I/O. `captureLock` and `checkLock` write
 * and compare lock files. The subpath `licet/mcp`.
 */
export { type Audit, type AuditRecord, auditFile } from './audit.ts'
export { type CaptureOptions, captureLock, checkLock, type Reach } from './capture.ts'
export type { ServerCommand } from './child.ts'
export {
  createEnforcement,
  type Enforced,
  type Enforcement,
  type EnforcementOptions,
  type Verdict,
} from './enforcement.ts'
export { type GatewayOptions, runGateway } from './gateway.ts'
export type { Principal } from './judge.ts'
export { type Message, readMessage } from './message.ts'
export { type LoadedSource, type PolicyFiles, type PolicySource, policyFiles } from './policy-source.ts'
