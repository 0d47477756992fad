import { metrics, trace } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { withTelemetry } from '../../src/surfaces/mcp/audit/telemetry.ts'
import { anyObject, errorOf, guard, lockOf } from './guarded.ts'

const lock = lockOf({
  tools: [{ name: 'read', inputSchema: anyObject }],
  resources: [{ name: 'r', uri: 'doc://secret' }],
})
let spans = new InMemorySpanExporter()
let points = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
let meters = new MeterProvider()

beforeEach(() => {
  spans = new InMemorySpanExporter()
  points = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  meters = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: points, exportIntervalMillis: 1_000_000 })],
  })
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }))
  metrics.setGlobalMeterProvider(meters)
})
afterEach(async () => {
  trace.disable()
  metrics.disable()
  await meters.shutdown()
  vi.doUnmock('@opentelemetry/api')
})

const of = (decision: string, reason: string, method: string) => ({
  'licet.decision': decision,
  'licet.reason': reason,
  'licet.server': 's',
  'mcp.method.name': method,
})

describe('telemetry', () => {
  it('has a span and a duration of each decision, and nothing of what was asked for or by whom', async () => {
    const audit = await withTelemetry(undefined)
    const { client } = guard('allow call read', lock, { audit: (record) => audit?.(record) })
    const start = Date.now()
    await client({ id: 1, method: 'tools/call', params: { name: 'read', arguments: { x: 'hunter2' } } })
    await client({ id: 2, method: 'resources/read', params: { uri: 'doc://secret' } })
    await client({ id: 3, method: 'x/anything-at-all' })

    const finished = spans.getFinishedSpans()
    expect(finished.map(({ name, attributes }) => [name, attributes])).toEqual([
      ['licet.decision', of('allow', 'granted', 'tools/call')],
      ['licet.decision', of('deny', 'not-permitted', 'resources/read')],
      ['licet.decision', of('deny', 'unknown-method', '_OTHER')],
    ])
    for (const { startTime, endTime } of finished) {
      const [from, to] = [startTime, endTime].map(([seconds, nanoseconds]) => seconds * 1000 + nanoseconds / 1e6)
      expect(from).toBeLessThanOrEqual(to ?? 0)
      expect(from).toBeGreaterThan(start - 1000)
    }
    const told = JSON.stringify(finished.map(({ attributes, events, status }) => [attributes, events, status]))
    expect(told).not.toMatch(/hunter2|secret|ann|anything/)

    await meters.forceFlush()
    const [metric] = points.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
    expect(metric?.descriptor).toMatchObject({ name: 'licet.decision.duration', unit: 's' })
    expect(metric?.dataPoints).toHaveLength(3)
    expect(metric?.dataPoints[0]).toMatchObject({
      attributes: of('allow', 'granted', 'tools/call'),
      value: { count: 1, buckets: { boundaries: expect.arrayContaining([0.0001, 1]) } },
    })
  })

  it('tells what could not be recorded, which stays refused', async () => {
    const audit = await withTelemetry(() => {
      throw new Error('no space left')
    })
    const { client } = guard('allow call read', lock, { audit: (record) => audit?.(record) })
    expect(errorOf(await client({ id: 1, method: 'tools/call', params: { name: 'read' } }))?.code).toBe(-32603)
    expect(spans.getFinishedSpans()).toMatchObject([
      { attributes: of('deny', 'unrecorded', 'tools/call'), status: { code: 2 } },
    ])
  })

  it('that fails refuses nothing', async () => {
    const failing = {
      onStart: () => {
        throw new Error('broken')
      },
      onEnd: () => {},
      shutdown: async () => {},
      forceFlush: async () => {},
    }
    trace.disable()
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [failing] }))
    const audit = await withTelemetry(undefined)
    const { client } = guard('allow call read', lock, { audit: (record) => audit?.(record) })
    expect(await client({ id: 1, method: 'tools/call', params: { name: 'read' } })).toHaveProperty('forwarded')
  })

  it('costs nothing where the package is not installed: the audit is the one that was given', async () => {
    vi.resetModules()
    vi.doMock('@opentelemetry/api', () => {
      throw new Error('not installed')
    })
    const { withTelemetry: without } = await import('../../src/surfaces/mcp/audit/telemetry.ts')
    const audit = () => {}
    expect(await without(audit)).toBe(audit)
    expect(await without(undefined)).toBeUndefined()
  })
})
