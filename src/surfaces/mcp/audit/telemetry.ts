import { clientNotifications, clientRequests, serverRequests } from '../protocol/methods.ts'
import type { Audit, AuditRecord } from './audit.ts'

/** Of the decision, in seconds. */
const boundaries = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.1, 1]

/**
 * Makes each decision also a span `licet.decision` and a value of the histogram `licet.decision.duration` (seconds) of OpenTelemetry. Both
 * have the attributes `licet.decision`, `licet.reason`, `licet.server` and `mcp.method.name`; neither has arguments, URIs, or who asks.
 * Needs the optional peer `@opentelemetry/api`, with an SDK that is registered before: without the package this is `audit` itself.
 *
 * @param audit where decisions are recorded; undefined where they are not
 */
export async function withTelemetry(audit: Audit | undefined): Promise<Audit | undefined> {
  const api = await import('@opentelemetry/api').catch(() => undefined)
  if (api === undefined) return audit
  const tracer = api.trace.getTracer('licet')
  const histogram = api.metrics.getMeter('licet').createHistogram('licet.decision.duration', {
    description: 'How long decisions take',
    unit: 's',
    advice: { explicitBucketBoundaries: boundaries },
  })
  const tell = (record: AuditRecord, isRecorded: boolean): void => {
    const attributes = attributesOf(record, isRecorded)
    const end = Date.now()
    histogram.record(record.duration / 1_000_000, attributes)
    const span = tracer.startSpan('licet.decision', { startTime: end - record.duration / 1000, attributes })
    if (!isRecorded) span.setStatus({ code: api.SpanStatusCode.ERROR })
    span.end(end)
  }
  /** What an exporter does wrong is no reason to refuse anything. */
  const tellSafely = (record: AuditRecord, isRecorded: boolean): void => {
    try {
      tell(record, isRecorded)
    } catch {}
  }
  return (record) => {
    try {
      audit?.(record)
    } catch (thrown) {
      tellSafely(record, false)
      throw thrown
    }
    tellSafely(record, true)
  }
}

function attributesOf(
  { decision, reason, resource, method }: AuditRecord,
  isRecorded: boolean,
): Record<string, string> {
  // A name that nobody knows is whatever somebody has sent: it would be a time series of its own.
  const isKnown = [clientRequests, clientNotifications, serverRequests].some((methods) => methods.has(method))
  return {
    'licet.decision': isRecorded ? decision : 'deny',
    'licet.reason': isRecorded ? reason : 'unrecorded',
    'licet.server': resource.server ?? '',
    'mcp.method.name': isKnown ? method : '_OTHER',
  }
}
