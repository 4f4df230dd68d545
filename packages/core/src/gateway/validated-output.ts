import { OutputInvalidError } from '../errors/upstream-errors.js';
import type { CompiledSchema } from '../schema/output-schema.js';
import { parseJson } from '../schema/parse-json.js';
import { issuesOf } from '../schema/zod-issues.js';
import type { Completion } from './gateway.js';

const FENCED = /^```(?:json)?[^\S\n]*\n([\s\S]*)```$/i;

const hasIssues = (error: unknown): error is Parameters<typeof issuesOf>[0] =>
  typeof error === 'object' && error !== null && 'issues' in error && Array.isArray(error.issues);

const parsed = (text: string, reason: string): unknown => {
  try {
    // Models without structured output like to put JSON in a code fence.
    return parseJson(FENCED.exec(text.trim())?.[1] ?? text);
  } catch {
    // Without the parser's error as cause: it quotes the answer, which may be private.
    const why = reason === 'length' ? ' The answer hit its token limit: raise `maxOutputTokens`.' : '';
    throw new OutputInvalidError(`The answer is not JSON.${why} See \`text\` of this error.`, text);
  }
};

/** The answer as the value that was asked for. @throws OutputInvalidError, with the answer's text and what does not fit */
export const validatedOutput = async <T>(
  schema: CompiledSchema<T>,
  answer: Pick<Completion<never>, 'text' | 'finishReason'>,
): Promise<T> => {
  const value = parsed(answer.text, answer.finishReason);
  try {
    return await schema.parse(value);
  } catch (cause) {
    if (!hasIssues(cause)) throw cause;
    const list = issuesOf(cause, [], 'output').map(({ field, message }) => `  - ${field}: ${message}`);
    throw new OutputInvalidError(`The answer does not fit the schema:\n${list.join('\n')}`, answer.text, { cause });
  }
};
