import { cpus, loadavg, totalmem } from 'node:os'

/** When and where a run took place, for its caption. */
export function machine() {
  const [cpu] = cpus()
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpu?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${memory}, ${process.platform} ${process.arch}, Node ${process.versions.node}`,
    /** Processes that wanted a core when the run began, on average over a minute. */
    load: loadavg()[0],
    busy: loadavg()[0] > cpus().length / 2,
  }
}
