import { describe, expect, it } from 'vitest'
import { formatUrl, parseUrl } from '../../src/value/url.ts'

describe('a URL', () => {
  it.each([
    ['https://Example.COM/a', 'example.com', undefined, '/a'],
    ['https://example.com:443', 'example.com', undefined, '/'],
    ['https://example.com:8443/a/../b', 'example.com', 8443, '/b'],
    // Any notation of an IPv4 address is that address.
    ['http://0x7f.1/', '127.0.0.1', undefined, '/'],
    ['http://2130706433/', '127.0.0.1', undefined, '/'],
    ['http://[::1]:80/', '[::1]', undefined, '/'],
    ['ssh://Git.Example.com/x', 'git.example.com', undefined, '/x'],
    ['https://example.com#@evil.com', 'example.com', undefined, '/'],
    ['https://example.com/@evil.com', 'example.com', undefined, '/@evil.com'],
  ])('%s has the host %s', (text, host, port, path) => {
    expect(parseUrl(text)).toMatchObject({ host, path, ...(port === undefined ? {} : { port }) })
  })

  it.each([
    '',
    'example.com',
    '/relative',
    '//example.com',
    'https:example.com',
    'https:///example.com',
    'https://',
    'file:///etc/passwd',
    'javascript:alert(1)',
    // What parsers disagree about.
    'https://user@example.com/',
    'https://example.com\\@evil.com/',
    'https://exam\tple.com/',
    ' https://example.com/',
    'https://example.com /',
    'https://ex%61mple.com/',
    'https://example.com./',
    'https://b\u00fccher.example/',
    'https://example.com/\ud800',
    'https://1.2.3.4.5/',
  ])('%j is refused', (text) => expect(parseUrl(text)).toBeUndefined())

  it('written out keeps scheme, host, port, path and query', () => {
    const url = parseUrl('https://example.com:8443/a?b=1#c')
    expect(url && formatUrl(url)).toBe('https://example.com:8443/a?b=1')
  })
})
