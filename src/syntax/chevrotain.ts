// The only place that imports the parser library, which the build inlines.

export type {
  IParserErrorMessageProvider,
  ISyntacticContentAssistPath,
  IToken,
  ParserMethod,
  TokenType,
} from 'chevrotain'
export { createToken, EmbeddedActionsParser, EOF, Lexer } from 'chevrotain'
