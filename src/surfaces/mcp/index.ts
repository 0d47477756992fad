/**
 * Licet between an MCP client and an MCP server. `guard` guards a server of either SDK in its own process, `guardHandler` and
 * `guardNodeHandler` an endpoint over HTTP, `runGateway` a server that nobody has to change; `createEnforcement` is the policy enforcement
 * point that they are made of, which sees JSON-RPC messages and does no I/O. `captureLock` and `checkLock` write and compare lock files.
 * The subpath `licet/mcp`.
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
  type Challenge,
  createEnforcement,
  createEnforcementPoint,
  type Enforced,
  type Enforcement,
  type EnforcementOptions,
  type EnforcementPoint,
  type Verdict,
} from './enforcement/enforcement.ts'
export type { Principal } from './enforcement/principal.ts'
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
export type { Caller, Unauthenticated } from './http/caller.ts'
export { type GuardHandlerOptions, guardHandler } from './http/guard-handler.ts'
export { type GuardNodeOptions, guardNodeHandler, type NodeHandler } from './http/guard-node-handler.ts'
export type { HttpGuardOptions } from './http/http-guard.ts'
export type { NodeRequest } from './http/node-request.ts'
export type { ResourceMetadata } from './http/resource-metadata.ts'
export { type Message, readMessage } from './protocol/message.ts'
export { createGuard, type Guard, type GuardOptions, guard } from './sdk/guard.ts'
export type { GuardEngine, GuardPolicy } from './sdk/guard-point.ts'
export type { PrincipalOf } from './sdk/guard-transport.ts'
export type { AuthInfo, MessageOrigin, SdkServer, SdkTransport } from './sdk/types.ts'
export type {
  ApprovalDesk,
  ApprovalRequest,
  ApprovalStore,
  ExactCall,
  Granted,
  Ruled,
} from './stores/approvals.ts'
export { type FlexibleLimiter, type FlexibleOptions, flexibleLimits } from './stores/flexible-limits.ts'
export { type LabelStore, type MemoryLabelsOptions, memoryLabels } from './stores/labels.ts'
export { type LimitStore, memoryLimits } from './stores/limits.ts'
export { type MemoryApprovalsOptions, memoryApprovals } from './stores/memory-approvals.ts'
export { type SqliteApprovalsOptions, sqliteApprovals } from './stores/sqlite-approvals.ts'
export type { Stores } from './stores/stores.ts'
