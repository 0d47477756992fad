import type { Audit } from '../audit/audit.ts'
import { auditFile } from '../audit/audit-file.ts'
import type { AuditedArguments } from '../audit/redaction.ts'
import { withTelemetry } from '../audit/telemetry.ts'
import type { Operator } from './guarded-server.ts'

export interface AuditOptions extends AuditedArguments {
  readonly file: string
}

/** Where decisions are recorded, as long as it is open. */
export interface OpenAudit {
  /** Undefined where nothing is recorded. */
  readonly audit: Audit | undefined
  close(): void
}

/** Undefined when the file cannot be opened, which the operator has been told: what cannot be recorded does not happen. */
export async function openAudit(
  file: string | undefined,
  { report }: Pick<Operator, 'report'>,
): Promise<OpenAudit | undefined> {
  try {
    const log = file === undefined ? undefined : auditFile(file, report)
    return { audit: await withTelemetry(log?.audit), close: () => log?.close() }
  } catch (thrown) {
    report(`the audit log cannot be written: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    return undefined
  }
}

export function auditOptions(audit: string | AuditOptions | undefined): AuditOptions | undefined {
  return typeof audit === 'string' ? { file: audit } : audit
}
