/** `[HOST:]PORT`, with an IPv6 address in brackets; undefined for anything else. */
export function listenAddress(text: string): { readonly host: string; readonly port: number } | undefined {
  const [, bracketed, plain, digits = ''] = /^(?:\[([0-9A-Fa-f:.]+)\]:|([^\s:[\]/]+):)?(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  if (digits === '' || port > 65_535) return undefined
  return { host: bracketed ?? plain ?? '127.0.0.1', port }
}
