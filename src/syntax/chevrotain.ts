// The only place that imports the parser library: the build replaces this file by a single-file bundle of what it names.

export type { IParserErrorMessageProvider, IToken, ParserMethod, TokenType } from 'chevrotain'
export { createToken, EmbeddedActionsParser, EOF, Lexer } from 'chevrotain'
