import type { Address, Network, Range } from './value.ts'

/**
 * An address: IPv4 in dotted decimal without leading zeros, or IPv6 as RFC 4291, section 2.2, has it, the form with an
 * embedded IPv4 address included. No zone. `::ffff:10.0.0.1` is an IPv6 address, in no IPv4 range.
 */
export function parseAddress(text: string): Address | undefined {
  const version = text.includes(':') ? 6 : 4
  const bits = version === 6 ? parseV6(text) : parseV4(text)
  return bits === undefined ? undefined : { kind: 'ip', version, bits }
}

/** A range in CIDR notation (RFC 4632, RFC 4291 section 2.3); bits of the address past the prefix are cleared. */
export function parseRange(text: string): Range | undefined {
  const slash = text.indexOf('/')
  const address = parseAddress(slash === -1 ? '' : text.slice(0, slash))
  const digits = text.slice(slash + 1)
  if (address === undefined || !/^(?:0|[1-9]\d{0,2})$/.test(digits)) return undefined
  const prefix = Number(digits)
  const free = BigInt(width(address.version) - prefix)
  if (free < 0n) return undefined
  return { kind: 'cidr', version: address.version, bits: (address.bits >> free) << free, prefix }
}

/**
 * An address, or a network whose bits past the prefix are kept: `10.0.0.1` and `10.0.0.1/8`. No IPv6 address has an IPv4 address in
 * it here.
 */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/')
  const written = slash === -1 ? text : text.slice(0, slash)
  const address = written.includes(':') && written.includes('.') ? undefined : parseAddress(written)
  if (address === undefined) return undefined
  const { version, bits } = address
  if (slash === -1) return { kind: 'ipaddr', version, bits, prefix: width(version) }
  const digits = text.slice(slash + 1)
  if (!/^(?:0|[1-9]\d{0,2})$/.test(digits) || Number(digits) > width(version)) return undefined
  return { kind: 'ipaddr', version, bits, prefix: Number(digits) }
}

export function formatNetwork({ version, bits, prefix }: Network): string {
  const text = version === 4 ? formatV4(bits) : formatV6(bits)
  return prefix === width(version) ? text : `${text}/${prefix}`
}

/** All of the first network is in the second: never across versions. */
export function networkWithin(inner: Network, outer: Network): boolean {
  if (inner.version !== outer.version || inner.prefix < outer.prefix) return false
  return (inner.bits ^ outer.bits) >> BigInt(width(outer.version) - outer.prefix) === 0n
}

/** Of 127.0.0.0/8, or `::1`. */
export function isLoopback(network: Network): boolean {
  return within(network, network.version === 4 ? '127.0.0.0/8' : '::1')
}

/** Of 224.0.0.0/4, or of ff00::/8. */
export function isMulticast(network: Network): boolean {
  return within(network, network.version === 4 ? '224.0.0.0/4' : 'ff00::/8')
}

function within(network: Network, text: string): boolean {
  const outer = parseNetwork(text)
  return outer !== undefined && networkWithin(network, outer)
}

/** The address is in the range: never across versions. */
export function inRange(address: Address, range: Range): boolean {
  if (address.version !== range.version) return false
  return (address.bits ^ range.bits) >> BigInt(width(range.version) - range.prefix) === 0n
}

function width(version: 4 | 6): number {
  return version === 4 ? 32 : 128
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.', 5)
  if (parts.length !== 4) return undefined
  let bits = 0n
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined
    bits = (bits << 8n) | BigInt(part)
  }
  return bits
}

function parseV6(text: string): bigint | undefined {
  // The longest form, with an embedded address, has 45 characters.
  if (text.length > 45) return undefined
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = groups(halves[0] ?? '', halves.length === 1)
  const tail = groups(halves[1] ?? '', true)
  if (head === undefined || tail === undefined) return undefined
  const zeros = 8 - head.length - tail.length
  if (halves.length === 1 ? zeros !== 0 : zeros < 1) return undefined
  return [...head, ...Array<bigint>(zeros).fill(0n), ...tail].reduce((bits, group) => (bits << 16n) | group, 0n)
}

/** The 16-bit groups of one side of `::`; `last`: an embedded IPv4 address may end it. */
function groups(text: string, last: boolean): bigint[] | undefined {
  if (text === '') return []
  const found: bigint[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (last && index === parts.length - 1 && part.includes('.')) {
      const embedded = parseV4(part)
      if (embedded === undefined) return undefined
      found.push(embedded >> 16n, embedded & 0xffffn)
    } else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) found.push(BigInt(`0x${part}`))
    else return undefined
  }
  return found
}

/** As it is written in policies: IPv6 in the form that RFC 5952 recommends. */
export function formatAddress(address: Address | Range): string {
  const text = address.version === 4 ? formatV4(address.bits) : formatV6(address.bits)
  return address.kind === 'cidr' ? `${text}/${address.prefix}` : text
}

function formatV4(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join('.')
}

function formatV6(bits: bigint): string {
  const parts = Array.from({ length: 8 }, (_, i) => ((bits >> BigInt(112 - 16 * i)) & 0xffffn).toString(16))
  let longest = ''
  for (const [zeros] of parts.join(':').matchAll(/\b0(?::0)+\b/g)) if (zeros.length > longest.length) longest = zeros
  const text = parts.join(':')
  if (longest === '') return text
  const start = text.search(new RegExp(`\\b${longest}\\b`))
  return `${text.slice(0, start).replace(/:$/, '')}::${text.slice(start + longest.length).replace(/^:/, '')}`
}
