/**
 * Licet between an MCP client and an MCP server. `runGateway` guards a server that nobody has to change; `createEnforcement` is the
 * policy enforcement point that it is made of, which sees JSON-RPC messages and does no I/O. `captureLock` and `checkLock` write
 * and compare lock files. The subpath `licet/mcp`.
 */
export type { Audit, AuditRecord } from './audit/audit.ts'
export { type AuditFile, auditFile } from './audit/audit-file.ts'
export type { AuditEvent } from './audit/event.ts'
export { auditEvents } from './audit/read-audit.ts'
export { createRedaction, type Redaction } from './audit/redaction.ts'
export { withTelemetry } from './audit/telemetry.ts'
export { type Verification, type VerifyOptions, verifyAudit } from './audit/verify.ts'
export { type CaptureOptions, captureLock, checkLock, type Reach } from './capture/capture.ts'
export { wrongDigests } from './enforcement/digest.ts'
export {
  createEnforcement,
  type Enforced,
  type Enforcement,
  type EnforcementOptions,
  type Verdict,
} from './enforcement/enforcement.ts'
export type { Principal } from './enforcement/judge.ts'
export type { AuditOptions } from './gateway/audit-files.ts'
export type { ServerCommand } from './gateway/child.ts'
export {
  type GatewayOptions,
  type HttpGatewayOptions,
  runGateway,
  type StdioGatewayOptions,
} from './gateway/gateway.ts'
export type { ServerOptions } from './gateway/guarded-server.ts'
export type { ListedServer } from './gateway/http-gateway.ts'
export type { HttpServer } from './gateway/http-requests.ts'
export type { Authenticate, Credentials } from './gateway/listener/listener.ts'
export { type LoadedSource, type PolicyFiles, type PolicySource, policyFiles } from './gateway/policy-source.ts'
export type { ServerReach } from './gateway/upstream.ts'
export { type Message, readMessage } from './protocol/message.ts'
