/** Milliseconds that this process has computed: how long something takes, however many others share the machine. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
