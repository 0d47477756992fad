import type { ApprovalDesk, ApprovalStore } from 'licet/mcp'
import type { Io } from './io.ts'
import { firstLine } from './misuse.ts'

type Approvals = ApprovalDesk & ApprovalStore & { close(): void }

/** Opens a file of approvals; null, and a word on standard error, where that cannot be done. */
export async function openApprovals(
  command: string,
  open: () => Promise<Approvals>,
  io: Io,
): Promise<Approvals | null> {
  try {
    return await open()
  } catch (error) {
    io.err(`licet ${command}: the approvals cannot be used: ${firstLine(error)}\n`)
    return null
  }
}
