/** The media type of a `Content-Type` (RFC 9110, section 8.3.1), without its parameters and in small letters; empty where there is none. */
export function mediaType(contentType: string | null | undefined): string {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
}
